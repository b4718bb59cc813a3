"""The key by which readers are told apart in what was used, and by which nobody can be found."""

import hashlib

from django.conf import settings


def digest_key() -> bytes:
    """Promise: 32 bytes that only this installation has; with a new secret key readers count as new ones."""
    return hashlib.sha256(b"backnumber.usage" + settings.SECRET_KEY.encode()).digest()
