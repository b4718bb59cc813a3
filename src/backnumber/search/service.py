"""Keeps this node's index in step with the archive, and counts searches.

Call it outside a transaction: what is rolled back later must not be found.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection, connections
from django.utils import timezone

from backnumber.search import queries
from backnumber.search.index import Broken, Standing, Unwritten
from backnumber.search.models import Change, Tally

log = logging.getLogger(__name__)

AT_ONCE = 100
SMALL_ARCHIVE = 300
KEPT = timedelta(days=30)
MINUTE, DAY = 60, 86_400
ALLOWED = {MINUTE: 40, DAY: 800}

Progress = Callable[[int, int], None]


def rebuild(progress: Progress = lambda done, of: None, *, only_if_broken: bool = False) -> int:
    """Promise: a new index of everything published stands in place of the old, which answered until then.

    Returns how many articles are in it. `progress` is told (done, of) after every hundred. Waits for another
    writer on this node; with `only_if_broken`, what that one left is kept if it is sound.
    Errors: Unwritten when none can be built, as on a full disk; the old one stays.
    """
    shelf = queries.shelf()
    with shelf.writing(wait=True):
        if only_if_broken and _is_sound():
            return shelf.size()
        began = queries.changes(Standing("", "", 0, 0, ""), 0)
        counted = _Counted(queries.all_published(), queries.how_many_published(), progress)
        standing = Standing(shelf.build(counted), began.database, began.settled, 0, _now())
        shelf.stand(standing)
        shelf.sweep(standing)
    _catch_up_wholly()
    return shelf.size()


class _Counted:
    """Documents passing by, counted."""

    def __init__(self, documents: Iterator[dict[str, Any]], of: int, progress: Progress) -> None:
        self.documents, self.of, self.progress = documents, of, progress

    def __iter__(self) -> Iterator[dict[str, Any]]:
        done = 0
        for done, document in enumerate(self.documents, 1):
            yield document
            if done % 100 == 0:
                self.progress(done, self.of)
        self.progress(done, max(self.of, done))


def keep_up() -> None:
    """Promise: the index has heard of the last changes, up to a hundred; the rest follows in the background.

    A missing or damaged index of a small archive is built at once, of a larger one in the background.
    One query when there is nothing new. On a full disk, what there is answers.
    """
    try:
        queries.shelf().searcher()
        if _catch_up(AT_ONCE):
            _in_background()
    except Unwritten:
        log.exception("the search index cannot be brought up to date")
    except Broken as reason:
        log.warning("the search index is built anew: %s", reason)
        _build()


def _build() -> None:
    if queries.how_many_published() > SMALL_ARCHIVE:
        _in_background()
        return
    try:
        rebuild(only_if_broken=True)
    except Unwritten:
        log.exception("the search index cannot be built")


def repair() -> None:
    """Promise: an index that proved damaged while it was read is not used again, and another is on its way."""
    queries.shelf().forget()
    keep_up()


def follow() -> None:
    """Promise: the index has heard of everything; built first if there is none. For the worker."""
    try:
        queries.shelf().searcher()
        _catch_up_wholly()
    except Broken:
        rebuild(only_if_broken=True)
    except Unwritten:
        rebuild()


def _is_sound() -> bool:
    try:
        queries.shelf().searcher()
        _news(queries.shelf().standing(), 0)
    except Broken:
        return False
    return True


def _catch_up_wholly() -> None:
    while _catch_up(AT_ONCE * 5):
        pass


def _catch_up(limit: int) -> bool:
    """Promise: up to `limit` changes are in the index, unless another process is at it; True when there may be more."""
    shelf = queries.shelf()
    standing = shelf.standing()
    if not _news(standing, limit).rows and not _to_be_seen(standing):
        return False
    with shelf.writing() as mine:
        if not mine:
            return False
        standing = shelf.standing()
        news = _news(standing, limit)
        articles = sorted({article for _, _, article in news.rows})
        if articles:
            shelf.write(standing, articles, queries.published(articles))
        shelf.stand(_after(standing, news, len(news.rows) == limit))
    return len(news.rows) == limit


def _news(standing: Standing, limit: int) -> queries.Changes:
    """Errors: Broken when what the index follows is not this database, or it has been away for longer than changes are kept."""
    if timezone.now() - datetime.fromisoformat(standing.seen) > KEPT - timedelta(days=1):
        raise Broken("the index has been away for too long")
    news = queries.changes(standing, limit)
    if news.database != standing.database or standing.xid > news.ends:
        raise Broken("the index belongs to another database")
    return news


def _to_be_seen(standing: Standing) -> bool:
    return timezone.now() - datetime.fromisoformat(standing.seen) > timedelta(days=1)


def _after(before: Standing, news: queries.Changes, more: bool) -> Standing:
    """A change of a transaction younger than one still open may yet be preceded by a change with a lower number: it is kept in `ahead`."""
    at = (before.xid, before.change)
    if not more or news.rows[-1][0] >= news.settled:
        at = max(at, (news.settled, 0))
    else:
        at = max(at, news.rows[-1][:2])
    heard = (*before.ahead, *((xid, change) for xid, change, _ in news.rows))
    return Standing(before.folder, before.database, *at, _now(), tuple(pair for pair in heard if pair > at))


def _now() -> str:
    return timezone.now().isoformat()


_following = threading.Lock()


def _in_background() -> None:
    """Promise: this process works the rest off, in one thread; killed half-way, the next search begins again."""
    if not _following.acquire(blocking=False):
        return
    threading.Thread(target=_follow_and_release, name="search-index", daemon=True).start()


def _follow_and_release() -> None:
    try:
        close_old_connections()
        follow()
    except Exception:
        log.exception("the search index could not be brought up to date")
    finally:
        connections.close_all()
        _following.release()


def check() -> None:
    """Promise: an index that holds another number of articles than are published is built anew; old changes and tallies are removed."""
    follow()
    if queries.shelf().size() != queries.how_many_published():
        log.warning("the search index had drifted from the archive")
        rebuild()
    now = timezone.now()
    Change.objects.filter(at__lt=now - KEPT).delete()
    Tally.objects.filter(since__lt=now - timedelta(days=2)).delete()


def may_search(who: str, now: datetime) -> bool:
    """Promise: counts one search of `who`; False once they have made more than is allowed in this minute or this day; one query."""
    seconds = list(ALLOWED)
    since = [datetime.fromtimestamp(now.timestamp() // span * span, UTC) for span in seconds]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_tally (who, seconds, since, searches)"
            " SELECT %s, span.seconds, span.since, 1"
            " FROM unnest(%s::integer[], %s::timestamptz[]) AS span (seconds, since)"
            " ON CONFLICT (who, seconds, since) DO UPDATE SET searches = search_tally.searches + 1"
            " RETURNING seconds, searches",
            [who, seconds, since],
        )
        return all(searches <= ALLOWED[span] for span, searches in cursor.fetchall())
