"""Commands of the payment room. What asks a provider runs outside any transaction: `begin`, `charge`, `ask`, `send_refund`. What
writes down runs within the caller's, under the order's lock: `reserve`, `apply`, `ask_refund`.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from backnumber.money import Amount
from backnumber.payments import ledger, providers, rules
from backnumber.payments.models import Payment, Refund, WebhookEvent
from backnumber.payments.provider import (
    ChargeRequest,
    Decline,
    Event,
    PaymentRequest,
    PaymentState,
    PaymentTruth,
    ProviderRefused,
    RefundRequest,
    RefundState,
)

logger = logging.getLogger(__name__)


NO_MANDATE = "none"
"""What stands as the mandate of a payment without the payer when there is none to charge."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered about a payment to the question of this number."""

    payment: int
    question: int
    truth: PaymentTruth


def reserve(
    order_key: str,
    amount: Amount,
    description: str,
    *,
    email: str,
    now: datetime,
    keeps_mandate: bool = False,
    charged: str = "",
    provider: str = "",
) -> Payment:
    """Promise: the open attempt to pay the order, a new one if there was none. Its key is durable from the commit on. The caller
    holds the order's lock.

    `charged`: the mandate to charge without the payer. Of a charge that was interrupted nobody knows whether it came about: it is made
    again under its own key, also when another card was given since. Errors: ProviderUnavailable when no provider is set up.
    """
    before = Payment.objects.filter(order_key=order_key)
    is_same, was_interrupted = Q(charged=charged), Q(key=None) & ~Q(charged="") if charged else Q(pk=None)
    open_one = before.filter(is_same | was_interrupted, state=PaymentState.OPEN).first()
    if open_one is not None:
        return open_one
    return Payment.objects.create(
        provider=provider or providers.current().name,
        order_key=order_key,
        attempt=before.count() + 1,
        minor=amount.minor,
        currency=amount.currency,
        description=description[:200],
        email=email,
        keeps_mandate=keeps_mandate,
        charged=charged,
        begun_at=now,
    )


def begin(payment: Payment, *, success_url: str, cancel_url: str, now: datetime) -> Payment:
    """Promise: the payment is begun at its provider, and has an address to send the reader to. Asked again after a time-out, the
    provider is given the same key and the same body.

    Errors: ProviderUnavailable, ProviderRefused.
    """
    if payment.address:
        return payment
    begun = providers.provider(payment.provider).begin(
        PaymentRequest(
            payment.request_key,
            payment.order_key,
            payment.amount,
            payment.description,
            success_url,
            cancel_url,
            payment.email,
            payment.keeps_mandate,
        ),
        now,
    )
    payment.key, payment.address = begun.payment_key, begun.address
    payment.save(update_fields=["key", "address"])
    return payment


def charge(payment: Payment, now: datetime) -> Answer:
    """Promise: the mandate of the payment is charged, once for its key; what the provider says of it. Errors: ProviderUnavailable,
    ProviderRefused.
    """
    if payment.charged == NO_MANDATE:
        raise ProviderRefused("There is no card or account to charge.")
    question = _question(payment)
    request = ChargeRequest(
        payment.request_key, payment.order_key, payment.amount, payment.description, payment.charged
    )
    truth = providers.provider(payment.provider).charge(request, now)
    payment.key = truth.payment_key
    payment.save(update_fields=["key"])
    return Answer(payment.pk, question, truth)


def refused(payment: Payment) -> Answer:
    """Promise: the answer that a refused charge amounts to: the card or account may not be charged any more."""
    truth = PaymentTruth(
        payment_key=payment.key or "",
        order_key=payment.order_key,
        state=PaymentState.DECLINED,
        amount=payment.amount,
        live=settings.PRODUCTION,
        decline=Decline.MANDATE_GONE,
        request_key=payment.request_key,
    )
    return Answer(payment.pk, _question(payment), truth)


def ask(order_key: str, now: datetime) -> list[Answer]:
    """Promise: what the providers say at this moment of each payment of the order that was begun. Errors: ProviderUnavailable."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_payment SET asked = asked + 1 WHERE order_key = %s AND key IS NOT NULL"
            " RETURNING id, asked, provider, key",
            [order_key],
        )
        questions = cursor.fetchall()
    return [
        Answer(payment, question, providers.provider(provider).fetch(key, now))
        for payment, question, provider, key in questions
    ]


def _question(payment: Payment) -> int:
    """The number of a question, taken before it is asked, so that answers that overtake one another are told apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_payment SET asked = asked + 1 WHERE id = %s RETURNING asked", [payment.pk]
        )
        return int(cursor.fetchone()[0])


