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
from backnumber.search.index import Broken, IndexState, Unwritten
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
    search_index = queries.search_index()
    with search_index.writing(wait=True):
        if only_if_broken and _is_sound():
            return search_index.size()
        began = queries.changes(IndexState("", "", 0, 0, ""), 0)
        counted = _Counted(queries.all_published(), queries.how_many_published(), progress)
        state = IndexState(search_index.build(counted), began.database, began.settled, 0, _now(), _now())
        search_index.set_state(state)
        search_index.sweep(state)
    _catch_up_wholly()
    return search_index.size()


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
        if (
            not is_current
            or queries.search_index().wants_merging()
            or not _is_checked(queries.search_index().state())
        ):
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
    queries.search_index().forget()
    keep_up()


def follow() -> None:
    """Promise: the index has heard of everything, and is merged if it is in many segments; built first if there is none."""
    try:
        queries.search_index().searcher()
        _catch_up_wholly()
        _merge()
    except Broken:
        rebuild(only_if_broken=True)
    except Unwritten:
        rebuild()


def _is_sound() -> bool:
    try:
        queries.search_index().searcher()
        _unread(queries.search_index().state(), 0)
    except Broken:
        return False
    return True


def _catch_up_wholly() -> None:
    while _catch_up(AT_ONCE * 5):
        pass


def _merge() -> None:
    search_index = queries.search_index()
    if not search_index.wants_merging():
        return
    with search_index.writing() as mine:
        if mine:
            search_index.merge(search_index.state())


def _catch_up(limit: int, *, newest: bool = False) -> bool | None:
    """Promise: up to `limit` changes are in the index; True when there may be more, None when another process is writing."""
    search_index = queries.search_index()
    search_index.searcher()
    state = search_index.state()
    if not _unread(state, limit).rows and not _to_be_seen(state):
        return False
    with search_index.writing() as mine:
        if not mine:
            return None
        state = search_index.state()
        newest = newest and len(state.ahead) < MOST_AHEAD
        unread = _unread(state, limit, newest=newest)
        articles = sorted({article for _, _, article in unread.rows})
        if articles:
            search_index.write(state, articles, queries.published(articles))
        is_full = len(unread.rows) == limit
        search_index.set_state(
            _ahead(state, unread) if is_full and newest else _after(state, unread, is_full)
        )
    return is_full


def _unread(state: IndexState, limit: int, *, newest: bool = False) -> queries.Changes:
    """Errors: Broken when what the index follows is not this database, or it has been away for longer than changes are kept."""
    if timezone.now() - datetime.fromisoformat(state.seen) > KEPT - timedelta(days=1):
        raise Broken("the index has been away for too long")
    unread = queries.changes(state, limit, newest=newest)
    if unread.database != state.database or state.xid > unread.ends:
        raise Broken("the index belongs to another database")
    return unread


def _to_be_seen(state: IndexState) -> bool:
    return timezone.now() - datetime.fromisoformat(state.seen) > timedelta(days=1)


def _after(before: IndexState, unread: queries.Changes, more: bool) -> IndexState:
    """A change of a transaction younger than one still open may yet be preceded by a change with a lower number: it is kept in `ahead`."""
    at = (before.xid, before.change)
    if not more or unread.rows[-1][0] >= unread.settled:
        at = max(at, (unread.settled, 0))
    else:
        at = max(at, unread.rows[-1][:2])
    heard = (*before.ahead, *((xid, change) for xid, change, _ in unread.rows))
    ahead = tuple(pair for pair in heard if pair > at)
    return replace(before, xid=at[0], change=at[1], seen=_now(), ahead=ahead)


def _ahead(before: IndexState, unread: queries.Changes) -> IndexState:
    """The newest changes were heard of, and others before them were not yet."""
    return replace(before, ahead=(*before.ahead, *((xid, change) for xid, change, _ in unread.rows)))


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
        if not _is_checked(queries.search_index().state()):
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
    search_index = queries.search_index()
    if search_index.size() != queries.how_many_published():
        log.warning("the search index had drifted from the archive")
        rebuild()
    with search_index.writing(wait=True):
        search_index.set_state(replace(search_index.state(), checked=_now()))
    now = timezone.now()
    Change.objects.filter(at__lt=now - KEPT).delete()
    Tally.objects.filter(since__lt=now - timedelta(days=2)).delete()


def _is_checked(state: IndexState) -> bool:
    """Whether it was compared with the archive in the last day and a bit: a night's check may be late."""
    checked = datetime.fromisoformat(state.checked or state.seen)
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
