"""Spans of time, and how EDTF (ISO 8601-2) writes them. A point is a year, or a year and month, or a year, month and day."""

from calendar import monthrange
from dataclasses import dataclass, replace

Point = tuple[int, ...]
AROUND = 5  # years that "circa" reaches to either side
SPRING, SUMMER, AUTUMN, WINTER = 21, 22, 23, 24


@dataclass(frozen=True, slots=True)
class Span:
    """From a point to a point, both included. `None` is an open end. `form` is the EDTF where it is not that of the two points."""

    lo: Point | None
    hi: Point | None
    unit: str
    approximate: bool = False
    uncertain: bool = False
    margin: int = 0
    form: str = ""
    calendar: str = ""

    @property
    def edtf(self) -> str:
        if self.form:
            return self.form
        mark = "~" if self.approximate else "?" if self.uncertain else ""
        if self.lo == self.hi and self.lo is not None:
            return written(self.lo) + mark
        ends = [written(point) + mark if point is not None else ".." for point in (self.lo, self.hi)]
        return "/".join(ends)

    @property
    def first_year(self) -> int | None:
        return None if self.lo is None else self.lo[0] - self.margin

    @property
    def last_year(self) -> int | None:
        return None if self.hi is None else self.hi[0] + self.margin


def written(point: Point) -> str:
    """Promise: a point as EDTF: "1066-10-14", "-0043", and with a "Y" beyond four digits."""
    year = point[0]
    if abs(year) > 9999:
        return f"Y{year}"
    head = f"-{-year:04d}" if year < 0 else f"{year:04d}"
    return "-".join([head, *(f"{part:02d}" for part in point[1:])])


def astronomical(year: int, bc: bool) -> int:
    return 1 - year if bc else year


def of_year(year: int) -> Span:
    return Span((year,), (year,), "year")


def of_century(number: int, bc: bool) -> Span:
    """The 12th century is 1101 to 1200, the 5th century BC is 500 to 401 BC."""
    return _counted(number, bc, 100, "century")


def of_millennium(number: int, bc: bool) -> Span:
    return _counted(number, bc, 1000, "millennium")


def _counted(number: int, bc: bool, years: int, unit: str) -> Span:
    if bc:
        return Span((1 - number * years,), (-(number - 1) * years,), unit)
    return Span(((number - 1) * years + 1,), (number * years,), unit)


def of_decade(first: int, bc: bool) -> Span:
    """The 1930s. Before 1500 a round hundred is a century ("the 1200s"); from then on too, unless a part of it says otherwise."""
    hundred = first % 100 == 0
    if bc:
        return Span((1 - first - (99 if hundred else 9),), (1 - first,), "century" if hundred else "decade")
    if hundred:
        return Span((first,), (first + 99,), "century", form=f"{first // 100:02d}XX")
    return Span((first,), (first + 9,), "decade", form=f"{first // 10:03d}X")


PARTS = {
    "early": (0, 1, 3), "mid": (1, 2, 3), "late": (2, 3, 3),
    "first half": (0, 1, 2), "second half": (1, 2, 2),
    "first third": (0, 1, 3), "second third": (1, 2, 3), "last third": (2, 3, 3),
    "first quarter": (0, 1, 4), "second quarter": (1, 2, 4), "third quarter": (2, 3, 4), "last quarter": (3, 4, 4),
    "first decade": (0, 1, 10), "last decade": (9, 10, 10),
}  # fmt: skip


def part_of(span: Span, part: str) -> Span:
    """Promise: the part of a span that "early", "second half" or "third quarter" means. Early, mid and late are thirds, and approximate."""
    if span.lo is None or span.hi is None or part not in PARTS:
        return span
    first, last, of = PARTS[part]
    approximate = part in {"early", "mid", "late"}
    if span.unit in {"decade", "century", "millennium", "period"} and span.lo[0] != span.hi[0]:
        low, years = span.lo[0], span.hi[0] - span.lo[0] + 1
        begin, end = low - (-first * years // of), low - (-last * years // of) - 1
        return replace(
            span, lo=(begin,), hi=(max(begin, end),), approximate=approximate, form="", unit="years"
        )
    if span.unit == "year" and span.lo == span.hi:
        year = span.lo[0]
        low, high = first * 12 // of + 1, max(last * 12 // of, first * 12 // of + 1)
        return replace(span, lo=(year, low), hi=(year, high), approximate=approximate, form="", unit="months")
    if span.unit == "month" and span.lo == span.hi:
        year, month = span.lo
        end = days_of(year, month)
        low, high = first * 30 // of + 1, end if last == of else last * 30 // of
        return replace(
            span, lo=(year, month, low), hi=(year, month, high), approximate=approximate, form="", unit="days"
        )
    return span


def around(span: Span) -> Span:
    """Promise: the span with "circa" before it."""
    form = f"{span.form}~" if span.form and "[" not in span.form and "/" not in span.form else ""
    margin = AROUND if span.unit == "year" else 0
    return replace(span, approximate=True, margin=margin, form=form)


def joined(first: Span, last: Span) -> Span | None:
    """Promise: from the beginning of the one to the end of the other; None if that would run backwards."""
    if first.lo is None or last.hi is None:
        return None
    if first.lo[: len(last.hi)] > last.hi[: len(first.lo)]:
        return None
    calendar = first.calendar or last.calendar
    return Span(
        first.lo, last.hi, "years", first.approximate and last.approximate, first.uncertain and last.uncertain,
        max(first.margin, last.margin), form=_both(first, last), calendar=calendar,
    )  # fmt: skip


def _both(first: Span, last: Span) -> str:
    """The EDTF of a range whose ends are marked differently ("c. 1340-1400"), else nothing."""
    if first.approximate == last.approximate and first.uncertain == last.uncertain:
        return ""
    assert first.lo is not None
    assert last.hi is not None
    marks = ["~" if span.approximate else "?" if span.uncertain else "" for span in (first, last)]
    return f"{written(first.lo)}{marks[0]}/{written(last.hi)}{marks[1]}"


def days_of(year: int, month: int) -> int:
    """How many days the month has; 29 in a February of a century that was a leap year in the Julian calendar too."""
    if month == 2 and year % 4 == 0:
        return 29
    return monthrange(2001, month)[1]


def is_a_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= days_of(year, month)
