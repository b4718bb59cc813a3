"""Migrations of what is sent, each run from the one before with data in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.fixture
def back_at() -> Iterator[Any]:
    """Goes back to a migration of a room; afterwards all are there again."""

    def go(*targets: tuple[str, str]) -> None:
        MigrationExecutor(connection).migrate(list(targets))

    yield go
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def run(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db(transaction=True)
def test_0002_what_is_sent_and_0005_printed_issues_leave_what_was_there_and_send_one_copy_of_each(
    back_at: Any,
) -> None:
    back_at(("circulation", "0001_initial"), ("products", "0004_given"))
    run(
        "INSERT INTO products_product (code, name, description, scope, term_months, keeps_term, is_print, renews, only_for, given, for_sale, position)"
        " VALUES ('print', 'Print', '', 'archive', 12, false, true, true, '', 'no', true, 1)"
    )
    run(
        "INSERT INTO circulation_printsubscription (number, name, surname, email, address, postcode, country, starts_on, ends_on, status,"
        " source, claim_number, claim_digits, filed_address)"
        " VALUES ('HG-1', 'Ann', 'Ann', '', 'York', 'YO1', 'GB', '2026-01-01', '2026-12-31', 'active', 'bureau', 'HG1', '1', '')"
    )
    back_at(("circulation", "0002_what_is_sent"), ("products", "0005_printed_issues"))
    assert run("SELECT code, issues FROM products_product") == [("print", None)]
    columns = "number, copies, issues, title_id, first_id, given_by, paid_region"
    assert run(f"SELECT {columns} FROM circulation_printsubscription") == [  # noqa: S608  # our own columns
        ("HG-1", 1, None, None, None, "", "")
    ]
