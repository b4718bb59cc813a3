"""The meter: how many metered articles somebody without a right may read in a while, and which they have read."""
