"""The weekly long read: one article free for its week, and mailed to whoever asked for it."""
