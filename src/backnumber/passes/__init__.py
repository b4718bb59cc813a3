"""Passes for the door: issued to readers for a few minutes, and voided as soon as what they say has changed."""
