"""What the till signs its webhooks with, and where the signature stands."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from backnumber.payments.signatures import TOLERANCE, is_genuine, sign

__all__ = ["HEADER", "TOLERANCE", "is_genuine", "secret", "sign"]

HEADER = "Till-Signature"


def secret() -> bytes:
    """Promise: TILL_SECRET, else derived from the secret key."""
    given: str = settings.TILL_SECRET
    return (
        given.encode() if given else salted_hmac("backnumber.till", "webhooks", algorithm="sha256").digest()
    )
