"""The till as a payment provider."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils.crypto import salted_hmac

from backnumber.payments.provider import (
    Begun,
    Event,
    Forged,
    PaymentRequest,
    PaymentState,
    PaymentTruth,
    ProviderUnavailable,
)
from backnumber.payments.till import signature
from backnumber.payments.till.models import TillPayment


class TillRefused(ImproperlyConfigured):
    """The till was asked to work in production."""


def secret() -> bytes:
    """Promise: what webhooks are signed with: TILL_SECRET, else derived from the secret key."""
    given: str = settings.TILL_SECRET
    return (
        given.encode() if given else salted_hmac("backnumber.till", "webhooks", algorithm="sha256").digest()
    )


class Till:
    """Errors: TillRefused when made in production."""

    name = "till"

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
                "begun_at": now,
            },
        )
        return Begun(made.key, settings.ADDRESS + reverse("till", args=[made.key]))

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Errors: Forged."""
        if not signature.is_genuine(headers.get(signature.HEADER, ""), body, secret(), now):
            raise Forged("the signature does not hold")
        try:
            told = json.loads(body)
            return Event(_text(told["id"]), _text(told["type"]), _text(told["payment"]))
        except (ValueError, KeyError, TypeError) as problem:
            raise Forged("this is no event") from problem

    def fetch(self, payment_key: str, now: datetime) -> PaymentTruth:
        """Errors: ProviderUnavailable when the till knows no such payment."""
        payment = TillPayment.objects.filter(key=payment_key).first()
        if payment is None:
            raise ProviderUnavailable(f"the till knows no payment {payment_key!r}")
        state = state_of(payment, now)
        return PaymentTruth(
            payment_key=payment.key,
            order_key=payment.order_key,
            state=state,
            amount=payment.amount,
            live=False,
            paid_at=payment.settles_at if state in {PaymentState.PAID, PaymentState.REFUNDED} else None,
            refunded_at=payment.refunded_at,
        )


def state_of(payment: TillPayment, now: datetime) -> PaymentState:
    """Promise: where the payment stands at `now`; an open page nobody used for a day is cancelled."""
    match payment.state:
        case TillPayment.State.APPROVED:
            settled = payment.settles_at is not None and payment.settles_at <= now
            return PaymentState.PAID if settled else PaymentState.PENDING
        case TillPayment.State.OPEN:
            return PaymentState.CANCELLED if payment.has_expired(now) else PaymentState.OPEN
        case other:
            return PaymentState(other)


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 120:
        raise ValueError("a short text was expected")
    return value
