"""What is for sale, where, and for how much."""
