"""What the provider's truths mean, by table."""

from datetime import timedelta

import pytest

from backnumber.money import Amount
from backnumber.payments.provider import PaymentState, PaymentTruth
from backnumber.payments.rules import outcome, problem
from tests.making import NOON

pytestmark = pytest.mark.usefixtures("no_sockets")

ASKED = Amount(4800, "GBP")


def truth(
    state: str = "paid",
    *,
    key: str = "a",
    amount: Amount = ASKED,
    order: str = "o",
    live: bool = False,
    after: int = 0,
) -> PaymentTruth:
    return PaymentTruth(
        key, order, PaymentState(state), amount, live, paid_at=NOON + timedelta(minutes=after)
    )


def test_a_truth_that_is_about_what_we_asked_for_has_no_problem() -> None:
    assert problem(truth(), order_key="o", amount=ASKED, live=False) == ""


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (truth(amount=Amount(1, "GBP")), "the amount is £0.01, not £48"),
        (truth(amount=Amount(4800, "EUR")), "the currency is EUR, not GBP"),
        (truth(order="another"), "another order"),
        (truth(live=True), "it is a live payment"),
    ],
)
def test_what_does_not_agree_is_said(told: PaymentTruth, says: str) -> None:
    assert says in problem(told, order_key="o", amount=ASKED, live=False)


def test_a_test_payment_on_a_live_site_is_a_problem() -> None:
    assert "test payment" in problem(truth(live=False), order_key="o", amount=ASKED, live=True)


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([], "open"),
        (["open"], "open"),
        (["pending"], "pending"),
        (["declined"], "declined"),
        (["declined", "open"], "open"),
        (["declined", "cancelled"], "cancelled"),
        (["cancelled", "declined"], "declined"),
        (["open", "declined"], "open"),
        (["declined", "paid"], "paid"),
        (["paid", "declined"], "paid"),
        (["paid", "refunded"], "paid"),
        (["refunded", "declined"], "refunded"),
        (["refunded", "open"], "refunded"),
    ],
)
def test_where_an_order_stands_by_all_its_payments(states: list[str], found: str) -> None:
    truths = [truth(state, key=str(n)) for n, state in enumerate(states)]
    assert outcome(truths).state == found


def test_of_two_paid_payments_the_first_counts_and_the_second_is_told_to_staff() -> None:
    first, second = truth(key="b", after=1), truth(key="a", after=2)
    for truths in ([first, second], [second, first]):
        assert outcome(truths).truth == first
        assert outcome(truths).paid_twice
    assert not outcome([first]).paid_twice
