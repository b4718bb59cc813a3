"""Asks the rule with what the database holds, and words the block a reader meets when it is shut."""
