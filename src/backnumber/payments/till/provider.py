"""The till as a payment provider."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.urls import reverse

from backnumber.payments import telling
from backnumber.payments.provider import (
    Begun,
    ChargeRequest,
    Event,
    Mandate,
    MandateRequest,
    PaymentRequest,
    PaymentTruth,
    ProviderUnavailable,
    RefundRequest,
    RefundState,
    RefundTruth,
)
from backnumber.payments.till import service
from backnumber.payments.till.models import OPEN_FOR, TillCardPage, TillPayment
from backnumber.payments.till.signature import HEADER, secret
from backnumber.payments.till.truths import mandate_of, state_of, truth_of

__all__ = ["Till", "TillRefused", "secret", "state_of"]


class TillRefused(ImproperlyConfigured):
    """The till was asked to work in production."""


class Till:
    """Errors: TillRefused when made in production."""

    name = "till"
    renews = True

    def __init__(self) -> None:
        if settings.PRODUCTION:
            raise TillRefused("The demo till takes no money and refuses to run in production.")

    def begin(self, request: PaymentRequest, now: datetime) -> Begun:
        """Promise: one payment page for `request.key`."""
        made, _ = TillPayment.objects.get_or_create(
            request_key=request.key,
            defaults={
                "key": f"till_{secrets.token_urlsafe(18)}",
                "order_key": request.order_key,
                "minor": request.amount.minor,
                "currency": request.amount.currency,
                "description": request.description,
                "success_url": request.success_url,
                "cancel_url": request.cancel_url,
                "keeps_mandate": request.keeps_mandate,
                "begun_at": now,
            },
        )
        return Begun(made.key, settings.ADDRESS + reverse("till", args=[made.key]))

    def charge(self, request: ChargeRequest, now: datetime) -> PaymentTruth:
        return truth_of(service.charge(request, now), now)

    def refund(self, request: RefundRequest, now: datetime) -> RefundTruth:
        return RefundTruth(service.give_back(request, now).key, RefundState.DONE)

    def fetch(self, payment_key: str, now: datetime) -> PaymentTruth:
        """Errors: ProviderUnavailable when the till knows no such payment."""
        payment = TillPayment.objects.select_related("mandate").filter(key=payment_key).first()
        if payment is None:
            raise ProviderUnavailable(f"the till knows no payment {payment_key!r}")
        return truth_of(payment, now)

    def begin_mandate(self, request: MandateRequest, now: datetime) -> Begun:
        made, _ = TillCardPage.objects.get_or_create(
            request_key=request.key,
            defaults={
                "key": f"page_{secrets.token_urlsafe(18)}",
                "success_url": request.success_url,
                "cancel_url": request.cancel_url,
                "begun_at": now,
            },
        )
        return Begun(made.key, settings.ADDRESS + reverse("till_card", args=[made.key]))

    def fetch_mandate(self, key: str, now: datetime) -> Mandate | None:
        """Errors: ProviderUnavailable when the till knows no such page."""
        page = TillCardPage.objects.select_related("mandate").filter(key=key).first()
        if page is None:
            raise ProviderUnavailable(f"the till knows no page {key!r}")
        return mandate_of(page.mandate)

    def forget_mandate(self, mandate_key: str, now: datetime) -> None:
        service.forget(mandate_key, now)

    def payment_of(self, event: Event, now: datetime) -> str:
        return event.about if event.type.startswith("payment.") else ""

    def changed_since(self, since: datetime, now: datetime) -> Iterable[str]:
        """A page that nobody used changes when it expires."""
        changed = (
            Q(begun_at__gte=since)
            | Q(changed_at__gte=since)
            | Q(settles_at__gte=since, settles_at__lte=now)
            | Q(refunded_at__gte=since)
            | Q(state=TillPayment.State.OPEN, begun_at__gte=since - OPEN_FOR)
        )
        return list(TillPayment.objects.filter(changed).order_by("pk").values_list("key", flat=True))

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Errors: Forged."""
        return telling.heard(HEADER, secret(), headers, body, now)
