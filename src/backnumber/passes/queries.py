"""What a pass is made of."""

from backnumber.access import Grant
from backnumber.grants.models import Grant as Granted
from backnumber.grants.queries import as_rule


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
            LEFT JOIN grants_grant AS held ON held.reader_id = one.reader
            ORDER BY held.id
            """,
            [reader],
        )
    )
    number: int = getattr(rows[0], "generation")  # noqa: B009  # a column of this query, unknown to the model
    return number, tuple(as_rule(row) for row in rows if row.pk is not None)
