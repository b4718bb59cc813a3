"""The page store: where a printing stands among the transactions, what is stored, what of it is good."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from backnumber.pages.printed import PrintedPage, digest, packed
from backnumber.pages.store_sql import FETCH, VOID
from backnumber.press.editions import edition

_LOCK = 0x7072657373  # "press": held by whoever prints, and alone by the sweep


@dataclass(frozen=True, slots=True)
class Stand:
    """Which changes a printing has seen: as in `pages/store_sql.py`."""

    xid: int
    snapshot: str
    seq: int
    cluster: int


def take_stand() -> Stand:
    """Promise: what this transaction sees from now on. First of all: whatever was read before is not covered.

    Two statements: the transaction has its number, and the lock, before the snapshot is taken. The last number given out
    is as good as this transaction's own last one, for its next will be higher.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s), pg_current_xact_id()", [_LOCK])
        cursor.execute(
            "SELECT pg_current_xact_id()::text::bigint, pg_current_snapshot()::text,"
            " CASE WHEN is_called THEN last_value ELSE 0 END,"
            " (SELECT system_identifier FROM pg_control_system()) FROM press_change_id_seq"
        )
        return Stand(*cursor.fetchone())


_STORE = """
    INSERT INTO press_page AS kept
        (address, kind, content, keys, edition, content_hash, good_until, printed_at, xid, snapshot, seq, cluster)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (address) DO UPDATE SET
        kind = excluded.kind, content = excluded.content, keys = excluded.keys, edition = excluded.edition,
        content_hash = excluded.content_hash, good_until = excluded.good_until, printed_at = excluded.printed_at,
        xid = excluded.xid, snapshot = excluded.snapshot, seq = excluded.seq, cluster = excluded.cluster
    WHERE (kept.cluster, kept.edition) <> (excluded.cluster, excluded.edition)
    OR pg_snapshot_xmax(kept.snapshot::pg_snapshot) <= pg_snapshot_xmax(excluded.snapshot::pg_snapshot)
"""


def store(page: PrintedPage, stand: Stand, now: datetime) -> None:
    """Promise: the page is in the store, unless one that has seen more is there already."""
    content = packed(page)
    of_page = [page.address, page.kind, content, list(page.keys), edition(), digest(content), page.good_until]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [*of_page, now, stand.xid, stand.snapshot, stand.seq, stand.cluster])


def fetch(address: str) -> bytes | None:
    """Promise: the page as the front door fetches it, packed; None when there is none that is good."""
    with connection.cursor() as cursor:
        cursor.execute(FETCH, {"address": address, "edition": edition()})
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


_GOOD = f"""
    SELECT p.address FROM press_page AS p
    WHERE p.address = ANY(%s) AND p.edition = %s AND (p.good_until IS NULL OR p.good_until > %s) AND NOT {VOID}
"""  # noqa: S608


def good_among(addresses: Sequence[str], now: datetime) -> set[str]:
    """Promise: those of the addresses whose page is in the store and good at `now`; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_GOOD, [list(addresses), edition(), now])
        return {address for (address,) in cursor.fetchall()}


_CLEAR = f"""
    DELETE FROM press_page AS p
    WHERE {VOID} OR p.good_until < %s OR (p.edition <> %s AND p.printed_at < %s)
"""  # noqa: S608


def clear_away(before: datetime) -> tuple[int, int]:
    """Promise: every void page is gone, then every change noted before that moment; how many of each. In a transaction.

    Nobody prints meanwhile, so no page is on its way that has not seen a change that goes.
    Errors: OperationalError when printing does not pause within a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_CLEAR, [before, edition(), before])
        pages = cursor.rowcount
        cursor.execute("DELETE FROM press_change WHERE at < %s", [before])
        return pages, cursor.rowcount
