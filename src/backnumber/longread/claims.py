"""Which worker holds which batch of a send. A worker is known by a number on which it holds a lock of its session in PostgreSQL: the
lock goes with its connection, so that a killed one holds nothing up and is known to be gone.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from backnumber.longread.models import Send

_WORKERS = 0x6C6F6E67  # the class of our locks: "long"

_CLAIM = """
UPDATE longread_send SET claimed_by = %(worker)s FROM (
    SELECT id FROM longread_send
    WHERE edition_id = %(edition)s AND state = 'prepared' AND claimed_by IS NULL AND due_at <= %(now)s
      AND EXISTS (SELECT 1 FROM longread_edition WHERE id = %(edition)s AND state = 'sending')
    ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
) AS next WHERE longread_send.id = next.id RETURNING longread_send.id
"""
_FREEZE = """
INSERT INTO longread_send (edition_id, recipient_id, state, reason, attempts, due_at, in_doubt, settled_at)
SELECT %(edition)s, id, CASE WHEN why = '' THEN 'prepared' ELSE 'excluded' END, why, 0, %(now)s, false,
       CASE WHEN why = '' THEN NULL ELSE %(now)s END
FROM (
    SELECT r.id, CASE WHEN s.digest IS NOT NULL THEN 'suppressed: ' || s.reason
                      WHEN r.paused_until > %(now)s THEN 'paused by its reader' ELSE '' END AS why
    FROM longread_recipient r
    LEFT JOIN longread_suppression s ON s.digest = encode(sha256(convert_to(r.email, 'UTF8')), 'hex')
    WHERE r.confirmed_at IS NOT NULL AND r.left_at IS NULL
) AS audience ORDER BY id
"""


@contextmanager
def worker_number() -> Iterator[int]:
    """Promise: a number that is this session's alone, while the block lasts and the connection holds."""
    number = secrets.randbelow(2**31)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_WORKERS, number])
    try:
        yield number
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_WORKERS, number])


def freeze_audience(edition: int, now: datetime) -> int:
    """Promise: a row for everybody who is on the list now; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, {"edition": edition, "now": now})
        return cursor.rowcount


def claim(edition: int, worker: int, most: int, now: datetime) -> list[Send]:
    """Promise: up to `most` rows that are owed and due, and now this worker's alone; none unless the edition is being sent."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"edition": edition, "worker": worker, "now": now, "most": most})
        keys = [row[0] for row in cursor.fetchall()]
    return list(Send.objects.filter(pk__in=keys).select_related("recipient").order_by("due_at", "pk"))


def release(worker: int) -> None:
    """Promise: what this worker claimed and did not come to is anybody's."""
    Send.objects.filter(claimed_by=worker, state=Send.State.PREPARED).update(claimed_by=None)


def take_back(edition: int, but: int) -> int:
    """Promise: what workers that are gone had claimed is anybody's again, and stands as in doubt: they may have handed it over. How
    many rows.
    """
    claimed = Send.objects.filter(edition=edition, state=Send.State.PREPARED).exclude(claimed_by=None)
    taken = 0
    for worker in set(claimed.exclude(claimed_by=but).values_list("claimed_by", flat=True)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_WORKERS, worker])
            if cursor.fetchone()[0]:
                taken += claimed.filter(claimed_by=worker).update(claimed_by=None, in_doubt=True)
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_WORKERS, worker])
    return taken
