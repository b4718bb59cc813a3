"""Links by which a subscriber gives an article to somebody who has no right to it."""
