"""Decides claims and terms: what counts as the same number, surname and postcode, and what a print term
opens.

Pure: it knows neither the database nor the clock.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from zoneinfo import ZoneInfo

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_PARTICLES = frozenset(
    [
        "a",
        "al",
        "af",
        "av",
        "d",
        "da",
        "dal",
        "dall",
        "dalla",
        "de",
        "degli",
        "dei",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "het",
        "i",
        "in",
        "la",
        "las",
        "le",
        "los",
        "o",
        "of",
        "'t",
        "t",
        "te",
        "ten",
        "ter",
        "the",
        "tot",
        "und",
        "v",
        "van",
        "vom",
        "von",
        "y",
        "zu",
        "zum",
        "zur",
    ]
)
_AFTER_THE_NAME = frozenset(
    [
        "jr",
        "sr",
        "jun",
        "sen",
        "junior",
        "senior",
        "ii",
        "iii",
        "iv",
        "esq",
        "obe",
        "mbe",
        "cbe",
        "kbe",
        "dbe",
        "phd",
        "ma",
        "ba",
        "bsc",
        "dphil",
        "md",
        "qc",
        "kc",
        "jp",
        "fba",
        "frs",
    ]
)


def number_key(number: str) -> str:
    """Promise: a subscriber number as a claim compares it: letters and digits only, upper case, O as 0, I and
    L as 1.
    """
    return _alphanumeric(number).upper().translate(_LOOKS_LIKE)


def postcode_key(postcode: str) -> str:
    """Promise: a postcode as a claim compares it, by the same liberties as a number."""
    return number_key(postcode)


def surname_keys(surname: str) -> frozenset[str]:
    """Promise: the forms in which a surname may match, without accents, particles, hyphens and case; "Müller"
    is also "Mueller".
    """
    words = _words(surname)
    keys = {_folded(words, umlauts=False), _folded(words, umlauts=True)}
    return frozenset(key for key in keys if key)


def surname_of(name: str) -> str:
    """Promise: the surname of a name as printed on a label: what follows the comma's left, or the last word
    with its particles.
    """
    if "," in name:
        head, _, rest = name.partition(",")
        if not all(_plain(word) in _AFTER_THE_NAME for word in rest.split()):
            return head.strip()
        name = head
    words = name.split()
    while len(words) > 1 and _plain(words[-1]) in _AFTER_THE_NAME:
        words.pop()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower() and _plain(words[start - 1]) in _PARTICLES:
        start -= 1
    return " ".join(words[max(start, 0) :])


def _alphanumeric(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


def _plain(text: str) -> str:
    return _alphanumeric(text.casefold().translate(_LETTERS))


def _words(surname: str) -> list[str]:
    for joint in "-‐‑‒–—'’`´.":
        surname = surname.replace(joint, " " if joint not in "'’`´" else "")
    return surname.casefold().split()


def _folded(words: Sequence[str], *, umlauts: bool) -> str:
    spelt = [
        _plain(unicodedata.normalize("NFC", word).translate(_UMLAUTS) if umlauts else word) for word in words
    ]
    return "".join(word for word in spelt if word not in _PARTICLES) or "".join(spelt)


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
    found = [one for one in on_file if is_same(claimed, one)]
    if len(found) != 1:
        return Verdict(Outcome.CASE)
    one = found[0]
    if one.reader not in (None, reader):
        return Verdict(Outcome.CASE)
    if not one.active or one.ends_on < today:
        return Verdict(Outcome.EXPIRED, one.key, min(one.ends_on, today) if not one.active else one.ends_on)
    return Verdict(Outcome.ALREADY_YOURS if one.reader == reader else Outcome.MATCHED, one.key)


def is_same(claimed: Claimed, one: OnFile) -> bool:
    """Promise: number, surname and postcode are the same, by the liberties above."""
    number = number_key(claimed.number)
    return (
        bool(number)
        and number == number_key(one.number)
        and _same_surname(claimed, one)
        and _same_postcode(claimed, one)
    )


def _same_surname(claimed: Claimed, one: OnFile) -> bool:
    """The whole name typed where the surname was asked for is the same too."""
    typed = surname_keys(claimed.surname)
    return bool(typed & surname_keys(one.surname)) or bool(typed & surname_keys(one.name))


def _same_postcode(claimed: Claimed, one: OnFile) -> bool:
    if not postcode_key(one.postcode):
        return not one.postcode_needed
    return postcode_key(claimed.postcode) == postcode_key(one.postcode)


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
