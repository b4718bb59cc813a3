"""Sealed text: what the site gives a browser to bring back, and knows again for its own.

A seal is HMAC-SHA256 cut to 128 bits (RFC 2104, section 5), over the purpose and the content, in base64url without padding.
The first key seals; all open, so that a key can be changed while what the old one sealed runs out.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

SEAL_BYTES = 16
LONGEST = 3_000  # a browser keeps about 4,000 bytes in a cookie
_OUR_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one purpose, made from the site's secret keys, the present one first."""

    keys: tuple[bytes, ...]

    def seal(self, content: bytes) -> str:
        return base64.urlsafe_b64encode(_mac(self.keys[0], content) + content).rstrip(b"=").decode()

    def opened(self, text: str) -> bytes | None:
        """Promise: what we sealed under one of the keys, as it was; None for any other text."""
        if not text or len(text) > LONGEST or not _OUR_ALPHABET.issuperset(text):
            return None
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != text:
            return None  # one sealed text has one spelling
        seal, content = sealed[:SEAL_BYTES], sealed[SEAL_BYTES:]
        for key in self.keys:
            if hmac.compare_digest(_mac(key, content), seal):
                return content
        return None


def keyring(purpose: str, secrets: tuple[str, ...]) -> Keyring:
    """Promise: keys that seal for this purpose alone. Errors: ValueError without a secret."""
    if not secrets or not all(secrets):
        raise ValueError("a seal needs a secret key")
    return Keyring(
        tuple(
            hashlib.sha256(f"backnumber.edge.page.{purpose}:{secret}".encode()).digest() for secret in secrets
        )
    )


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")[:SEAL_BYTES]
