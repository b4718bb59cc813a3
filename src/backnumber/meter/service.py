"""Commands: spend a read, bring a browser's reads into an account, sweep what counts no more."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from backnumber.access import Read
from backnumber.access.meter import measure
from backnumber.archive.models import Article
from backnumber.meter.models import MeteredRead
from backnumber.meter.queries import meter_of, period, reads_of
from backnumber.readers.service import hold_reader


@transaction.atomic
def spend(reader: int, article: int, now: datetime) -> bool:
    """Promise: whether the reader may read the article by the meter now; a first read of the period is recorded.

    Requests of one reader wait for each other here, so that together they spend no more than the allowance.
    """
    if not hold_reader(reader):
        return False
    may, metered = measure(meter_of(reader, now), article, now)
    if metered.spends:
        _record(reader, {article: now})
    return may


@transaction.atomic
def merge(reader: int, reads: Iterable[Read], now: datetime) -> None:
    """Promise: what a browser read before its reader signed in counts in the account, each article once, from the earlier instant.

    Asked again, nothing changes. It may take a reader beyond the allowance: what was read was read.
    """
    brought: dict[int, datetime] = {}
    for read in reads:
        if read.at > now - period():
            brought[read.article] = min(read.at, now, brought.get(read.article, now))
    if not brought or not hold_reader(reader):
        return
    known = {read.article: read.at for read in reads_of(reader, now)}
    earlier = {article: at for article, at in brought.items() if article not in known or at < known[article]}
    there = Article.objects.filter(pk__in=earlier).values_list("pk", flat=True)
    _record(reader, {article: earlier[article] for article in there})


def _record(reader: int, reads: Mapping[int, datetime]) -> None:
    MeteredRead.objects.bulk_create(
        [MeteredRead(reader_id=reader, article_id=article, at=at) for article, at in reads.items()],
        update_conflicts=True,
        unique_fields=["reader", "article"],
        update_fields=["at"],
    )


def sweep(now: datetime) -> int:
    """Promise: reads that no longer count are gone; how many rows."""
    reads, _ = MeteredRead.objects.filter(at__lte=now - period()).delete()
    return reads
