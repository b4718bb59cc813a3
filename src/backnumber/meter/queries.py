"""Reads: how long a read counts, and what a reader's meter says."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from backnumber.access import Meter, Read
from backnumber.meter.models import MeteredRead


def period() -> timedelta:
    return timedelta(days=settings.METER_DAYS)


def reads_of(reader: int, now: datetime) -> tuple[Read, ...]:
    """Promise: the reader's metered reads that count at `now`; one query."""
    rows = MeteredRead.objects.filter(reader=reader, at__gt=now - period()).order_by("at", "id")
    return tuple(Read(article, at) for article, at in rows.values_list("article_id", "at"))


def meter_of(reader: int, now: datetime) -> Meter:
    """Promise: the meter of a reader with an account; one query, none when such readers have no allowance."""
    allowance = settings.METER_READERS
    return Meter(allowance, period(), reads_of(reader, now) if allowance else ())


def kept_about(reader: int) -> dict[str, list[dict[str, Any]]]:
    """Promise: all this room keeps of a reader, for the file of their data; one query."""
    reads = MeteredRead.objects.filter(reader=reader).select_related("article").defer("article__body")
    return {
        "metered articles read": [
            {"article": read.article.headline, "read": read.at} for read in reads.order_by("at", "id")
        ]
    }
