"""Printed pages and what the front door needs to send them: the seal, the pass, tokens, places. Pure: knows no Django."""
