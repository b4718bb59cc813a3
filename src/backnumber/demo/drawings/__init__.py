"""Drawings made by code for the demo’s articles."""
