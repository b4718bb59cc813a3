"""What the provider's truths mean, taken together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from backnumber.money import Amount
from backnumber.payments.provider import PaymentState, PaymentTruth


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an order stands by all its payments. `truth` is what decides; `paid_twice` is for staff."""

    state: PaymentState
    truth: PaymentTruth | None = None
    paid_twice: bool = False


def problem(truth: PaymentTruth, *, order_key: str, amount: Amount, live: bool) -> str:
    """Promise: empty when the truth is about what we asked for; else what does not agree, for staff."""
    wrong = []
    if truth.order_key != order_key:
        wrong.append("it names another order")
    if truth.amount.currency != amount.currency:
        wrong.append(f"the currency is {truth.amount.currency}, not {amount.currency}")
    elif truth.amount != amount:
        wrong.append(f"the amount is {truth.amount}, not {amount}")
    if truth.live != live:
        wrong.append("it is a test payment" if live else "it is a live payment, and this is not a live site")
    return "; ".join(wrong)


def outcome(truths: Sequence[PaymentTruth]) -> Outcome:
    """Promise: where the order stands, whatever the order of `truths` but for the last attempt, which speaks
    when none was paid.
    """
    paid = sorted((t for t in truths if t.state is PaymentState.PAID), key=_when_paid)
    if paid:
        return Outcome(PaymentState.PAID, paid[0], paid_twice=len(paid) > 1)
    refunded = sorted((t for t in truths if t.state is PaymentState.REFUNDED), key=_when_paid)
    if refunded:
        return Outcome(PaymentState.REFUNDED, refunded[0])
    for waiting in (PaymentState.PENDING, PaymentState.OPEN):
        if any(t.state is waiting for t in truths):
            return Outcome(waiting)
    return Outcome(truths[-1].state) if truths else Outcome(PaymentState.OPEN)


def _when_paid(truth: PaymentTruth) -> tuple[float, str]:
    return (truth.paid_at.timestamp() if truth.paid_at else 0.0, truth.payment_key)
