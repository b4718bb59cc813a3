"""What readers used: one row for each article shown, as it was when it was shown. The door writes them."""
