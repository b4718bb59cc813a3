"""Kinds of readers an editor thinks of, made up for one article and one moment. They are asked about; nothing is decided here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from backnumber.access import (
    Asked,
    Asker,
    Evidence,
    Gift,
    Grant,
    Meter,
    Place,
    Read,
    Scope,
    ScopeKind,
)
from backnumber.meter.queries import period

_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
_A_DAY = timedelta(days=1)
_ARCHIVE = Scope(ScopeKind.ARCHIVE)


@dataclass(frozen=True, slots=True)
class KindOfReader:
    """`key` stands in addresses, `name` before the editor."""

    key: str
    name: str
    asker: Asker


def kinds(asked: Asked, at: datetime) -> tuple[KindOfReader, ...]:
    """Promise: the kinds in the order of the page, each as the rule would meet one at `at`."""
    unspent = Meter(settings.METER_READERS, period())
    return (
        KindOfReader("nobody", "Nobody in particular", Asker(meter=Meter(settings.METER_NOBODY, period()))),
        KindOfReader("spent", "Nobody in particular, with the meter spent", Asker(meter=_spent(at))),
        KindOfReader("account", "Signed in, without a right", Asker(0, meter=unspent)),
        KindOfReader("subscriber", "Subscriber to the whole archive", _holding(_subscription(), unspent)),
        KindOfReader(
            "kept",
            "Print subscriber whose term has ended, who keeps its issues, this one too",
            _holding(_ended_but_kept(asked, at), unspent),
        ),
        KindOfReader(
            "elsewhere", "Subscriber to a span without this issue", _holding(_elsewhere(asked), unspent)
        ),
        KindOfReader("library", "At a licensed library", Asker(place=_library(), meter=_spent(at))),
        KindOfReader(
            "gift", "With a gift link to this article", Asker(gift=_gift(asked, at), meter=_spent(at))
        ),
    )


def _holding(grant: Grant, meter: Meter) -> Asker:
    return Asker(0, (grant,), meter=meter)


def _spent(at: datetime) -> Meter:
    """Other articles have used up every read: none has a number below zero."""
    allowance = settings.METER_NOBODY
    return Meter(allowance, period(), tuple(Read(-number, at) for number in range(1, allowance + 1)))


def _subscription() -> Grant:
    return Grant(0, _ARCHIVE, _LONG_AGO, None, Evidence.PAYMENT, "Online access")


def _ended_but_kept(asked: Asked, at: datetime) -> Grant:
    kept = Scope(ScopeKind.SPAN, first_date=asked.cover_date, last_date=asked.cover_date)
    return Grant(
        0,
        _ARCHIVE,
        _LONG_AGO,
        at - _A_DAY,
        Evidence.PRINT_SUBSCRIPTION,
        "Print & archive subscription",
        kept=kept,
    )


def _elsewhere(asked: Asked) -> Grant:
    """From the day after the issue's cover date on; to the day before it, where no day comes after."""
    day = asked.cover_date
    after = day.year < date.max.year
    span = Scope(
        ScopeKind.SPAN,
        first_date=day + _A_DAY if after else None,
        last_date=None if after else day - _A_DAY,
    )
    return Grant(0, span, _LONG_AGO, None, Evidence.PAYMENT, "Later issues" if after else "Earlier issues")


def _library() -> Place:
    return Place(0, "A library", (Grant(0, _ARCHIVE, _LONG_AGO, None, Evidence.LICENCE, "A licence"),))


def _gift(asked: Asked, at: datetime) -> Gift:
    return Gift(0, asked.article, at + _A_DAY)
