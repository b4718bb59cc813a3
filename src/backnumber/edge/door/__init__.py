"""The door: plain ASGI, from a request to a stored page to bytes, by the one rule. It must not know Django."""
