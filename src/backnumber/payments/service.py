"""Commands of the payment room: begin one, ask for the truth and record it, record an event."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from backnumber.money import Amount
from backnumber.payments import providers, rules
from backnumber.payments.models import Payment, WebhookEvent
from backnumber.payments.provider import Event, PaymentRequest, PaymentState, PaymentTruth

logger = logging.getLogger(__name__)


def begin(
    order_key: str, amount: Amount, description: str, *, success_url: str, cancel_url: str, now: datetime
) -> Payment:
    """Promise: the open payment of the order, begun at the provider if there was none. The caller holds the
    order's lock.

    Asked again after a time-out, the provider is given the same key and the same body. Errors:
    ProviderUnavailable.
    """
    before = Payment.objects.filter(order_key=order_key)
    open_one = before.filter(state=PaymentState.OPEN).first()
    if open_one is not None:
        return open_one
    attempt = before.count() + 1
    taker = providers.current()
    begun = taker.begin(
        PaymentRequest(f"{order_key}-{attempt}", order_key, amount, description, success_url, cancel_url), now
    )
    return Payment.objects.create(
        provider=taker.name,
        key=begun.payment_key,
        order_key=order_key,
        attempt=attempt,
        minor=amount.minor,
        currency=amount.currency,
        address=begun.address,
        begun_at=now,
    )


def outcome_of(order_key: str, now: datetime) -> rules.Outcome:
    """Promise: where the order stands by what its providers say at this moment, recorded. The caller holds
    the order's lock.

    A truth that does not agree with what we asked for counts for nothing and is kept for staff. Errors:
    ProviderUnavailable.
    """
    agreed: list[PaymentTruth] = []
    disagree = False
    for payment in Payment.objects.filter(order_key=order_key).order_by("attempt"):
        truth = providers.provider(payment.provider).fetch(payment.key, now)
        wrong = rules.problem(truth, order_key=order_key, amount=payment.amount, live=settings.PRODUCTION)
        if not wrong:
            agreed.append(truth)
        disagree = disagree or bool(wrong)
        _record(payment, truth, wrong)
    found = rules.outcome(agreed)
    if disagree and found.state not in {PaymentState.PAID, PaymentState.REFUNDED}:
        return rules.Outcome(PaymentState.OPEN)  # what is in doubt takes nothing from anybody
    if found.paid_twice:
        flag(
            order_key,
            [t for t in agreed if t.state is PaymentState.PAID and t != found.truth],
            "Paid twice: refund this one.",
        )
    return found


def _record(payment: Payment, truth: PaymentTruth, wrong: str) -> None:
    if wrong:
        logger.error("payment %s disagrees with what we asked for: %s", payment.key, wrong)
        Payment.objects.filter(pk=payment.pk).update(problem=wrong[:300])
        return
    Payment.objects.filter(pk=payment.pk).update(
        state=truth.state.value, paid_at=truth.paid_at, refunded_at=truth.refunded_at, problem=""
    )


def flag(order_key: str, truths: Sequence[PaymentTruth], problem: str) -> None:
    """Promise: these payments of the order wait for staff."""
    Payment.objects.filter(order_key=order_key, key__in=[t.payment_key for t in truths]).update(
        problem=problem
    )


@transaction.atomic
def record(provider: str, event: Event, now: datetime) -> WebhookEvent | None:
    """Promise: the record of an event heard for the first time; None when it was heard before, also a moment
    ago elsewhere.
    """
    made, is_new = WebhookEvent.objects.get_or_create(
        provider=provider,
        event_id=event.id,
        defaults={"type": event.type, "payment_key": event.payment_key, "received_at": now},
    )
    return made if is_new else None
