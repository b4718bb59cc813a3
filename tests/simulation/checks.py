"""What must hold at every month's end. Each check gives what is wrong, in words; nothing when all is well."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from backnumber.access import counts
from backnumber.grants.models import Grant
from backnumber.grants.queries import as_rule
from tests.simulation import books
from tests.simulation.model import Account
from tests.simulation.people import Person

TILL_SAYS = """
    SELECT t.key, CASE WHEN t.state NOT IN ('approved', 'refunded') OR t.settles_at > %(now)s THEN 0
                       WHEN t.state = 'refunded' OR t.dispute IN ('opened', 'lost') THEN 0
                       ELSE t.minor - coalesce((SELECT sum(minor) FROM till_tillrefund r WHERE r.payment_id = t.id), 0) END
    FROM till_tillpayment t
"""
WE_SAY = """
    SELECT p.key, coalesce((SELECT sum(minor) FROM payments_ledgerentry e WHERE e.payment_id = p.id), 0)
    FROM payments_payment p WHERE p.key IS NOT NULL
"""
TERMS = """
    SELECT o.reader_id, p.is_print, o.begins, o.until, o.key FROM checkout_order o JOIN products_product p ON p.id = o.product_id
    WHERE o.state = 'paid' AND o.restored = 0 AND o.reader_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM grants_grant g WHERE g.evidence_key = o.key AND g.revoked_at IS NOT NULL)
    ORDER BY o.reader_id, p.is_print, o.begins, o.until
"""
TWO_LIVING = """
    SELECT s.reader_id, count(*) FROM renewals_subscription s JOIN products_product p ON p.id = s.product_id
    WHERE s.state <> 'ended' AND s.reader_id IS NOT NULL GROUP BY s.reader_id, p.is_print HAVING count(*) > 1
"""
TWO_RIGHTS = """
    SELECT split_part(evidence_key, '.', 1), count(*) FROM grants_grant
    WHERE evidence = 'payment' AND evidence_key NOT LIKE '%%.grace' AND (revoked_at IS NULL OR revoked_at > %(now)s)
    GROUP BY 1 HAVING count(*) > 1
"""
FOR_NOBODY = """
    SELECT count(*) FROM grants_grant g WHERE evidence = 'payment' AND NOT EXISTS (
        SELECT 1 FROM checkout_order o WHERE o.key = split_part(g.evidence_key, '.', 1) AND o.reader_id = g.reader_id)
"""


def _rows(query: str, now: datetime | None = None) -> list[tuple]:  # type: ignore[type-arg]
    with connection.cursor() as cursor:
        cursor.execute(query, {"now": now})
        return list(cursor.fetchall())


def what_is_wrong(people: Sequence[Person], now: datetime) -> list[str]:
    """Promise: everything that does not hold at this moment."""
    return [*_ledger(now), *_overlaps(), *_doubles(now), *_readers(people, now)]


def _ledger(now: datetime) -> Iterator[str]:
    theirs, ours = dict(_rows(TILL_SAYS, now)), dict(_rows(WE_SAY))
    for key in theirs.keys() | ours.keys():
        if theirs.get(key) != ours.get(key):
            yield f"payment {key}: the till holds {theirs.get(key)}, the ledger {ours.get(key)}"
    if sum(theirs.values()) != sum(ours.values()):
        yield f"the till holds {sum(theirs.values())} in all, the ledger {sum(ours.values())}"


def _overlaps() -> Iterator[str]:
    for one, other in itertools.pairwise(_rows(TERMS)):
        if one[:2] == other[:2] and other[2] < one[3]:
            yield f"reader {one[0]}: {one[4]} runs until {one[3]}, and {other[4]} begins {other[2]}"


def _doubles(now: datetime) -> Iterator[str]:
    for reader, many in _rows(TWO_LIVING):
        yield f"reader {reader} has {many} living subscriptions of a kind"
    for order, many in _rows(TWO_RIGHTS, now):
        yield f"order {order} gives {many} rights"
    for (many,) in _rows(FOR_NOBODY):
        if many:
            yield f"{many} rights rest on no order of their reader"


def _readers(people: Sequence[Person], now: datetime) -> Iterator[str]:
    """Who paid reads at this instant, and nobody else."""
    held: dict[int, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(evidence="payment").order_by("id").iterator():
        held[grant.reader_id].append(grant)
    facts = books.facts_of(people, now)
    for person in people:
        if person.reader is None or person.deleted:
            continue
        pk = person.reader.pk
        reads = any(counts(as_rule(grant), now) for grant in held[pk])
        should = Account().after(facts.get(pk, [])).may_read(now)
        if reads != should:
            yield f"reader {person.number} (row {pk}) {'reads' if reads else 'cannot read'} at {now}, and {'should' if should else 'should not'}"
