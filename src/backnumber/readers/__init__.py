"""Accounts, sign-in, privacy. It knows nothing of what a reader may read."""
