"""The benchmark of the door: its site, its load, what it is compared with, and its parts."""
