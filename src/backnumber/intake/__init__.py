"""Bringing an old archive in: one HTML file an issue, or a WordPress export. See docs/import.md."""
