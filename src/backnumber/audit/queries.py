"""Reads of the audit log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from backnumber.audit.models import Entry


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: empty fields leave all. The days are the publisher's, both inclusive."""

    who: str = ""
    what: str = ""
    key: str = ""
    words: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One column."""

    column: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as people read it."""

    entry: Entry
    what: str
    changes: tuple[Change, ...]


def entries(wanted: Wanted) -> "QuerySet[Entry]":
    """Promise: the entries, latest first."""
    asked = Q(actor_email__icontains=wanted.who) if wanted.who else Q()
    asked &= Q(what=wanted.what) if wanted.what else Q()
    asked &= Q(key=wanted.key) if wanted.key else Q()
    for word in wanted.words.split():
        asked &= Q(reason__icontains=word) | Q(label__icontains=word) | Q(action__icontains=word)
    if wanted.first_day:
        asked &= Q(at__gte=_midnight(wanted.first_day))
    if wanted.last_day:
        asked &= Q(at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return Entry.objects.filter(asked)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


def kinds_of_things() -> list[tuple[str, str]]:
    """Promise: each model that has an entry, with its name; one query, which walks the index from one to the next."""
    found = Entry.objects.order_by("what").values_list("what", flat=True).distinct()
    return [(one, name_of(one)) for one in found]


def name_of(what: str) -> str:
    """Promise: what a model is called; of one that is gone, its label."""
    try:
        return str(capfirst(str(apps.get_model(what)._meta.verbose_name)))
    except (LookupError, ValueError):
        return what


def line(entry: Entry) -> Line:
    """Promise: what differs, by column; the number of the row itself is left out."""
    before, after = entry.before or {}, entry.after or {}
    columns = sorted({*before, *after} - ({"id"} if entry.kind != Entry.Kind.CHANGED else set()))
    told = (Change(column, _said(before.get(column)), _said(after.get(column))) for column in columns)
    return Line(entry, name_of(entry.what), tuple(told))


def lines(found: "QuerySet[Entry]") -> Iterator[Line]:
    """Promise: all of them, a few at a time, whatever their number."""
    return (line(entry) for entry in found.iterator(chunk_size=500))


def _said(value: object) -> str:
    if value is None:
        return ""
    text = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return text if len(text) <= 300 else f"{text[:299]}…"
