"""The benchmark of the front door: its ground, its load, what it is compared with, and its parts."""
