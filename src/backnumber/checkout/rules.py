"""Terms and their ends. Pure: given instants and a time zone, it asks no clock."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Term:
    """From `begins` until just before `until`, both UTC. A chain of terms keeps the day of the month of its
    `anchor`.
    """

    begins: datetime
    until: datetime
    anchor: datetime
    months_before: int
    months: int


@dataclass(frozen=True, slots=True)
class Length:
    """How long is paid for: months by the calendar, or days of 24 hours; neither: without end."""

    months: int = 0
    days: int = 0


def months_after(instant: datetime, months: int, zone: ZoneInfo) -> datetime:
    """Promise: the same day and time of day by the calendar of `zone`, `months` later, in UTC.

    A day the month has not got becomes its last; a time the clocks skip becomes the one an hour later; of a
    time that comes twice, the first is meant. Errors: ValueError without a time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant has a time zone")
    if months == 0:
        return instant.astimezone(UTC)
    local = instant.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day, fold=0).astimezone(UTC)


def first_term(begins: datetime, months: int, zone: ZoneInfo) -> Term:
    """Promise: a term of whole months that begins a new chain."""
    return Term(begins.astimezone(UTC), months_after(begins, months, zone), begins.astimezone(UTC), 0, months)


def next_term(held: Term, months: int, zone: ZoneInfo) -> Term:
    """Promise: the term that begins at the instant where `held` ends, on the same anchor."""
    before = held.months_before + held.months
    return Term(held.until, months_after(held.anchor, before + months, zone), held.anchor, before, months)


def last_of_cover(held: Sequence[Term], now: datetime) -> Term | None:
    """Promise: the term that ends what covers `now` without a gap; None when no term covers `now`.

    A term that waits beyond a gap is not counted: what is paid next would open nothing before it.
    """
    last: Term | None = None
    for one in sorted(held, key=lambda t: (t.begins, t.until)):
        covered_until = now if last is None else last.until
        if one.begins <= covered_until < one.until:
            last = one
    return last


def term(held: Sequence[Term], months: int, now: datetime, zone: ZoneInfo) -> Term:
    """Promise: what a reader who holds these terms gets for `months`: after those that cover `now` without a gap,
    else from `now`.
    """
    last = last_of_cover(held, now)
    return first_term(now, months, zone) if last is None else next_term(last, months, zone)


def term_of(length: Length, held: Sequence[Term], now: datetime, zone: ZoneInfo) -> Term | None:
    """Promise: what is given for a payment at `now`, after the terms of the same kind that cover it; None: without end."""
    if length.months:
        return term(held, length.months, now, zone)
    if not length.days:
        return None
    last = last_of_cover(held, now)
    begins = (last.until if last is not None else now).astimezone(UTC)
    return Term(begins, begins + timedelta(days=length.days), begins, 0, 0)


def issues_of(bought: Term, zone: ZoneInfo) -> tuple[date, date] | None:
    """Promise: the cover dates of the issues of the term, both inclusive: from the day it begins to the day before it
    ends, by the calendar of `zone`. None for a term within one day, which has no issue of its own.

    Terms that follow one another leave no cover date out and count none twice.
    """
    first = bought.begins.astimezone(zone).date()
    last = bought.until.astimezone(zone).date() - timedelta(days=1)
    return (first, last) if first <= last else None


def days_of(bought: Term, zone: ZoneInfo) -> tuple[date, date]:
    """Promise: the term as days for printed copies, both inclusive: never more than was paid for, never less
    than one.
    """
    first = bought.begins.astimezone(zone).date()
    return first, max(first, bought.until.astimezone(zone).date() - timedelta(days=1))
