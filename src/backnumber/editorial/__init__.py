"""The editors' desk: the archive in the admin, roles, pictures, and an article's policy and its source."""
