"""Years as a reader reads and types them: BC and AD, spans, decades, centuries. Pure. Years are astronomical, spans half-open."""

import re

FIRST, LAST = -9_999, 3_000
_TYPED = re.compile(r"(?:ad|ce)?\s*(\d{1,4})\s*(bc|bce|b\.c\.|ad|ce|a\.d\.)?", re.IGNORECASE)


class Unclear(ValueError):
    """What was typed is no year; the message says what would be."""


def of_year(year: int) -> str:
    """ "44 BC", "AD 9", "1348"."""
    if year <= 0:
        return f"{1 - year} BC"
    return f"AD {year}" if year < 100 else str(year)


def of_years(lo: int | None, hi: int | None) -> str:
    """ "1340–1360", "from 1850", "44–30 BC"; a span of one year is that year."""
    if lo is None:
        return f"to {of_year(hi - 1)}" if hi is not None else "always"
    if hi is None:
        return f"from {of_year(lo)}"
    last = hi - 1
    if lo == last:
        return of_year(lo)
    if last <= 0:
        return f"{1 - lo}–{1 - last} BC"
    return f"{of_year(lo)}–{last}" if lo > 0 else f"{of_year(lo)}–{of_year(last)}"


def of_span(unit: int, start: int) -> str:
    """What a span of the timeline is called: "1348", "1340s", "14th century", "2nd millennium BC"."""
    if unit == 1:
        return of_year(start)
    if unit == 10:
        return f"{start}s" if start >= 10 else of_years(start or 1, start + 10)
    name = "century" if unit == 100 else "millennium"
    if start >= 0:
        return f"{_ordinal(start // unit + 1)} {name}{' AD' if start < 1000 else ''}"
    return f"{_ordinal(-start // unit + 1)} {name} BC"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def typed_year(text: str) -> int:
    """Promise: the year that was typed: "1340", "44 BC", "AD 9", "-43". Errors: Unclear."""
    text = text.strip().replace("−", "-")
    if re.fullmatch(r"-\d{1,4}", text):
        return int(text)
    found = _TYPED.fullmatch(text)
    if found is None or (number := int(found[1])) > (9_999 if _is_bc(found[2]) else LAST):
        raise Unclear(f"“{text[:40]}” is no year we know: type 1340, 44 BC or AD 9.")
    if number == 0:
        raise Unclear("There was no year 0: 1 BC was followed by AD 1.")
    return 1 - number if _is_bc(found[2]) else number


def _is_bc(era: str | None) -> bool:
    return (era or "").lower().startswith("b")
