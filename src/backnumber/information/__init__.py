"""What the magazine says of itself: terms, privacy, refunds, who makes it; pages that staff write."""
