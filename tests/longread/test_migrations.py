"""Migrations of the weekly mail, each run from the one before with data in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backnumber.longread import service
from tests import making


@pytest.fixture
def back_at() -> Iterator[Any]:
    """Goes back to a migration of the room; afterwards all are there again."""

    def go(name: str) -> None:
        MigrationExecutor(connection).migrate([("longread", name)])

    yield go
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.django_db(transaction=True)
def test_0002_states_of_a_send_says_in_a_state_what_four_columns_said(back_at: Any) -> None:
    week = service.pick(making.article("A"), making.NOON.date().replace(day=16))
    back_at("0001_initial")
    edition = run(
        "INSERT INTO longread_edition (long_read_id, subject, text, html, frozen_at) VALUES (%s, 'S', '', '', %s) RETURNING id",
        week.pk,
        making.NOON,
    )[0][0]
    at = making.NOON
    for number, (went, left, refused, said) in enumerate(
        [(at, "", None, ""), (None, "left before it went out", None, ""), (None, "", at, "550 No"), (None, "", None, "450 Busy")]
    ):  # fmt: skip
        run(
            "WITH r AS (INSERT INTO longread_recipient (email, token, confirm_token, asked_at) VALUES (%s, %s, %s, %s) RETURNING id)"
            " INSERT INTO longread_send (edition_id, recipient_id, handed_over_at, excluded_because, refused_at, last_error, attempts)"
            " SELECT %s, id, %s, %s, %s, %s, 1 FROM r",
            f"r{number}@example.org", f"t{number}", f"c{number}", at, edition, went, left, refused, said,
        )  # fmt: skip
    back_at("0002_states_of_a_send")
    assert run("SELECT state, reason, settled_at IS NOT NULL FROM longread_send ORDER BY id") == [
        ("handed over", "", True),
        ("excluded", "left before it went out", False),
        ("refused", "550 No", True),
        ("prepared", "450 Busy", False),
    ]
    assert run("SELECT state FROM longread_edition") == [("paused",)], "nothing goes out by itself"
    back_at("0001_initial")
    assert run("SELECT handed_over_at, excluded_because, refused_at, last_error FROM longread_send ORDER BY id") == [
        (at, "", None, ""), (None, "left before it went out", None, ""), (None, "", at, "550 No"), (None, "", None, "450 Busy"),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_0003_what_an_editor_plans_leaves_a_week_as_it_was(back_at: Any) -> None:
    week = service.pick(making.article("A"), making.NOON.date().replace(day=16), "Hello.")
    back_at("0002_states_of_a_send")
    back_at("0003_what_an_editor_plans")
    assert run("SELECT introduction, links, sponsor, sends_at FROM longread_longread WHERE id = %s", week.pk) == [("Hello.", "", "", None)]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_0004_consent_and_what_came_back_leaves_the_list_as_it_was(back_at: Any) -> None:
    back_at("0003_what_an_editor_plans")
    run(
        "INSERT INTO longread_recipient (email, token, confirm_token, asked_at, confirmed_at) VALUES ('a@example.org', 't', 'c', %s, %s)",
        making.NOON,
        making.NOON,
    )
    back_at("0004_consent_and_what_came_back")
    assert run("SELECT email, confirmed_at, paused_until, soft_bounces FROM longread_recipient") == [("a@example.org", making.NOON, None, 0)]  # fmt: skip
