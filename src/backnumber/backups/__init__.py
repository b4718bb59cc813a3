"""Backups: one file with the database and the pictures, checked when it is made and when it is read."""
