"""A list in pages that stay as they are while it grows: a page begins behind a place in the order, not at a number.

A place is named by the values that put a row there ("2026-11-18_1999-09-01_4_217"), so it is found again though its row has gone.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

_WRITTEN = {date: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), int: re.compile(r"[0-9]{1,18}")}
Place = tuple[date | int, ...]
Shown = TypeVar("Shown")
Other = TypeVar("Other")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Key:
    """What rows are put in order by; the newest, or the greatest number, first when it descends."""

    lookup: str
    kind: type[date] | type[int]
    descends: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Shown]):
    """The rows of one page, and the names of the pages about it: "" is the first, None that there is none."""

    rows: tuple[Shown, ...]
    before: str | None
    after: str | None
    last: str

    def with_rows(self, rows: Iterable[Other]) -> "Page[Other]":
        return Page(tuple(rows), self.before, self.after, self.last)


def place_named(name: str, keys: Sequence[Key]) -> Place | None:
    """Promise: the place; None when no place is called so."""
    parts = name.split("_")
    if len(parts) != len(keys):
        return None
    values = []
    for part, key in zip(parts, keys, strict=True):
        if not _WRITTEN[key.kind].fullmatch(part):
            return None
        try:
            values.append(date.fromisoformat(part) if key.kind is date else int(part))
        except ValueError:  # the 30th of February
            return None
    place = tuple(values)
    return place if _name(place) == name else None


def page_of(rows: "QuerySet[Row]", keys: Sequence[Key], most: int, behind: Place | None) -> Page[Row] | None:
    """Promise: the page of `most` rows that follows `behind`, the first for None; None when nothing follows it. Three queries for the
    first page and four for any other, however many rows there are.
    """
    from_here = rows.filter(_beyond(keys, behind)) if behind else rows
    found = list(from_here.order_by(*_ordered(keys))[: most + 1])
    if behind and not found:
        return None
    shown = tuple(found[:most])
    return Page(
        shown,
        before=_before(rows, keys, most, behind) if behind else None,
        after=_name(_place_of(shown[-1], keys)) if len(found) > most else None,
        last=_last(from_here, keys, most) or (_name(behind) if behind else ""),
    )


def _before(rows: "QuerySet[Row]", keys: Sequence[Key], most: int, behind: Place) -> str:
    """The page that ends at `behind`, or the first: whatever came to it since is shown there too."""
    return _name_at(rows.filter(_up_to(keys, behind)), keys, most)


def _last(from_here: "QuerySet[Row]", keys: Sequence[Key], most: int) -> str:
    """The page to which one comes from here by way of full ones; empty when it is this."""
    total = from_here.count()
    return _name_at(from_here, keys, (total - 1) % most + 1) if total > most else ""


def _name_at(rows: "QuerySet[Row]", keys: Sequence[Key], number: int) -> str:
    """Promise: the name of the place that is so many rows from the end, empty when there is none; nothing else of a row is read."""
    back = rows.prefetch_related(None).order_by(*_ordered(keys, back=True))
    places = back.values_list(*(key.lookup for key in keys))[number : number + 1]
    return next((_name(place) for place in places), "")


def _ordered(keys: Sequence[Key], *, back: bool = False) -> list[str]:
    return [("-" if key.descends is not back else "") + key.lookup for key in keys]


def _beyond(keys: Sequence[Key], place: Place) -> Q:
    return _compared(keys, place, later="lt", earlier="gt")


def _up_to(keys: Sequence[Key], place: Place) -> Q:
    """The row at the place too."""
    equal = Q(**{key.lookup: value for key, value in zip(keys, place, strict=True)})
    return _compared(keys, place, later="gt", earlier="lt") | equal


def _compared(keys: Sequence[Key], place: Place, *, later: str, earlier: str) -> Q:
    """Row by row as PostgreSQL compares tuples, for keys of both directions."""
    found, equal = Q(), Q()
    for key, value in zip(keys, place, strict=True):
        found |= equal & Q(**{f"{key.lookup}__{later if key.descends else earlier}": value})
        equal &= Q(**{key.lookup: value})
    return found


def _place_of(row: Any, keys: Sequence[Key]) -> Place:
    return tuple(reduce(getattr, key.lookup.split("__"), row) for key in keys)


def _name(place: Place) -> str:
    return "_".join(value.isoformat() if isinstance(value, date) else str(value) for value in place)
