"""A short run of the simulated magazine. `make three-years` is the long one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from backnumber.checkout import renewing
from backnumber.payments import ledger
from backnumber.payments.till import service as till
from tests.making import NOON
from tests.simulation import model, run
from tests.simulation.model import Account, Fact

DAY = timedelta(days=1)
PRICE = 600


@pytest.fixture(autouse=True)
def slow_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Direct debit takes days, not seconds."""
    monkeypatch.setattr(till, "BANK_TAKES", run.BANK_TAKES)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def simulated(people: int, days: int, *, shuffled: bool = False, seed: int = 7) -> run.Told:
    with undone(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        told = run.simulate(people, days, seed=seed, shuffled=shuffled, comes_every=9, new_for_days=20)
        mail.outbox.clear()
    return told


@pytest.mark.django_db
def test_four_months_of_a_magazine_adds_up_and_its_events_doubled_late_and_shuffled_change_nothing() -> None:
    plain = simulated(14, 120)
    assert plain.wrong == []
    for step in ("buy", "resume", "card_will", "subscriptions acted on", "events delivered"):
        assert plain.steps[step] > 2, f"hardly anything happened: {plain.steps}"
    shuffled = simulated(14, 120, shuffled=True)
    assert shuffled.wrong == []
    assert shuffled.steps["events delivered"] > 1.7 * plain.steps["events delivered"]
    assert shuffled.state == plain.state


@pytest.mark.django_db
def test_a_ledger_that_forgets_and_months_that_nobody_paid_for_would_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "note", lambda payment, now: [])
        assert any("the ledger" in line for line in simulated(4, 31).wrong)
    with monkeypatch.context() as broken:
        broken.setattr(renewing, "next_term", lambda held, order, paid_at, zone: _too_long(held, order, zone))
        assert any("reads" in line for line in simulated(14, 92).wrong)


def _too_long(held: object, order: object, zone: object) -> object:
    """Every renewal gives a month that nobody paid for."""
    from backnumber.checkout import rules  # noqa: PLC0415

    term = rules.Term(held.paid_until, held.paid_until, held.anchor, held.months_before, 0)  # type: ignore[attr-defined]
    return rules.next_term(term, order.months + 1, zone)  # type: ignore[attr-defined,arg-type]


def paid(at_days: int, order: str, sale: str = "", *, minor: int = PRICE, renews: bool = True) -> Fact:
    at = NOON + at_days * DAY
    return Fact(at, at, "paid", order, sale or order, minor, renews=renews)


def test_the_model_of_who_should_read() -> None:
    """The model is held to the examples of the rules, for it judges everything else."""
    month = model.later(NOON, 1)
    first, second = paid(0, "a"), paid(29, "b", "a")
    assert Account().after([first]).may_read(month - timedelta(seconds=1))
    assert not Account().after([first]).may_read(month)
    assert Account().after([first, second]).may_read(month)
    failed = Fact(NOON + 29 * DAY, NOON + 29 * DAY, "failed", "b", "a")
    assert Account().after([first, failed]).may_read(month + model.GRACE - DAY)
    assert not Account().after([first, failed]).may_read(month + model.GRACE)
    back = replace(first, heard=NOON + DAY, at=NOON + DAY, what="back")
    assert not Account().after([first, back]).may_read(NOON + 2 * DAY)
