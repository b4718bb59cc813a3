"""Backnumber: the platform of a history magazine's paid archive."""

__version__ = "0.1.0"
