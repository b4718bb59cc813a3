"""Feeds that this process keeps as bytes: everybody gets the same, and they are made anew when something that they tell of has changed.

The long reads of the weeks are made for each request: no trigger tells of them.
"""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from backnumber.edge.page.bounded_cache import BoundedCache
from backnumber.edge.render.seen import KEPT_AT_MOST, Seen, is_unchanged, seen_now
from backnumber.syndication import entries, subjects
from backnumber.syndication.feeds import to_bytes

MOST_BYTES = 16 << 20


class FeedBytes(NamedTuple):
    """A page of a feed; `free_until` is when the first free week among its pieces ends."""

    content: bytes
    updated: datetime
    free_until: datetime | None


class _Kept(NamedTuple):
    feed: FeedBytes
    keys: tuple[str, ...]
    seen: Seen
    good_until: datetime


KEPT: BoundedCache[tuple[str | None, ...], _Kept] = BoundedCache(MOST_BYTES)


def feed_of(kind: str, slug: str, form: str, page: str | None, now: datetime) -> FeedBytes | None:
    """Promise: one page of a feed as `entries.feed` tells it; None when there is none. One query while nothing has changed."""
    name = (settings.ADDRESS, settings.SITE_NAME, kind, slug, form, page)
    kept = KEPT.get(name)
    if kept is not None and now < kept.good_until and is_unchanged(kept.keys, kept.seen):
        return kept.feed
    seen = seen_now() if kind != "weekly" else None
    of = _subject(kind, slug)
    found = entries.feed(of, form, now, page) if of else None
    if found is None:
        return None
    made = FeedBytes(to_bytes(found.feed, form), found.feed.updated, found.free_until)
    if seen is not None:
        of_pieces = [f"article:{article.pk}" for article in found.articles]
        KEPT.remember(
            name,
            _Kept(made, ("lists", "windows", *of_pieces), seen, min(found.good_until, now + KEPT_AT_MOST)),
            len(made.content) + 40 * len(of_pieces),
        )
    return made


def _subject(kind: str, slug: str) -> subjects.Subject | None:
    if kind == "weekly":
        return subjects.weekly()
    return subjects.subject(kind, slug) if kind else subjects.everything()