def apply(order_key: str, answers: Sequence[Answer], now: datetime) -> rules.Outcome:
    """Promise: the answers are written down, with the ledger, and where the order stands by all that was heard. The caller holds the
    order's lock.

    An answer that is older than what stands changes nothing. One that does not agree with what we asked for counts for nothing and
    is kept for staff.
    """
    by_payment = {answer.payment: answer for answer in answers}
    rows = list(Payment.objects.select_for_update().filter(order_key=order_key).order_by("attempt"))
    for payment in rows:
        answer = by_payment.get(payment.pk)
        if answer is not None and answer.question > payment.heard:
            _write_down(payment, answer, now)
    agreed = [payment.truth for payment in rows if payment.agrees]
    found = rules.outcome(agreed)
    if len(agreed) < len(rows) and found.state not in rules.CAME_IN:
        return rules.Outcome(PaymentState.OPEN)  # what is in doubt takes nothing from anybody
    if found.paid_twice:
        others = [t for t in agreed if t.state is PaymentState.PAID and t != found.truth]
        flag(order_key, others, "Paid twice: refund this one.")
    return found


def _write_down(payment: Payment, answer: Answer, now: datetime) -> None:
    truth = answer.truth
    wrong = rules.problem(truth, order_key=payment.order_key, amount=payment.amount, live=settings.PRODUCTION)
    payment.heard, payment.agrees, payment.problem = answer.question, not wrong, wrong[:300]
    if wrong:
        logger.error("payment %s disagrees with what we asked for: %s", payment.key, wrong)
        payment.save(update_fields=["heard", "agrees", "problem"])
        return
    if replace(truth, live=True, request_key=payment.request_key) == payment.truth:
        payment.save(update_fields=["heard", "agrees", "problem"])
        return
    payment.state, payment.paid_at = truth.state.value, truth.paid_at
    payment.refunded_at, payment.disputed_at = truth.refunded_at, truth.disputed_at
    went_back = truth.state is PaymentState.REFUNDED and not rules.was_lost(truth)
    payment.given_back = payment.minor if went_back else truth.given_back
    payment.decline = truth.decline.value if truth.decline else ""
    if truth.mandate is not None:
        payment.mandate_key, payment.mandate_label = truth.mandate.key, truth.mandate.label[:80]
        payment.mandate_expires = truth.mandate.expires
    payment.save()
    ledger.note(payment, now)


def flag(order_key: str, truths: Sequence[PaymentTruth], problem: str) -> None:
    """Promise: these payments of the order wait for staff."""
    Payment.objects.filter(order_key=order_key, key__in=[t.payment_key for t in truths]).update(
        problem=problem
    )


def ask_refund(payment: Payment, minor: int, *, because: str, by: str, now: datetime) -> Refund:
    """Promise: so much of the payment is to go back; nothing has moved yet. The caller holds the order's lock.

    Errors: ValueError, with a sentence for staff, when there is not so much left to give back.
    """
    on_its_way = sum(
        Refund.objects.filter(payment=payment, state__in=["asked", RefundState.PENDING]).values_list(
            "minor", flat=True
        )
    )
    left = payment.minor - payment.given_back - on_its_way
    if payment.state != PaymentState.PAID:
        raise ValueError("Only a payment that has arrived, and is not disputed, can be given back.")
    if not 0 < minor <= left:
        raise ValueError(f"At most {Amount(left, payment.currency)} can go back.")
    return Refund.objects.create(payment=payment, minor=minor, because=because, by=by, asked_at=now)


def send_refund(refund: Refund, now: datetime) -> Refund:
    """Promise: the provider gives the money back, once for the refund's key. A refusal is kept for staff. Errors: ProviderUnavailable;
    the refund stays asked for, and is sent again by the clock.
    """
    if refund.state != "asked":
        return refund
    payment = refund.payment
    try:
        truth = providers.provider(payment.provider).refund(
            RefundRequest(refund.request_key, payment.key or "", refund.amount), now
        )
        refund.state, refund.key = truth.state.value, truth.refund_key
        if truth.state is RefundState.FAILED:
            refund.problem = "The provider could not give it back."
    except ProviderRefused as why:
        refund.state, refund.problem = RefundState.FAILED.value, str(why)[:300]
    refund.save(update_fields=["state", "key", "problem"])
    return refund


@transaction.atomic
def record(provider: str, event: Event, payment_key: str, now: datetime) -> WebhookEvent | None:
    """Promise: the record of an event heard for the first time; None when it was heard before, also a moment
    ago elsewhere.
    """
    made, is_new = WebhookEvent.objects.get_or_create(
        provider=provider,
        event_id=event.id,
        defaults={"type": event.type[:60], "payment_key": payment_key, "received_at": now},
    )
    return made if is_new else None
