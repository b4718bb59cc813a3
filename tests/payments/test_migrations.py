"""Migrations of selling, each run from the one before with data in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.making import NOON

AT = NOON.isoformat()


@pytest.fixture
def back_at() -> Iterator[Any]:
    """Goes back to a migration of a room; afterwards all are there again."""

    def go(*targets: tuple[str, str]) -> None:
        MigrationExecutor(connection).migrate(list(targets))

    yield go
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db(transaction=True)
def test_0002_ledger_notes_what_was_paid_and_given_back_before(back_at: Any) -> None:
    back_at(("payments", "0001_initial"))
    for number, state in enumerate(("paid", "refunded", "open", "declined"), 1):
        run(
            "INSERT INTO payments_payment (provider, key, order_key, attempt, minor, currency, address, state, begun_at, paid_at, problem)"
            " VALUES ('till', %s, %s, 1, 500, 'GBP', '', %s, %s, %s, '')",
            f"key{number}",
            f"order{number}",
            state,
            AT,
            AT,
        )
    back_at(("payments", "0002_ledger"))
    noted = run(
        "SELECT order_key, kind, entry.minor FROM payments_ledgerentry entry JOIN payments_payment p ON p.id = payment_id ORDER BY 1, 3"
    )
    assert noted == [("order1", "payment", 500), ("order2", "refund", -500), ("order2", "payment", 500)]
    assert run("SELECT order_key, given_back FROM payments_payment WHERE given_back > 0") == [("order2", 500)]
    back_at(("payments", "0001_initial"))
    assert run("SELECT count(*) FROM payments_payment") == [(4,)]


@pytest.mark.django_db(transaction=True)
def test_0002_subscriptions_and_0002_recurring_leave_orders_and_products_as_they_were(back_at: Any) -> None:
    back_at(("checkout", "0001_initial"), ("products", "0001_initial"))
    run(
        "INSERT INTO products_product (code, name, description, scope, term_months, keeps_term, is_print, for_sale, position)"
        " VALUES ('yearly', 'Online access', '', 'archive', 12, false, false, true, 1)"
    )
    run(
        "INSERT INTO checkout_order (key, email, product_id, label, months, days, minor, currency, region, state, placed_at, months_before)"
        " SELECT 'key', 'a@example.org', id, 'Online access', 12, 0, 4800, 'GBP', 'anywhere', 'open', %s, 0 FROM products_product",
        AT,
    )
    back_at(("products", "0002_recurring"), ("checkout", "0002_subscriptions"))
    assert run("SELECT key, state, renews, term, restored, subscription_id FROM checkout_order") == [("key", "open", False, 1, 0, None)]  # fmt: skip
    assert run("SELECT code, renews, first_months, only_for FROM products_product") == [("yearly", False, None, "")]  # fmt: skip
