"""The till's own book and what readers did, as facts for the model: read from the tables, without the project's code."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from tests.simulation.model import EVENING, Fact
from tests.simulation.people import Person

BOOK = """
    SELECT o.reader_id, t.key, t.order_key, t.minor, t.state, t.begun_at, t.settles_at, t.refunded_at, t.disputed_at, t.decided_at,
           t.dispute, t.success_url = '' AS charged, o.renews, o.term,
           coalesce((SELECT s.first_order FROM renewals_subscription s WHERE s.id = o.subscription_id), o.key) AS sale
    FROM till_tillpayment t JOIN checkout_order o ON o.key = t.order_key
    WHERE o.reader_id IS NOT NULL ORDER BY t.id
"""


def rows() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(BOOK)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def facts_of(people: Sequence[Person], now: datetime) -> dict[int, list[Fact]]:
    """Promise: by reader, everything that has happened by now."""
    by_reader: dict[int, list[Fact]] = defaultdict(list)
    known = {person.reader.pk: person for person in people if person.reader and not person.deleted}
    for row in rows():
        person = known.get(row["reader_id"])
        if person is not None:
            by_reader[row["reader_id"]] += _facts(row, person)
    for pk, person in known.items():
        for act in person.acts:
            match act.what:
                case "ended by staff":
                    by_reader[pk].append(Fact(act.at, act.at, "ended", act.key))
                case "cancel" | "resume" | "pause":
                    by_reader[pk].append(Fact(act.at, act.at, act.what, sale=act.key, months=act.months))
    return {pk: [fact for fact in facts if fact.heard <= now] for pk, facts in by_reader.items()}


def _facts(row: dict[str, Any], person: Person) -> list[Fact]:
    order, sale, facts = row["order_key"], row["sale"], []
    is_paid = row["state"] in {"approved", "refunded"}
    if row["charged"] and (not is_paid or row["settles_at"] > row["begun_at"]):
        begun = row["begun_at"]
        # money on its way gives grace as well, and is no failure
        facts.append(Fact(begun, begun, "failed", order, sale, months=1 if is_paid else 0))
    if is_paid:
        paid = row["settles_at"]
        at_once = row["charged"] and paid == row["begun_at"]
        heard = paid if at_once or (row["key"] in person.came_back and paid == _noon(row)) else _evening(paid)
        facts.append(Fact(heard, paid, "paid", order, sale, row["minor"], renews=row["renews"]))
    if row["state"] == "refunded":
        back = row["refunded_at"]
        by_staff = any(act.at == back and act.key == order for act in person.acts)
        facts.append(Fact(back if by_staff else _evening(back), back, "back", order))
    if row["disputed_at"]:
        facts.append(Fact(_evening(row["disputed_at"]), row["disputed_at"], "disputed", order))
    if row["decided_at"]:
        decided = row["decided_at"]
        facts.append(Fact(_evening(decided), decided, row["dispute"], order))
    return facts


def _noon(row: dict[str, Any]) -> datetime:
    return row["settles_at"]


def _evening(instant: datetime) -> datetime:
    return instant.replace(hour=EVENING)
