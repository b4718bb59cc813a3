"""The smallest expressions of time: a day, a month, a year, a century, a feast. What joins them is in `composing.py`, and what only a
neighbour can settle ("in June") in `anchors.py`. Every pattern is matched at one place, has no repetition inside a repetition, and
reaches a bounded way, so the work grows with the length of the text and no faster.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from backnumber.chronology import calendars
from backnumber.chronology.spans import Point, Span, astronomical

TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
ERA = r"(B\.\s?C\.(?:\s?E\.)?|BCE?\b|bce?\b|A\.\s?D\.|AD\b|C\.\s?E\.|CE\b)"
EARLIEST, LATEST = 1000, 2029  # a bare number of four figures in between is taken for a year
FAR = 70  # characters that a look back may reach


@dataclass(slots=True)
class Atom:
    """`span` is None while only a neighbour can say: then `wants` tells what is known, as (what, numbers...)."""

    start: int
    end: int
    rule: str
    span: Span | None = None
    wants: tuple[str, ...] | None = None
    numbers: tuple[int, ...] = ()
    confidence: float = 0.95
    narrative: bool = True
    part: str = ""


class Token(NamedTuple):
    start: int
    end: int
    word: str


def tokens_of(text: str) -> list[Token]:
    return [Token(match.start(), match.end(), match[0]) for match in TOKEN.finditer(text)]


def is_bc(era: str | None) -> bool:
    return era is not None and era[0] in "Bb"


def day_span(points: list[Point], rule_calendar: str = "") -> Span:
    unit = {1: "year", 2: "month", 3: "day"}[len(points[-1])]
    return Span(points[0], points[-1], unit, calendar=rule_calendar or calendars.calendar_of(points[-1]))


_YEAR_TAIL = re.compile(
    r"(?:,|\.)?\s{1,2}(?:(?:of|in)\s)?(?:the\syear\s)?(?:A\.?\s?D\.?\s)?([0-9]{1,4})(?:([/-])([0-9]{1,4}))?(?![0-9]|[,.][0-9])(?:,?\s?"
    + ERA
    + r")?"
)


_AFTER_SHORT = re.compile(
    r"$|[.,;:)\]?!-]|\s(?:and|but|the|he|she|it|they|when|after|by|with|that|his|to|at|was|were|in|on|an?)\b"
)
DOUBLE_UNTIL = (
    1752  # the last year whose beginning was written double in England, also with a hyphen: 1663-64
)


def year_tail(text: str, at: int) -> tuple[int, int, bool] | None:
    """Promise: the year after a day or a month: (astronomical year, end, whether it was written double: 1648/9)."""
    match = _YEAR_TAIL.match(text, at)
    if not match:
        return None
    figures, era = match[1], match[4]
    if (
        len(figures) < 3
        and not era
        and not text[match.start() : match.start(1)].rstrip().endswith(("D", "D.", "year"))
    ):
        return None
    year = int(figures)
    if year == 0 or (not era and year > LATEST):
        return None
    if len(figures) == 3 and not era and not _AFTER_SHORT.match(text, match.end()):
        return None
    if match[3]:
        if completed(figures, match[3]) == year + 1 and (match[2] == "/" or year < DOUBLE_UNTIL):
            return year + 1, match.end(), True
        return astronomical(year, False), match.end(1), False
    return astronomical(year, is_bc(era)), match.end(), False


def completed(head: str, tail: str) -> int | None:
    """Promise: the year that a short right-hand year means: "1928-39", "1899-02" is 1902; None if it says nothing later."""
    first, last = int(head), int(tail)
    if len(tail) < len(head):
        last = int(head[: -len(tail)] + tail)
        if last <= first:
            last += 10 ** len(tail) if len(tail) > 1 else 0
    return last if last > first else None
