"""What Stripe's objects mean. Pure.

A payment is a Checkout Session, when its payer was present, or a PaymentIntent, when they were not. Either leads to the intent,
its latest charge, and the refunds and disputes of that.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime

import stripe

from backnumber.money import Amount
from backnumber.payments.provider import Decline, Mandate, PaymentState, PaymentTruth

WITHOUT_PAYER = "without-payer"  # metadata "kind" of an intent that we charged
GONE = "mandate-gone"  # metadata "decline" of an intent whose card could not even be tried

_DECLINES = {
    "authentication_required": Decline.CONFIRMATION,
    "authentication_not_handled": Decline.CONFIRMATION,
    "payment_intent_authentication_failure": Decline.CONFIRMATION,
    "expired_card": Decline.EXPIRED,
    "insufficient_funds": Decline.FUNDS,
    "card_velocity_exceeded": Decline.FUNDS,
    "withdrawal_count_limit_exceeded": Decline.FUNDS,
    **dict.fromkeys(
        (
            "account_closed", "bank_account_restricted", "debit_not_authorized", "lost_card", "no_account", "pickup_card",
            "revocation_of_all_authorizations", "revocation_of_authorization", "stolen_card", "stop_payment_order",
            "payment_method_unactivated", "mandate_invalid", "payment_intent_mandate_invalid",
        ),
        Decline.MANDATE_GONE,
    ),
}  # fmt: skip
# Stripe's docs: "Disputes", statuses. The bank has the money in these; an early warning (warning_…) leaves it where it is.
_UNDECIDED = {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"}
_THERE = {PaymentState.PAID, PaymentState.REFUNDED, PaymentState.DISPUTED}


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def noted(metadata: stripe.StripeObject | None, name: str) -> str:
    """Promise: what we wrote there; empty if we did not."""
    return str(metadata[name]) if metadata is not None and name in metadata else ""


def charge_of(intent: stripe.PaymentIntent) -> stripe.Charge | None:
    """Errors: ValueError when it was not expanded."""
    if isinstance(intent.latest_charge, str):
        raise ValueError("latest_charge was to be expanded")
    return intent.latest_charge


def intent_of(session: stripe.checkout.Session) -> stripe.PaymentIntent | None:
    """Errors: ValueError when it was not expanded."""
    if isinstance(session.payment_intent, str):
        raise ValueError("payment_intent was to be expanded")
    return session.payment_intent


def of_session(session: stripe.checkout.Session, disputes: Sequence[stripe.Dispute]) -> PaymentTruth:
    """Promise: the truth of a payment whose payer was present. Errors: ValueError, AttributeError for what makes no sense."""
    intent = intent_of(session)
    if session.amount_total is None or session.currency is None:
        raise ValueError("a session without an amount")
    amount = Amount(session.amount_total, session.currency.upper())
    order_key = noted(session.metadata, "order_key")
    state = PaymentState.CANCELLED if session.status == "expired" else PaymentState.OPEN
    if intent is not None and (intent.status in {"succeeded", "processing"} or session.status == "complete"):
        return _of_intent(session.id, session.metadata, intent, disputes, payer_was_present=True)
    asked_as = noted(session.metadata, "request_key")
    return PaymentTruth(session.id, order_key, state, amount, session.livemode, request_key=asked_as)


def of_intent(intent: stripe.PaymentIntent, disputes: Sequence[stripe.Dispute]) -> PaymentTruth:
    """Promise: the truth of a payment without its payer. Errors: as above."""
    return _of_intent(intent.id, intent.metadata, intent, disputes, payer_was_present=False)


def _of_intent(
    key: str,
    metadata: stripe.StripeObject | None,
    intent: stripe.PaymentIntent,
    disputes: Sequence[stripe.Dispute],
    *,
    payer_was_present: bool,
) -> PaymentTruth:
    charge = charge_of(intent)
    taken = next((one for one in disputes if one.status in _UNDECIDED), None)
    lost = next((one for one in disputes if one.status == "lost"), None)
    state = _state(intent, payer_was_present=payer_was_present)
    if state is PaymentState.PAID and charge is not None:
        if taken is not None:
            state = PaymentState.DISPUTED
        elif charge.refunded or lost is not None:
            state = PaymentState.REFUNDED
    minor = intent.amount_received if state in _THERE else intent.amount
    disputed = taken or lost or next(iter(disputes), None)
    return PaymentTruth(
        payment_key=key,
        order_key=noted(metadata, "order_key"),
        state=state,
        amount=Amount(minor, intent.currency.upper()),
        live=intent.livemode,
        paid_at=_paid_at(charge) if charge is not None and state in _THERE else None,
        refunded_at=_refunded_at(charge) or (instant(lost.created) if lost else None),
        given_back=charge.amount_refunded if charge is not None else 0,
        disputed_at=instant(disputed.created) if disputed else None,
        mandate=mandate_of(intent.payment_method) if _may_charge_again(intent, state) else None,
        decline=_decline(intent) if state is PaymentState.DECLINED else None,
        request_key=noted(metadata, "request_key"),
    )


def _state(intent: stripe.PaymentIntent, *, payer_was_present: bool) -> PaymentState:
    match intent.status:
        case "succeeded":
            return PaymentState.PAID
        case "processing" | "requires_capture":
            return PaymentState.PENDING
        case "canceled":
            told = noted(intent.metadata, "decline") or intent.last_payment_error
            return PaymentState.DECLINED if told else PaymentState.CANCELLED
        case (
            "requires_action"
        ):  # of a payer who is present: a voucher or a transfer that they have yet to pay
            return PaymentState.PENDING if payer_was_present else PaymentState.DECLINED
        case "requires_payment_method":
            return PaymentState.DECLINED if intent.last_payment_error else PaymentState.OPEN
        case "requires_confirmation":
            return PaymentState.OPEN
        case other:
            raise ValueError(f"an intent that is {other!r}")


def _decline(intent: stripe.PaymentIntent) -> Decline:
    if noted(intent.metadata, "decline") == GONE:
        return Decline.MANDATE_GONE
    if intent.status == "requires_action":
        return Decline.CONFIRMATION
    error = intent.last_payment_error
    for code in (getattr(error, "decline_code", None), getattr(error, "code", None)):
        if code in _DECLINES:
            return _DECLINES[code]
    return Decline.OTHER


def _paid_at(charge: stripe.Charge) -> datetime:
    """When the money came: later than the charge, where a bank takes days."""
    booked = charge.balance_transaction
    later = 0 if booked is None or isinstance(booked, str) else booked.created
    return instant(max(charge.created, later))


def _refunded_at(charge: stripe.Charge | None) -> datetime | None:
    if charge is None or charge.amount_refunded == 0 or charge.refunds is None:
        return None
    made = [one.created for one in charge.refunds.data if one.status not in {"failed", "canceled"}]
    return instant(max(made)) if made else None


def _may_charge_again(intent: stripe.PaymentIntent, state: PaymentState) -> bool:
    was_agreed = intent.setup_future_usage == "off_session" or noted(intent.metadata, "kind") == WITHOUT_PAYER
    return was_agreed and state in _THERE | {PaymentState.PENDING}


def mandate_of(method: stripe.PaymentMethod | str | None) -> Mandate | None:
    """Promise: what may be charged: a method that is attached to its customer; None for any other, as one that was detached
    or that can be used once. Errors: ValueError when it was not expanded.
    """
    if isinstance(method, str):
        raise ValueError("the payment method was to be expanded")
    if method is None or method.customer is None:
        return None
    customer = method.customer if isinstance(method.customer, str) else method.customer.id
    return Mandate(f"{customer}/{method.id}", _label(method), _expires(method))


def _label(method: stripe.PaymentMethod) -> str:
    match method.type:
        case "card" if method.card is not None:
            brand = {"amex": "American Express"}.get(method.card.brand, method.card.brand.title())
            return f"{brand} ending {method.card.last4}"
        case "sepa_debit" if method.sepa_debit is not None:
            return f"Account ending {method.sepa_debit.last4}"
        case "bacs_debit" if method.bacs_debit is not None:
            return f"Account ending {method.bacs_debit.last4}"
        case other:
            return other.replace("_", " ").capitalize()


def _expires(method: stripe.PaymentMethod) -> date | None:
    if method.type != "card" or method.card is None:
        return None
    year, month = method.card.exp_year, method.card.exp_month
    return date(year, month, monthrange(year, month)[1])
