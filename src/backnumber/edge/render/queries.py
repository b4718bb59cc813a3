"""The page store: where a rendering stands among the transactions, what is stored, what of it is good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from backnumber.edge.page.store_sql import FETCH, VOID
from backnumber.edge.page.stored import StoredPage
from backnumber.edge.page.text import digest
from backnumber.edge.render.build import build_id

_LOCK = 0x7072657373  # any number of our own: held by whoever renders, and alone by the sweep


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which changes a rendering has seen: as in `edge/page/store_sql.py`."""

    xid: int
    snapshot: str
    seq: int
    cluster: int


def take_snapshot() -> Snapshot:
    """Promise: what this transaction sees from now on. First of all: whatever was read before is not covered.

    Two statements: the transaction has its number, and the lock, before the snapshot is taken. The last number given out
    is as good as this transaction's own last one, for its next will be higher.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s), pg_current_xact_id()", [_LOCK])
        cursor.execute(
            "SELECT pg_current_xact_id()::text::bigint, pg_current_snapshot()::text,"
            " CASE WHEN is_called THEN last_value ELSE 0 END,"
            " (SELECT system_identifier FROM pg_control_system()) FROM edge_change_id_seq"
        )
        return Snapshot(*cursor.fetchone())


_STORE = """
    INSERT INTO edge_page AS kept
        (address, kind, content, keys, build, content_hash, good_until, rendered_at, xid, snapshot, seq, cluster)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (address) DO UPDATE SET
        kind = excluded.kind, content = excluded.content, keys = excluded.keys, build = excluded.build,
        content_hash = excluded.content_hash, good_until = excluded.good_until, rendered_at = excluded.rendered_at,
        xid = excluded.xid, snapshot = excluded.snapshot, seq = excluded.seq, cluster = excluded.cluster
    WHERE (kept.cluster, kept.build) <> (excluded.cluster, excluded.build)
    OR pg_snapshot_xmax(kept.snapshot::pg_snapshot) <= pg_snapshot_xmax(excluded.snapshot::pg_snapshot)
"""


def store(pages: Sequence[StoredPage], snapshot: Snapshot, now: datetime) -> None:
    """Promise: the pages are in the store, each unless one that has seen more is there already.

    In the order of their addresses, so that two that render the same pages do not wait for each other in a circle.
    """
    rows = [_row(page, snapshot, now) for page in sorted(pages, key=lambda page: page.facts.address)]
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(_STORE, row)


def _row(page: StoredPage, snapshot: Snapshot, now: datetime) -> list[Any]:
    facts = page.facts
    of_page = [
        facts.address,
        facts.kind,
        page.content,
        list(page.keys),
        build_id(),
        digest(page.content),
        facts.good_until,
    ]
    return [*of_page, now, snapshot.xid, snapshot.snapshot, snapshot.seq, snapshot.cluster]


def fetch(address: str) -> bytes | None:
    """Promise: the page as the door fetches it; None when there is none that is good."""
    with connection.cursor() as cursor:
        cursor.execute(FETCH, {"address": address, "build": build_id()})
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


_GOOD = f"""
    SELECT p.address FROM edge_page AS p
    WHERE p.address = ANY(%s) AND p.build = %s AND (p.good_until IS NULL OR p.good_until > %s) AND NOT {VOID}
"""  # noqa: S608


def good_among(addresses: Sequence[str], now: datetime) -> set[str]:
    """Promise: those of the addresses whose page is in the store and good at `now`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_GOOD, [list(addresses), build_id(), now])
        return {address for (address,) in cursor.fetchall()}


_CLEAR = f"""
    DELETE FROM edge_page AS p WHERE p.address > %s AND p.address <= %s
    AND (p.good_until < %s OR (p.build <> %s AND p.rendered_at < %s) OR {VOID})
"""  # noqa: S608
_LAST_OF_SOME = """
    SELECT max(address) FROM (SELECT address FROM edge_page WHERE address > %s ORDER BY address LIMIT 1000) AS next_ones
"""


def clear_pages(before: datetime) -> int:
    """Promise: what is void is gone, and what nobody has asked for since that moment and must be rendered anew; how many."""
    gone, after = 0, ""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_LAST_OF_SOME, [after])
            (last,) = cursor.fetchone()
            if last is None:
                return gone
            cursor.execute(_CLEAR, [after, last, before, build_id(), before])
            gone, after = gone + cursor.rowcount, last


def seen_by_now() -> str:
    """Promise: which transactions have ended, as PostgreSQL says it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


_CLEAR_LATE = f"""
    DELETE FROM edge_page AS p WHERE p.xid >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
    AND NOT pg_visible_in_snapshot(p.xid::text::xid8, %s::pg_snapshot) AND {VOID}
"""  # noqa: S608


def clear_changes(before: datetime, seen: str) -> tuple[int, int]:
    """Promise: the changes noted before that moment are gone, of those that were so when `clear_pages` began (`seen`); and
    every page that came since and is void by one of them. How many pages, how many changes. In a transaction.

    Nobody renders meanwhile: no page is on its way that has not seen a change that goes.
    Errors: OperationalError when rendering does not pause within a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_CLEAR_LATE, [seen, seen])
        pages = cursor.rowcount
        cursor.execute(
            "DELETE FROM edge_change WHERE at < %s AND pg_visible_in_snapshot(xid::text::xid8, %s::pg_snapshot)",
            [before, seen],
        )
        return pages, cursor.rowcount
