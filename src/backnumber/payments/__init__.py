"""Payment providers, each in a folder of its own, and what we asked and heard of them."""
