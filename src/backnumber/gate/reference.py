"""The short code a reader sends with "why can't I read this?": it says which article, why, who and when, and
needs no row.

A page for nobody is rendered once and stored, so its code carries no time. A code that was altered or mistyped is
known for one. It is Crockford's base 32 (https://www.crockford.com/base32.html), in groups of four: `7KQ2-M0XD-93VT-A1F8`.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from backnumber.access import Reason

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u2011": None, "\u2013": None})
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_MINUTE_BITS = 24  # until 2056
_REASON_BITS = 5
_SEAL_BITS = 20  # at least; the code is filled up to a group of four with more
_GROUP_BITS = 20
# The order is what codes already sent mean by a number: add at the end only.
_REASONS = (
    Reason.NO_ACCOUNT,
    Reason.NO_GRANT,
    Reason.LAPSED,
    Reason.NOT_BEGUN,
    Reason.REVOKED,
    Reason.OTHER_ISSUES,
    Reason.CLAIM_PENDING,
    Reason.PRINT_UNCLAIMED,
    Reason.UNKNOWN_POLICY,
    Reason.OPEN,
    Reason.SIGNED_IN,
    Reason.FREE_NOW,
    Reason.GRANT,
    Reason.FREE_BY_AGE,
    Reason.FREE_WHILE_NEW,
    Reason.LICENCE,
    Reason.GIFT,
    Reason.METERED,
    Reason.EMBARGOED,
    Reason.METER_SPENT,
    Reason.NOT_COUNTED,
    Reason.GIFT_ENDED,
)


@dataclass(frozen=True, slots=True)
class ReferenceFacts:
    """What a code says. `reader` is None for nobody; `made_at` is the minute of a reader's page view.

    Nobody's page is the same at every view, so `made_at` is None for nobody; codes from before it was kept have it.
    """

    article: int
    reason: Reason
    reader: int | None
    made_at: datetime | None


def make(article: int, reason: Reason, reader: int | None, now: datetime) -> str:
    """Promise: 16 characters for nobody, 20 for a reader, in groups of four; the same for a reader within the same
    minute, and for nobody always.

    Errors: ValueError before 2025, after 2056, or for a number below zero.
    """
    return _code(article, reason, reader, now if reader else None)


def _code(article: int, reason: Reason, reader: int | None, made_at: datetime | None) -> str:
    minutes = (made_at - _EPOCH) // timedelta(minutes=1) if made_at else 0
    if not 0 <= minutes < 1 << _MINUTE_BITS:
        raise ValueError("no reference for that time")
    numbers = _number(article) + _number(reader or 0)
    facts = f"{minutes:0{_MINUTE_BITS}b}{_REASONS.index(reason):0{_REASON_BITS}b}{numbers}"
    length = -(-(len(facts) + _SEAL_BITS) // _GROUP_BITS) * _GROUP_BITS
    bits = facts + _seal(facts, length - len(facts))
    figures = "".join(_ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, length, 5))
    return "-".join(figures[at : at + 4] for at in range(0, len(figures), 4))


def read(code: str) -> ReferenceFacts | None:
    """Promise: what a code of ours says, however it is spaced and whether O stands for 0; None for any other
    text.
    """
    figures = code.strip().upper().translate(_MISREAD)
    if not figures or len(figures) > 40 or set(figures) - set(_ALPHABET):
        return None
    facts = _facts("".join(f"{_ALPHABET.index(figure):05b}" for figure in figures))
    if facts is None:
        return None
    meant = _code(facts.article, facts.reason, facts.reader, facts.made_at).replace("-", "")
    return facts if hmac.compare_digest(meant, figures) else None


def _facts(bits: str) -> ReferenceFacts | None:
    reason_at, numbers_at = _MINUTE_BITS, _MINUTE_BITS + _REASON_BITS
    if len(bits) < numbers_at + _SEAL_BITS or int(bits[reason_at:numbers_at], 2) >= len(_REASONS):
        return None
    article, at = _read_number(bits, numbers_at)
    reader, at = _read_number(bits, at)
    if at > len(bits):
        return None
    minutes = int(bits[:reason_at], 2)
    made_at = _EPOCH + timedelta(minutes=minutes) if reader or minutes else None
    return ReferenceFacts(article, _REASONS[int(bits[reason_at:numbers_at], 2)], reader or None, made_at)


def _number(value: int) -> str:
    """Groups of three bits, the least first, each with a bit before it that says whether another follows."""
    if value < 0:
        raise ValueError("a key is no number below zero")
    bits = ""
    while True:
        value, low = value >> 3, value & 7
        bits += f"{int(value > 0)}{low:03b}"
        if not value:
            return bits


def _read_number(bits: str, at: int) -> tuple[int, int]:
    value = shift = 0
    while at + 4 <= len(bits):
        value |= int(bits[at + 1 : at + 4], 2) << shift
        shift, at = shift + 3, at + 4
        if bits[at - 4] == "0":
            return value, at
    return value, len(bits) + 1


def _seal(facts: str, bits: int) -> str:
    key = hashlib.sha256(b"backnumber.gate.reference" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.new(key, facts.encode(), hashlib.sha256).digest()
    return "".join(f"{byte:08b}" for byte in digest)[:bits]
