"""What has been voided lately, for a front door that begins."""

from datetime import datetime

from backnumber.access import Grant
from backnumber.pages import passes
from backnumber.passes.models import EndedSession, Generation
from backnumber.subscriptions.models import Grant as Granted
from backnumber.subscriptions.queries import as_rule


def generations(now: datetime) -> dict[int, int]:
    """Promise: the present number of every reader whose rights changed while a pass may still be about."""
    recent = Generation.objects.filter(changed_at__gt=now - passes.LOOKED_BACK)
    return dict(recent.values_list("reader", "number"))


def generation_and_grants(reader: int) -> tuple[int, tuple[Grant, ...]]:
    """Promise: the number of the reader's passes and the grants they carry, both as of one moment: one query.

    A pass with rights of before a change and a number of after it would not be void.
    """
    rows = list(
        Granted.objects.raw(
            """
            SELECT held.*, coalesce(known.number, 0) AS generation
            FROM (SELECT %s::bigint AS reader) AS one
            LEFT JOIN passes_generation AS known ON known.reader = one.reader
            LEFT JOIN subscriptions_grant AS held ON held.reader_id = one.reader
            ORDER BY held.id
            """,
            [reader],
        )
    )
    number: int = getattr(rows[0], "generation")  # noqa: B009  # a column of this query, unknown to the model
    return number, tuple(as_rule(row) for row in rows if row.pk is not None)


def ended_sessions(now: datetime) -> set[bytes]:
    marks = EndedSession.objects.filter(ended_at__gt=now - passes.LOOKED_BACK).values_list("mark", flat=True)
    return {bytes(mark) for mark in marks}
