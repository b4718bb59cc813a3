"""What news of payments on invoice are signed with, and where the signature stands."""

from django.utils.crypto import salted_hmac

HEADER = "Invoice-Signature"


def secret() -> bytes:
    """Promise: derived from the secret key; the server tells itself."""
    return salted_hmac("backnumber.invoice", "webhooks", algorithm="sha256").digest()
