"""What is allowed without a right of one's own: the meter of readers with an account, and the gift links of subscribers."""
