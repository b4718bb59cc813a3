"""The codes that redeem gifts. A code is made from a secret of the site, the gift and its edition, so that a card can be printed again and
nothing that opens a gift is kept; what is kept is a digest, to find the gift by.

80 bits: 16 letters and figures that somebody can type from a card. Wrong ones are limited besides (`readers.limits`).
"""

import base64
import hashlib
import hmac
import re

from backnumber.presents.models import Present
from backnumber.readers.keyrings import keyring_of

_CODE_BYTES = 10
# RFC 4648 without letters that are mistaken for one another: what is typed as O, I, L or U is read as 0, 1, 1, V.
_RFC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_OURS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: https://www.crockford.com/base32.html
_WRITTEN = str.maketrans(_RFC, _OURS)
_READ = str.maketrans("OILU", "011V")
_PLAIN = re.compile(r"[0-9A-Z]{16}\Z")


def code_of(present: Present) -> str:
    """Promise: the present code, in groups of four; empty when it has none, or the secret it was made from is gone."""
    keys = keyring_of("present").keys
    made = (_made(key, present.key, present.edition) for key in keys)
    return next((_grouped(one) for one in made if digest_of(one) == present.code_digest), "")


def renew(present: Present) -> None:
    """Promise: it has a new code, and the one before opens nothing. The caller holds its row, and saves it."""
    present.edition += 1
    present.code_digest = digest_of(_made(keyring_of("present").keys[0], present.key, present.edition))


def plain(typed: str) -> str:
    """Promise: a code as it is compared: capitals, hyphens and spaces are the same; empty for what cannot be one."""
    squeezed = re.sub(r"[\s\-‐-―]", "", typed[:80]).upper().translate(_READ)
    return squeezed if _PLAIN.match(squeezed) else ""


def digest_of(plain_code: str) -> str:
    return hashlib.sha256(f"backnumber.presents:{plain_code}".encode()).hexdigest()


def _made(key: bytes, present: str, edition: int) -> str:
    mac = hmac.digest(key, f"{present}.{edition}".encode(), "sha256")[:_CODE_BYTES]
    return base64.b32encode(mac).decode().translate(_WRITTEN)


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
