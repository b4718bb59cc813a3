"""Which seats fit into what was paid for, and what of a pasted list is an address. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_LIST = 20_000  # characters
_NAMED = re.compile(r".*<\s*([^<>\s]+)\s*>\s*")
_PARTED = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was not invited, as it was typed, and why."""

    line: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a pasted list holds: addresses, each once, and lines that are none."""

    emails: tuple[str, ...]
    bad: tuple[BadLine, ...]


def addresses_in(pasted: str) -> Listed:
    """Promise: one address a line: "ann@example.org", also with a name as mail programs write it, and with a comma or semicolon at its end.
    Empty lines are nothing; an address that stands there twice counts once.
    """
    emails: dict[str, str] = {}
    bad = []
    for line in _PARTED.split(pasted):
        typed = line.strip().strip(",;").strip()
        if not typed:
            continue
        named = _NAMED.fullmatch(typed)
        email = named[1] if named else typed
        try:
            validate_email(email)
        except ValidationError:
            bad.append(BadLine(line.strip()[:200], "is no e-mail address. Write one address a line."))
            continue
        emails.setdefault(email.lower(), email)
    return Listed(tuple(emails.values()), tuple(bad))


def seated(taken: Sequence[int], seats: int) -> tuple[int, ...]:
    """Promise: of the keys of seats that are taken, in the order in which they were, those for which there is room."""
    return tuple(taken[:seats])


def free(seats: int, kept: Iterable[int]) -> int:
    """Promise: how many more may be invited: an open invitation keeps its seat."""
    return max(0, seats - sum(1 for _ in kept))
