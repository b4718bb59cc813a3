"""Whether what was read a while ago is still so, for what a process keeps in memory: the page store's rule, without a stored page.

Only what a request read outside of a transaction that writes is kept: no other sees what such a one has changed and may take back.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import connection

KEPT_AT_MOST = timedelta(hours=1)  # notes of changes stay for a day: see `service.sweep`


class Seen(NamedTuple):
    """Which transactions had ended, of which database."""

    snapshot: str
    cluster: int


_NOW = """
    SELECT pg_current_snapshot()::text, (SELECT system_identifier FROM pg_control_system()), pg_current_xact_id_if_assigned() IS NULL
"""
_CHANGED = """
    SELECT (SELECT system_identifier FROM pg_control_system()) <> %(cluster)s OR EXISTS (
        SELECT FROM edge_change WHERE key = ANY (%(keys)s)
        AND xid >= pg_snapshot_xmin(%(snapshot)s::pg_snapshot)::text::bigint
        AND NOT pg_visible_in_snapshot(xid::text::xid8, %(snapshot)s::pg_snapshot)
    )
"""


def seen_now() -> Seen | None:
    """Promise: what whoever reads after this sees at least; None within a transaction that has written. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        snapshot, cluster, has_not_written = cursor.fetchone()
    return Seen(snapshot, cluster) if has_not_written else None


def is_unchanged(keys: Sequence[str], seen: Seen) -> bool:
    """Promise: whether none of these has changed since, as the triggers of `migrations/` name them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"keys": [*keys, "*"], "snapshot": seen.snapshot, "cluster": seen.cluster})
        (changed,) = cursor.fetchone()
    return not changed
