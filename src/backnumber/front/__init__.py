"""The front door: plain ASGI, from an address to a printed page to bytes, by the one rule. It must not know Django."""
