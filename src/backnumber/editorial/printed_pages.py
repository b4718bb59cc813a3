"""The printed pages of an issue's pieces: what they say, which pages nobody claims, which are claimed twice. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROMAN = re.compile("(?=.)c{0,3}(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_WORTH = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LONGEST = 2_000
"""No piece has more pages: it is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as it stands in the running order, its pages as they were typed."""

    name: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Span:
    """Pages of one sequence, both ends among them: Roman pages are a sequence of their own."""

    first: int
    last: int
    is_roman: bool = False

    def __str__(self) -> str:
        ends = [_roman(n) if self.is_roman else str(n) for n in (self.first, self.last)]
        return f"page {ends[0]}" if ends[0] == ends[1] else f"pages {ends[0]}–{ends[1]}"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about the pages. `is_fault`: it cannot be as it was printed; else it may be, as an advertisement or a shared page."""

    text: str
    is_fault: bool


def span_of(first: str, last: str) -> Span | None:
    """Promise: the pages "12" and "19", or "iv" and "x", stand for; the last may be missing. None for no pages.

    Errors: ValueError, with a sentence that says what to do.
    """
    first, last = first.strip().casefold(), last.strip().casefold()
    if not first and not last:
        return None
    if not first:
        raise ValueError("has a last page and no first: type the first.")
    begin, end = _number(first), _number(last or first)
    if begin is None or end is None:
        raise ValueError(
            f"has pages that are no numbers ({first}–{last or first}): type numbers like 12 or iv."
        )
    if begin[1] != end[1]:
        raise ValueError("begins with one kind of number and ends with another: type both alike.")
    if end[0] < begin[0] or end[0] - begin[0] > _LONGEST:
        raise ValueError(
            f"ends on page {last} before it begins on page {first}, or is too long: look at both."
        )
    return Span(begin[0], end[0], begin[1])


def remarks(pieces: Sequence[Piece], first: str = "", last: str = "") -> list[Remark]:
    """Promise: what is to be said of the pages of `pieces`, in running order, of an issue that runs from `first` to `last`; those are
    empty when nobody knows them. Faults first.
    """
    found: list[Remark] = []
    spans: list[tuple[Span, str]] = []
    for piece in pieces:
        try:
            span = span_of(piece.first, piece.last)
        except ValueError as why:
            found.append(Remark(f"“{piece.name}” {why}", is_fault=True))
            continue
        if span is None:
            found.append(Remark(f"“{piece.name}” has no pages.", is_fault=False))
        else:
            spans.append((span, piece.name))
    try:
        whole = span_of(first, last)
    except ValueError as why:
        found.append(Remark(f"The issue {why}", is_fault=True))
        whole = None
    for is_roman in (True, False):
        of_kind = [one for one in spans if one[0].is_roman == is_roman]
        of_whole = whole if whole is not None and whole.is_roman == is_roman and last else None
        found += [*_out_of_order(of_kind), *_together(of_kind, of_whole)]
    return sorted(found, key=lambda one: not one.is_fault)


def _together(spans: Sequence[tuple[Span, str]], whole: Span | None) -> list[Remark]:
    """Gaps, overlaps, shared pages, and what lies outside the issue."""
    found: list[Remark] = []
    ordered = sorted(spans, key=lambda one: (one[0].first, one[0].last))
    covered, by = (whole.first - 1, "") if whole else (None, "")
    for span, name in ordered:
        if whole and (span.first < whole.first or span.last > whole.last):
            found.append(Remark(f"“{name}” ({span}) lies outside the issue ({whole}).", is_fault=True))
        if covered is not None and span.first > covered + 1:
            found.append(_gap(covered + 1, span.first - 1, span.is_roman))
        if by and covered is not None and span.first <= covered:
            found.append(_overlap(Span(span.first, min(covered, span.last), span.is_roman), by, name, span))
        if covered is None or span.last > covered:
            covered, by = span.last, name
    if whole and covered is not None and covered < whole.last:
        found.append(_gap(covered + 1, whole.last, whole.is_roman))
    return found


def _gap(first: int, last: int, is_roman: bool) -> Remark:
    where = str(Span(first, last, is_roman))
    return Remark(f"{where[0].upper()}{where[1:]}: no piece says it is there.", is_fault=False)


def _overlap(shared: Span, one: str, other: str, span: Span) -> Remark:
    where = str(shared)
    is_edge = shared.first == shared.last == span.first
    told = f"{where[0].upper()}{where[1:]}: in “{one}” and in “{other}”"
    return Remark(f"{told}{', which share it' if is_edge else ''}.", is_fault=not is_edge)


def _out_of_order(spans: Sequence[tuple[Span, str]]) -> list[Remark]:
    found = []
    for (before, name), (after, other) in pairwise(spans):
        if after.first < before.first:
            found.append(Remark(f"“{other}” ({after}) stands after “{name}” ({before}).", is_fault=False))
    return found


def _number(typed: str) -> tuple[int, bool] | None:
    if typed.isascii() and typed.isdecimal() and len(typed) < 7:
        return int(typed), False
    if _ROMAN.fullmatch(typed):
        worth = [_WORTH[letter] for letter in typed]
        return sum(-n if n < max(worth[i:]) else n for i, n in enumerate(worth)), True
    return None


def _roman(number: int) -> str:
    out = ""
    for worth, letters in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
        while number >= worth:
            out, number = out + letters, number - worth
    return out
