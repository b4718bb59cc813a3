"""Decides claims and terms: what counts as the same number, surname and postcode, and what a print term
opens.

Pure: it knows neither the database nor the clock.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from zoneinfo import ZoneInfo

from backnumber.circulation.names import label_keys, surname_keys, typed_keys

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def number_key(number: str) -> str:
    """Promise: a subscriber number as a claim compares it: letters and digits only, upper case, O as 0, I and
    L as 1.
    """
    return _alphanumeric(number).upper().translate(_LOOKS_LIKE)


def number_parts(number: str) -> tuple[str, str]:
    """Promise: the letters before a number, and the number without leading zeros: "HG-0012345" is ("HG", "12345"). Two
    empty strings for what is no number with letters before it.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKD", number).upper())
    letters = words.pop(0) if len(words) > 1 and words[0].isalpha() else ""
    found = re.fullmatch(r"([^\W\d_]*)(\w+)", "".join(words)) if words else None
    if found is None:
        return "", ""
    before, rest = (letters + found[1]).rstrip("O"), found[2].translate(_LOOKS_LIKE)
    is_number = rest.isascii() and rest.isdigit() and bool(rest.strip("0"))
    return (before, rest.lstrip("0")) if is_number else ("", "")


def digits_key(number: str) -> str:
    """Promise: what a number is found by when its letters or zeros are left out; empty where there is no such thing."""
    return number_parts(number)[1]


def postcode_key(postcode: str) -> str:
    """Promise: a postcode as a claim compares it, by the same liberties as a number; without the country's letters
    before figures ("D-10117").
    """
    plain = unicodedata.normalize("NFKD", postcode).strip().upper()
    return number_key(re.sub(r"^[A-Z]{1,3}\s*[-‐‑–—]\s*(?=\d[\d\s]*\Z)", "", plain))


def _alphanumeric(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the reader typed."""

    number: str
    surname: str
    postcode: str


@dataclass(frozen=True, slots=True)
class OnFile:
    """What a claim is compared with. `postcode_needed` is false where letters arrive without one."""

    key: int
    number: str
    name: str
    surname: str
    postcode: str
    postcode_needed: bool
    starts_on: date
    ends_on: date
    active: bool
    reader: int | None
    country: str = ""


class Outcome(StrEnum):
    """What a claim comes to."""

    MATCHED = "matched"
    ALREADY_YOURS = "already-yours"
    EXPIRED = "expired"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`key` names the print subscription that was recognised; None for a case."""

    outcome: Outcome
    key: int | None = None
    ended_on: date | None = None


def weigh(claimed: Claimed, on_file: Iterable[OnFile], reader: int, today: date) -> Verdict:
    """Promise: what the claim comes to. Whatever is doubtful, taken by another reader or matches twice is a
    case for a person.
    """
    like = [one for one in on_file if is_same(claimed, one)]
    found = [one for one in like if number_key(claimed.number) == number_key(one.number)] or like
    if len(found) != 1:
        return Verdict(Outcome.CASE)
    one = found[0]
    if one.reader not in (None, reader):
        return Verdict(Outcome.CASE)
    if not one.active or one.ends_on < today:
        return Verdict(Outcome.EXPIRED, one.key, min(one.ends_on, today) if not one.active else one.ends_on)
    return Verdict(Outcome.ALREADY_YOURS if one.reader == reader else Outcome.MATCHED, one.key)


def is_same(claimed: Claimed, one: OnFile) -> bool:
    """Promise: number, surname and postcode are the same, by the liberties above. The number's letters and leading zeros
    may be missing: `weigh` then sees to it that it is the only one.
    """
    return _same_number(claimed, one) and _same_surname(claimed, one) and _same_postcode(claimed, one)


def _same_number(claimed: Claimed, one: OnFile) -> bool:
    key = number_key(claimed.number)
    if not key:
        return False
    (letters, digits), (filed_letters, filed_digits) = number_parts(claimed.number), number_parts(one.number)
    shortened = bool(digits) and digits == filed_digits and letters in {"", filed_letters}
    return key == number_key(one.number) or shortened


def _same_surname(claimed: Claimed, one: OnFile) -> bool:
    """The whole name typed where the surname was asked for is the same too."""
    return bool(typed_keys(claimed.surname) & label_keys(one.surname, one.name))


_WITH_ZIP = frozenset({"", "US", "PR", "GU", "VI", "AS", "MP"})


def _same_postcode(claimed: Claimed, one: OnFile) -> bool:
    typed, filed = postcode_key(claimed.postcode), postcode_key(one.postcode)
    if not filed:
        return not one.postcode_needed
    if typed == filed:
        return True
    if not (typed.isdigit() and filed.isdigit()):
        return False
    if typed.lstrip("0") == filed.lstrip("0"):  # spreadsheets drop leading zeros
        return True
    return one.country in _WITH_ZIP and {len(typed), len(filed)} == {5, 9} and typed[:5] == filed[:5]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a print subscription is to what was typed: each from 0 to 1."""

    number: float
    surname: float
    postcode: float

    @property
    def whole(self) -> float:
        return (3 * self.number + 2 * self.surname + 2 * self.postcode) / 7


def likeness(claimed: Claimed, one: OnFile) -> Likeness:
    """Promise: how near `one` is to the claim, for the person who decides. It never decides."""
    surnames = [_ratio(a, b) for a in surname_keys(claimed.surname) for b in surname_keys(one.surname)]
    return Likeness(
        number=_ratio(number_key(claimed.number), number_key(one.number)),
        surname=max(surnames, default=0.0),
        postcode=_ratio(postcode_key(claimed.postcode), postcode_key(one.postcode)),
    )


def _ratio(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio() if a and b else 0.0


def starts_at(day: date, zone: ZoneInfo) -> datetime:
    """Promise: the instant the day begins in `zone`, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def ends_at(day: date, zone: ZoneInfo) -> datetime:
    """Promise: the instant just after the day's last moment in `zone`, in UTC: an exclusive end."""
    return starts_at(day + timedelta(days=1), zone)


def continued_start(old_start: date, old_end: date, new_start: date) -> date:
    """Promise: the day a renewed term began when it follows the old one without a gap; else its own first
    day.

    A file that names only the term paid last must not shut out the reader whose old term still runs.
    """
    return old_start if old_start <= new_start <= old_end + timedelta(days=1) else new_start
