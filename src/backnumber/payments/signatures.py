"""How our own providers sign what they tell: HMAC-SHA256 over "timestamp.body", written `t=…,v1=…`. Pure."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def sign(body: bytes, secret: bytes, at: datetime) -> str:
    """Promise: the header's value."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_digest(stamp, body, secret)}"


def is_genuine(header: str, body: bytes, secret: bytes, now: datetime) -> bool:
    """Promise: whether the holder of the secret signed this body within the tolerance of `now`."""
    match = _FORM.fullmatch(header)
    if match is None:
        return False
    stamp, claimed = match.groups()
    fresh = abs(now.timestamp() - int(stamp)) <= TOLERANCE.total_seconds()
    return hmac.compare_digest(_digest(stamp, body, secret), claimed) and fresh


def _digest(stamp: str, body: bytes, secret: bytes) -> str:
    return hmac.new(secret, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
