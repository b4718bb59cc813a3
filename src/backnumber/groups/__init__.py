"""Group subscriptions: a class, a society or a small library pays for a number of seats, and its owner invites who takes them."""
