"""What the provider's truths mean, taken together, and what of them stands in the ledger. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from backnumber.money import Amount
from backnumber.payments.provider import PaymentState, PaymentTruth

CAME_IN = frozenset({PaymentState.PAID, PaymentState.REFUNDED, PaymentState.DISPUTED})
"""States of a payment whose money was here once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an order stands by all its payments. `truth` is what decides; `paid_twice` is for staff."""

    state: PaymentState
    truth: PaymentTruth | None = None
    paid_twice: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What moved of one payment, by kind, in minor units; what went back is negative."""

    payment: int = 0
    refund: int = 0
    dispute: int = 0


def problem(truth: PaymentTruth, *, order_key: str, amount: Amount, live: bool) -> str:
    """Promise: empty when the truth is about what we asked for; else what does not agree, for staff."""
    wrong = []
    if truth.order_key != order_key:
        wrong.append("it names another order")
    if truth.amount.currency != amount.currency:
        wrong.append(f"the currency is {truth.amount.currency}, not {amount.currency}")
    elif truth.amount != amount:
        wrong.append(f"the amount is {truth.amount}, not {amount}")
    elif not 0 <= truth.given_back <= amount.minor:
        wrong.append("more went back than was paid")
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
    for gone in (PaymentState.DISPUTED, PaymentState.REFUNDED):
        went_back = sorted((t for t in truths if t.state is gone), key=_when_paid)
        if went_back:
            return Outcome(gone, went_back[0])
    for waiting in (PaymentState.PENDING, PaymentState.OPEN):
        if any(t.state is waiting for t in truths):
            return Outcome(waiting)
    return Outcome(truths[-1].state) if truths else Outcome(PaymentState.OPEN)


def balance(truth: PaymentTruth) -> Balance:
    """Promise: what has moved by this truth."""
    if truth.state not in CAME_IN:
        return Balance()
    paid = truth.amount.minor
    if truth.state is PaymentState.DISPUTED or was_lost(truth):
        return Balance(paid, -truth.given_back, truth.given_back - paid)
    return Balance(paid, -paid if truth.state is PaymentState.REFUNDED else -truth.given_back)


def was_lost(truth: PaymentTruth) -> bool:
    """Whether the money went back by a dispute, and not by refunds."""
    is_gone = truth.state is PaymentState.REFUNDED and truth.disputed_at is not None
    return is_gone and truth.given_back < truth.amount.minor


def _when_paid(truth: PaymentTruth) -> tuple[float, str]:
    return (truth.paid_at.timestamp() if truth.paid_at else 0.0, truth.payment_key)
