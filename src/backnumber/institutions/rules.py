"""When two ranges claim one address on one day, and what a licence is to the rule. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from backnumber.access import Evidence, Grant, Scope, ScopeKind
from backnumber.institutions.ranges import Range

Collision = tuple[Range, Range]


def collisions(ranges: Iterable[Range]) -> Iterator[Collision]:
    """Promise: every two ranges that have an address and a day in common, the one with the lower first address first."""
    still_open: list[Range] = []
    for one in sorted(ranges, key=lambda r: (r.first.version, int(r.first), int(r.last))):
        still_open = [
            r for r in still_open if r.first.version == one.first.version and int(r.last) >= int(one.first)
        ]
        yield from ((other, one) for other in still_open if _days_in_common(other, one))
        still_open.append(one)


def _days_in_common(one: Range, other: Range) -> bool:
    begins = max(one.starts_on or date.min, other.starts_on or date.min)
    return begins <= min(one.ends_on or date.max, other.ends_on or date.max)


def faults(typed: Iterable[Range], others: Iterable[Range], today: date) -> tuple[str, ...]:
    """Promise: a sentence for every collision of a line that was typed, with another line or with `others`."""
    lines = frozenset(typed)
    found = []
    for pair in collisions([*lines, *others]):
        mine = [one for one in pair if one in lines]
        if mine:
            line = max(mine, key=_line_number)
            other = pair[0] if line is pair[1] else pair[1]
            found.append((_line_number(line), _sentence(line, other, other in lines, today)))
    return tuple(sentence for _, sentence in sorted(found))


def _line_number(one: Range) -> int:
    return int(one.holder.removeprefix("line "))


def _sentence(line: Range, other: Range, is_typed: bool, today: date) -> str:
    here = f"{line.holder.capitalize()}: {line.addresses}"
    if is_typed:
        return f"{here} overlaps {other.holder} ({other.addresses}). Keep one of them."
    said = f"{here} overlaps {other.addresses}, which belongs to {other.holder}."
    if other.ends_on is not None and other.ends_on < today:
        after = other.ends_on + timedelta(days=1)
        return f"{said[:-1]} until {other.ends_on}. Write “from {after}” after it."
    return f"{said} One address is one institution’s: ask both which is right."


def as_rule(licence: Any) -> Grant:
    """Promise: the licence as the rule sees it; without an agreement it rests on nothing, and opens nothing.

    `licence` is a row of the table, as Django has it or as PostgreSQL gives it: both name its columns alike.
    """
    known = licence.scope in set(ScopeKind)
    return Grant(
        id=licence.id,
        scope=Scope(
            kind=ScopeKind(licence.scope) if known else ScopeKind.TITLE,
            title=licence.title_id if known else None,
            issue=licence.issue_id,
            first_date=licence.first_date,
            last_date=licence.last_date,
            years=licence.years,
        ),
        starts=licence.starts,
        until=licence.until,
        evidence=Evidence.LICENCE if licence.evidence_key else None,
        label=licence.label,
        revoked_at=licence.revoked_at,
    )


def begins(day: date | None, zone: tzinfo) -> datetime | None:
    """Promise: the instant at which the day begins in the publisher's zone; None stays None."""
    return datetime.combine(day, time(), zone) if day else None


def is_over(day: date | None, zone: tzinfo) -> datetime | None:
    """Promise: the instant at which the day, inclusive, is over in the publisher's zone; None stays None."""
    return begins(day + timedelta(days=1), zone) if day else None
