"""What the till says of a payment: read from its book."""

from datetime import datetime

from backnumber.payments.provider import Decline, Mandate, PaymentState, PaymentTruth
from backnumber.payments.till.models import TillMandate, TillPayment

_THERE = {PaymentState.PAID, PaymentState.REFUNDED, PaymentState.DISPUTED}


def state_of(payment: TillPayment, now: datetime) -> PaymentState:
    """Promise: where the payment stands at `now`; an open page nobody used for a day is cancelled; a dispute that was lost is
    money that has gone back.
    """
    if payment.state == TillPayment.State.APPROVED:
        if payment.dispute == TillPayment.Dispute.OPENED:
            return PaymentState.DISPUTED
        if payment.dispute == TillPayment.Dispute.LOST:
            return PaymentState.REFUNDED
        return PaymentState.PAID if payment.has_settled(now) else PaymentState.PENDING
    if payment.state == TillPayment.State.OPEN:
        return PaymentState.CANCELLED if payment.has_expired(now) else PaymentState.OPEN
    return PaymentState(payment.state)


def truth_of(payment: TillPayment, now: datetime) -> PaymentTruth:
    state = state_of(payment, now)
    is_declined = state is PaymentState.DECLINED
    return PaymentTruth(
        payment_key=payment.key,
        order_key=payment.order_key,
        state=state,
        amount=payment.amount,
        live=False,
        paid_at=payment.settles_at if state in _THERE else None,
        refunded_at=payment.refunded_at or (payment.decided_at if state is PaymentState.REFUNDED else None),
        given_back=payment.given_back(),
        disputed_at=payment.disputed_at,
        mandate=mandate_of(payment.mandate),
        decline=Decline(payment.decline or Decline.OTHER) if is_declined else None,
        request_key=payment.request_key,
    )


def mandate_of(card: TillMandate | None) -> Mandate | None:
    """Promise: what may be charged; None without a card, or when it was forgotten."""
    return None if card is None or card.forgotten_at else Mandate(card.key, str(card))
