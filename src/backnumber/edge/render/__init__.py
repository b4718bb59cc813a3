"""Renders pages for the door and keeps them in PostgreSQL; the database itself notes what makes one void."""
