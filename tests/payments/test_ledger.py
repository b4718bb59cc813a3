"""The ledger only grows, adds up, and says what the provider says, whatever order it was heard in."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from backnumber.checkout import service
from backnumber.money import Amount
from backnumber.payments import ledger
from backnumber.payments import service as payments
from backnumber.payments.models import LedgerEntry, Payment
from backnumber.payments.provider import PaymentState, PaymentTruth
from backnumber.payments.rules import Balance, balance
from backnumber.payments.service import Answer
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.making import NOON


def truth(state: PaymentState, given_back: int = 0) -> PaymentTruth:
    return PaymentTruth("key", "order", state, Amount(600, "GBP"), live=False, given_back=given_back)


@pytest.mark.parametrize(
    ("state", "given_back", "moved"),
    [
        (PaymentState.OPEN, 0, Balance()),
        (PaymentState.PENDING, 0, Balance()),
        (PaymentState.DECLINED, 0, Balance()),
        (PaymentState.PAID, 0, Balance(600)),
        (PaymentState.PAID, 200, Balance(600, -200)),
        (PaymentState.REFUNDED, 0, Balance(600, -600)),
        (PaymentState.DISPUTED, 0, Balance(600, 0, -600)),
        (PaymentState.DISPUTED, 200, Balance(600, -200, -400)),
    ],
)
def test_what_has_moved_by_a_truth(state: PaymentState, given_back: int, moved: Balance) -> None:
    assert balance(truth(state, given_back)) == moved


@given(st.sampled_from(PaymentState), st.integers(0, 600))
def test_no_truth_moves_more_back_than_came(state: PaymentState, given_back: int) -> None:
    moved = balance(truth(state, given_back))
    assert 0 <= moved.payment + moved.refund + moved.dispute <= 600


def test_each_movement_is_noted_once(dan: Reader) -> None:
    placed = steps.paid_order(dan, now=NOON)
    for _ in range(3):
        service.settle(placed.key, NOON)
    steps.refund(placed, NOON + timedelta(days=1))
    for _ in range(3):
        service.settle(placed.key, NOON + timedelta(days=1))
    assert [(entry.kind, entry.minor) for entry in LedgerEntry.objects.all()] == [("payment", 4800), ("refund", -4800)]  # fmt: skip
    assert ledger.noted(steps.payment_of(placed)) == Balance(4800, -4800)


def entry_of(reader: Reader) -> LedgerEntry:
    placed = steps.paid_order(reader, now=NOON)
    return LedgerEntry.objects.get(payment=steps.payment_of(placed))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_ledgerentry SET minor = 1 WHERE id = %s",
        "DELETE FROM payments_ledgerentry WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(dan: Reader, statement: str) -> None:
    entry = entry_of(dan)
    with pytest.raises(Error, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [entry.pk])
    assert LedgerEntry.objects.get(pk=entry.pk).minor == 4800


def add(payment: Payment, minor: int, currency: str) -> None:
    """An entry, checked at once and not only at the end of the transaction."""
    LedgerEntry.objects.create(payment=payment, kind="refund", minor=minor, currency=currency, at=NOON, noted_at=NOON)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(("minor", "currency"), [(1, "GBP"), (-4801, "GBP"), (-1, "EUR")])
def test_the_database_refuses_entries_that_do_not_add_up(dan: Reader, minor: int, currency: str) -> None:
    entry = entry_of(dan)
    with pytest.raises(Error, match="does not add up"), transaction.atomic():
        add(entry.payment, minor, currency)


def test_what_adds_up_is_taken(dan: Reader) -> None:
    """The control."""
    entry = entry_of(dan)
    add(entry.payment, -4800, "GBP")


def test_an_answer_to_an_earlier_question_changes_nothing(dan: Reader) -> None:
    placed = steps.order(dan, now=NOON)
    (early,) = payments.ask(placed.key, NOON)
    steps.approve(placed, NOON)
    service.settle(placed.key, NOON)
    service.settle_by(placed.key, [early], NOON + timedelta(minutes=1))
    assert steps.payment_of(placed).state == PaymentState.PAID
    assert early.truth.state is PaymentState.OPEN


def test_the_attempt_is_written_down_before_the_provider_hears_of_it(
    dan: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the provider began the payment and before we knew: the next try finds the same payment."""
    placed = service.place(dan, steps.wish(), "token", NOON)
    begin = payments.providers.provider("till").begin
    monkeypatch.setattr(
        "backnumber.payments.till.provider.Till.begin", lambda till, *args: (begin(*args), 1 / 0)
    )
    with pytest.raises(ZeroDivisionError):
        service.pay(placed.key, NOON)
    monkeypatch.undo()
    service.pay(placed.key, NOON)
    assert Payment.objects.filter(order_key=placed.key).count() == 1
    assert steps.TillPayment.objects.count() == 1


def test_no_provider_is_asked_within_a_transaction(dan: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = len(connection.savepoint_ids)
    asked: list[int] = []
    for name in ("begin", "fetch", "charge", "refund"):
        real = getattr(payments.providers.Till, name)
        monkeypatch.setattr(payments.providers.Till, name, lambda till, *args, real=real: (asked.append(len(connection.savepoint_ids)), real(till, *args))[1])  # fmt: skip
    placed = steps.paid_order(dan, now=NOON)
    service.refund(placed.key, 100, ends_right=False, because="x", by="y", now=NOON)
    steps.hear(placed)
    service.reconcile(NOON + timedelta(hours=1))
    assert len(asked) >= 5
    assert set(asked) == {depth}


def test_an_answer_about_another_amount_counts_for_nothing(dan: Reader) -> None:
    placed = steps.order(dan, now=NOON)
    payment = steps.payment_of(placed)
    told = PaymentTruth(
        payment.key or "", placed.key, PaymentState.PAID, Amount(1, "GBP"), live=False, paid_at=NOON
    )
    service.settle_by(placed.key, [Answer(payment.pk, 99, told)], NOON)
    assert not LedgerEntry.objects.exists()
