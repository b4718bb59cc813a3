"""The embedded PostgreSQL: a Django database backend that starts it at the first connection."""
