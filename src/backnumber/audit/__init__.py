"""What staff changed: who, when, what, from, to and why. The database writes it, and refuses to change it."""
