"""Reads of the long reads."""

from datetime import datetime

from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists
from backnumber.longread.models import LongRead


def this_week(now: datetime) -> LongRead | None:
    return (
        LongRead.objects.select_related("window")
        .filter(window__starts__lte=now, window__until__gt=now)
        .first()
    )


def weeks_until(now: datetime, most: int = 52) -> list[tuple[LongRead, Article]]:
    """Promise: this week's and past long reads whose articles are published, newest first; four queries."""
    picks = list(LongRead.objects.filter(window__starts__lte=now)[:most])
    articles = {a.pk: a for a in articles_for_lists().filter(pk__in=[p.article_id for p in picks])}
    return [(pick, articles[pick.article_id]) for pick in picks if pick.article_id in articles]
