"""Payment on invoice as a payment provider. It cannot charge by itself: what renews is renewed by a new invoice."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from backnumber.money import Amount
from backnumber.payments import telling
from backnumber.payments.invoice import service
from backnumber.payments.invoice.models import OPEN_FOR, AwaitedPayment
from backnumber.payments.invoice.signature import HEADER, secret
from backnumber.payments.provider import (
    Begun,
    ChargeRequest,
    Event,
    Mandate,
    MandateRequest,
    PaymentRequest,
    PaymentState,
    PaymentTruth,
    ProviderRefused,
    ProviderUnavailable,
    RefundRequest,
    RefundState,
    RefundTruth,
)

_STATES = {
    AwaitedPayment.State.OPEN.value: PaymentState.OPEN,
    AwaitedPayment.State.PROMISED.value: PaymentState.PENDING,
    AwaitedPayment.State.RECEIVED.value: PaymentState.PAID,
    AwaitedPayment.State.CANCELLED.value: PaymentState.CANCELLED,
}


class Invoice:
    name = "invoice"
    renews = False

    def begin(self, request: PaymentRequest, now: datetime) -> Begun:
        made = service.begin(request, now)
        return Begun(made.key, settings.ADDRESS + reverse("pay_on_invoice", args=[made.key]))

    def charge(self, request: ChargeRequest, now: datetime) -> PaymentTruth:
        raise ProviderRefused("a payment on invoice is made by the payer alone")

    def refund(self, request: RefundRequest, now: datetime) -> RefundTruth:
        """Promise: pending until staff say that they sent it."""
        made = service.ask_back(request, now)
        return RefundTruth(made.key, RefundState.DONE if made.sent_at else RefundState.PENDING)

    def fetch(self, payment_key: str, now: datetime) -> PaymentTruth:
        """Errors: ProviderUnavailable when no such payment is awaited."""
        payment = AwaitedPayment.objects.filter(key=payment_key).first()
        if payment is None:
            raise ProviderUnavailable(f"no payment {payment_key!r} is awaited")
        return truth_of(payment, now)

    def begin_mandate(self, request: MandateRequest, now: datetime) -> Begun:
        raise ProviderRefused("a payment on invoice leaves nothing that could be charged again")

    def fetch_mandate(self, key: str, now: datetime) -> Mandate | None:
        return None

    def forget_mandate(self, mandate_key: str, now: datetime) -> None:
        return

    def payment_of(self, event: Event, now: datetime) -> str:
        return event.about if event.type.startswith("payment.") else ""

    def changed_since(self, since: datetime, now: datetime) -> Iterable[str]:
        changed = Q(changed_at__gte=since) | Q(
            state=AwaitedPayment.State.OPEN, begun_at__gte=since - OPEN_FOR
        )
        return list(AwaitedPayment.objects.filter(changed).order_by("pk").values_list("key", flat=True))

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Errors: Forged."""
        return telling.heard(HEADER, secret(), headers, body, now)


def truth_of(payment: AwaitedPayment, now: datetime) -> PaymentTruth:
    """Promise: real money on a live site, play money in the demo."""
    back = payment.given_back()
    state = PaymentState.CANCELLED if payment.has_expired(now) else _STATES[payment.state]
    if state is PaymentState.PAID and back == payment.amount.minor:
        state = PaymentState.REFUNDED
    last = payment.refunds.exclude(sent_at=None).order_by("-sent_at").first()
    return PaymentTruth(
        payment_key=payment.key,
        order_key=payment.order_key,
        state=state,
        amount=Amount(payment.amount.minor, payment.currency),
        live=settings.PRODUCTION,
        paid_at=payment.received_at,
        refunded_at=last.sent_at if last else None,
        given_back=back,
        request_key=payment.request_key,
    )
