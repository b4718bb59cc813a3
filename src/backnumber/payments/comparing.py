"""In what a provider's truth about a payment and our own book differ. Pure, but for the row that it is given."""

from dataclasses import dataclass

from backnumber.money import Amount
from backnumber.payments.models import Difference, Payment
from backnumber.payments.provider import PaymentState, PaymentTruth
from backnumber.payments.rules import CAME_IN, Balance, balance, problem

Kind = Difference.Kind
_MONEY_MOVES = CAME_IN | {PaymentState.PENDING}


@dataclass(frozen=True, slots=True)
class Found:
    """One difference, and a sentence about it for staff."""

    kind: Difference.Kind
    what: str


def differences(
    truth: PaymentTruth, ours: Payment | None, noted: Balance, *, live: bool
) -> tuple[Found, ...]:
    """Promise: every difference that is about money. `noted`: what our ledger holds of the payment. A page that nobody paid on is no difference,
    whatever we hold it for.
    """
    if ours is None:
        if truth.state not in _MONEY_MOVES:
            return ()
        return (Found(Kind.UNKNOWN, f"{truth.amount}, {truth.state}: we have no such payment."),)
    wrong = problem(truth, order_key=ours.order_key, amount=ours.amount, live=live)
    if wrong:
        return (Found(Kind.DISAGREES, f"{_sentence(wrong)}."),)
    found = []
    if told := _state(truth, ours):
        found.append(Found(Kind.STATE, told))
    elif balance(truth) != noted:
        should, stands = (sum((b.payment, b.refund, b.dispute)) for b in (balance(truth), noted))
        currency = truth.amount.currency
        told = (
            f"The provider holds {Amount(should, currency)} of it, our ledger {Amount(stands, currency)}."
            if should != stands and stands >= 0
            else "Our ledger has other movements."
        )
        found.append(Found(Kind.LEDGER, told))
    if ours.problem and ours.agrees:
        found.append(Found(Kind.FLAGGED, ours.problem))
    return tuple(found)


def _state(truth: PaymentTruth, ours: Payment) -> str:
    was = PaymentState(ours.state)
    if truth.state is not was:
        return f"It is {truth.state}; we held it for {was}." if {truth.state, was} & _MONEY_MOVES else ""
    if truth.state is PaymentState.PAID and truth.given_back != ours.given_back:
        currency = truth.amount.currency
        there, here = Amount(truth.given_back, currency), Amount(ours.given_back, currency)
        return f"{there} of it went back; we held it for {here}."
    return ""


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
