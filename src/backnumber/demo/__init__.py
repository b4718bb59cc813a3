"""The demo magazine: its articles, its people, and the pages that let a visitor be each of them. Never in production."""
