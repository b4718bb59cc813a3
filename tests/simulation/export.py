"""The state in one text: orders, subscriptions, rights, ledger and payments, without the keys and numbers that chance gave them."""

import hashlib
import json
import re
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

NUMBER_BY_CHANCE = re.compile(r"(?<=^Order )\d+|(?<=ending )\d+")
"""The number of an order, and a demo card's last figures: both are made from a row's number."""
ORDERS = """
    SELECT key, email, p.code AS product, o.label, months, days, minor, currency, o.region, address, state, placed_at, paid_at, refunded_at,
           begins, until, anchor, months_before, o.renews, renewal_minor, renewal_months, term, restored,
           (SELECT first_order FROM renewals_subscription s WHERE s.id = o.subscription_id) AS subscription,
           (SELECT r.email FROM readers_reader r WHERE r.id = o.reader_id) AS reader
    FROM checkout_order o JOIN products_product p ON p.id = o.product_id
"""
SUBSCRIPTIONS = """
    SELECT s.first_order, s.state, s.term, s.paid_until, s.anchor, s.months_before, s.acts_at, s.failures, s.decline, s.cards, s.months, s.minor,
           s.currency, s.region, s.provider, s.mandate_label, s.mandate_key <> '' AS has_mandate, s.mandate_expires, s.began_at,
           s.paused_until, s.next_minor, s.next_from, s.cancelled_at, s.ended_at, s.ended_because,
           (SELECT code FROM products_product p WHERE p.id = s.product_id) AS product,
           (SELECT code FROM products_product p WHERE p.id = s.next_product_id) AS next_product
    FROM renewals_subscription s
"""
GRANTS = """
    SELECT (SELECT r.email FROM readers_reader r WHERE r.id = g.reader_id) AS reader, scope, starts, until, evidence, evidence_key, label,
           granted_at, revoked_at, revoked_because, kept_first_date, kept_last_date
    FROM grants_grant g
"""
PAYMENTS = """
    SELECT order_key, attempt, provider, minor, currency, description, email, keeps_mandate, charged <> '' AS charged, state, begun_at, paid_at,
           refunded_at, disputed_at, given_back, decline, mandate_label, agrees, problem
    FROM payments_payment
"""
LEDGER = """
    SELECT p.order_key, p.attempt, e.kind, e.minor, e.currency, e.at, e.noted_at
    FROM payments_ledgerentry e JOIN payments_payment p ON p.id = e.payment_id
"""


def _rows(query: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def export() -> str:
    """Promise: the same text for the same state, whatever keys and row numbers chance gave. Orders are numbered in the order in which they
    were placed.
    """
    orders = _rows(ORDERS)
    # who deleted an account has no name any more: what they bought, and when, tells their orders apart
    orders.sort(key=lambda row: json.dumps({**row, "key": "", "subscription": ""}, cls=DjangoJSONEncoder, sort_keys=True))  # fmt: skip
    orders.sort(key=lambda row: row["placed_at"])
    numbers = {row["key"]: f"order {n}" for n, row in enumerate(orders, 1)}
    state = {
        "orders": [_named(row, numbers) for row in orders],
        "subscriptions": _sorted(SUBSCRIPTIONS, numbers),
        "rights": _sorted(GRANTS, numbers),
        "payments": _sorted(PAYMENTS, numbers),
        "ledger": _sorted(LEDGER, numbers),
    }
    return json.dumps(state, cls=DjangoJSONEncoder, indent=1, sort_keys=True)


def digest() -> str:
    return hashlib.sha256(export().encode()).hexdigest()


def _sorted(query: str, numbers: dict[str, str]) -> list[dict[str, Any]]:
    named = [_named(row, numbers) for row in _rows(query)]
    return sorted(named, key=lambda row: json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True))


def _named(row: dict[str, Any], numbers: dict[str, str]) -> dict[str, Any]:
    made = dict(row)
    for name in ("key", "subscription", "first_order", "order_key"):
        if made.get(name):
            made[name] = numbers.get(made[name], "unknown")
    if "evidence_key" in made:
        key, dot, rest = made["evidence_key"].partition(".")
        made["evidence_key"] = numbers.get(key, "unknown") + dot + rest
    for name in ("revoked_because", "mandate_label"):
        if made.get(name):
            made[name] = NUMBER_BY_CHANCE.sub("#", made[name])
    return made
