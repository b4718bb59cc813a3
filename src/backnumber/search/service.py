"""Keeps this node's index in step with the archive, and counts searches.

Call it outside a transaction: what is rolled back later must not be found.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection, connections
from django.utils import timezone

from backnumber.search import queries
from backnumber.search.index import Broken, Standing, Unwritten
from backnumber.search.models import Change, Tally

log = logging.getLogger(__name__)

AT_ONCE = 100
MOST_AHEAD = 2_000  # changes heard of before older ones; from there on the oldest come first
PATIENCE = 0.4  # seconds that a search waits while another process or thread writes
SMALL_ARCHIVE = 300
KEPT = timedelta(days=30)
MINUTE, DAY = 60, 86_400
ALLOWED = {MINUTE: 40, DAY: 800}
OF_A_CAMPUS = 10  # times as many: one address, and hundreds of readers who may read what they look for

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
        standing = Standing(shelf.build(counted), began.database, began.settled, 0, _now(), _now())
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


def keep_up() -> bool:
    """Promise: the index has heard of the last hundred changes, the newest first; True when there are no others. The rest, and
    merging, is done in the background, and never makes a search wait.

    While another process writes, it waits a moment. A missing or damaged index of a small archive is built at once, of a larger
    one in the background. One query when there is nothing new. On a full disk, what there is answers.
    """
    try:
        is_current = _hear_newest()
        if not is_current or queries.shelf().wants_merging() or not _is_checked(queries.shelf().standing()):
            _in_background()
        return is_current
    except Unwritten:
        log.exception("the search index cannot be brought up to date")
        return False
    except Broken as reason:
        log.warning("the search index is built anew: %s", reason)
        return _build()


def _hear_newest() -> bool:
    until = time.monotonic() + PATIENCE
    while (heard := _catch_up(AT_ONCE, newest=True)) is None:
        if time.monotonic() > until:
            return False
        time.sleep(PATIENCE / 50)
    return not heard


def _build() -> bool:
    if queries.how_many_published() > SMALL_ARCHIVE:
        _in_background()
        return False
    try:
        rebuild(only_if_broken=True)
    except Unwritten:
        log.exception("the search index cannot be built")
        return False
    return True


def repair() -> None:
    """Promise: an index that proved damaged while it was read is not used again, and another is on its way."""
    queries.shelf().forget()
    keep_up()


def follow() -> None:
    """Promise: the index has heard of everything, and is merged if it is in many segments; built first if there is none."""
    try:
        queries.shelf().searcher()
        _catch_up_wholly()
        _merge()
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


def _merge() -> None:
    shelf = queries.shelf()
    if not shelf.wants_merging():
        return
    with shelf.writing() as mine:
        if mine:
            shelf.merge(shelf.standing())


def _catch_up(limit: int, *, newest: bool = False) -> bool | None:
    """Promise: up to `limit` changes are in the index; True when there may be more, None when another process is writing."""
    shelf = queries.shelf()
    shelf.searcher()
    standing = shelf.standing()
    if not _news(standing, limit).rows and not _to_be_seen(standing):
        return False
    with shelf.writing() as mine:
        if not mine:
            return None
        standing = shelf.standing()
        newest = newest and len(standing.ahead) < MOST_AHEAD
        news = _news(standing, limit, newest=newest)
        articles = sorted({article for _, _, article in news.rows})
        if articles:
            shelf.write(standing, articles, queries.published(articles))
        is_full = len(news.rows) == limit
        shelf.stand(_ahead(standing, news) if is_full and newest else _after(standing, news, is_full))
    return is_full


def _news(standing: Standing, limit: int, *, newest: bool = False) -> queries.Changes:
    """Errors: Broken when what the index follows is not this database, or it has been away for longer than changes are kept."""
    if timezone.now() - datetime.fromisoformat(standing.seen) > KEPT - timedelta(days=1):
        raise Broken("the index has been away for too long")
    news = queries.changes(standing, limit, newest=newest)
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
    ahead = tuple(pair for pair in heard if pair > at)
    return replace(before, xid=at[0], change=at[1], seen=_now(), ahead=ahead)


def _ahead(before: Standing, news: queries.Changes) -> Standing:
    """The newest changes were heard of, and others before them were not yet."""
    return replace(before, ahead=(*before.ahead, *((xid, change) for xid, change, _ in news.rows)))


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
        if not _is_checked(queries.shelf().standing()):
            check()
    except Exception:
        log.exception("the search index could not be brought up to date")
    finally:
        connections.close_all()
        _following.release()


def check() -> None:
    """Promise: an index that holds another number of articles than are published is built anew; old changes and tallies are removed.

    The worker does it every night for its own node; on any other node the first search of a day has it done in the background.
    """
    follow()
    shelf = queries.shelf()
    if shelf.size() != queries.how_many_published():
        log.warning("the search index had drifted from the archive")
        rebuild()
    with shelf.writing(wait=True):
        shelf.stand(replace(shelf.standing(), checked=_now()))
    now = timezone.now()
    Change.objects.filter(at__lt=now - KEPT).delete()
    Tally.objects.filter(since__lt=now - timedelta(days=2)).delete()


def _is_checked(standing: Standing) -> bool:
    """Whether it was compared with the archive in the last day and a bit: a night's check may be late."""
    checked = datetime.fromisoformat(standing.checked or standing.seen)
    return timezone.now() - checked < timedelta(hours=30)


def may_search(who: str, now: datetime, times: int = 1) -> bool:
    """Promise: counts one search of `who`; False once they have made more than is allowed in this minute or this day, `times` over;
    one query.
    """
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
        return all(searches <= ALLOWED[span] * times for span, searches in cursor.fetchall())
