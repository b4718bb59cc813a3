"""The ledger: who may read what, from when, until when, and on what evidence."""
