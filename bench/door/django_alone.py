"""The same program with the door holding nothing: no host is its own, so that Django answers every request."""

from backnumber import asgi

application = asgi.application
application.hosts = frozenset()
