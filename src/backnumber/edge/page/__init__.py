"""Stored pages and what the door needs to send them: slots, seals, the pass, tokens, networks. Pure: knows no Django."""
