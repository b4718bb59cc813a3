"""What the payer answers and what staff enter. Each decides once: sent again, nothing changes."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from wagtail.log_actions import log

from backnumber.money import Amount
from backnumber.payments.invoice.models import AwaitedPayment, InvoiceRefund
from backnumber.payments.invoice.tasks import tell_of_invoice
from backnumber.payments.provider import PaymentRequest, ProviderRefused, RefundRequest
from backnumber.readers.models import Reader

RECEIVED, CANCELLED, SENT_BACK = "invoice.received", "invoice.cancelled", "invoice.sent_back"
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another


@dataclass(frozen=True, slots=True)
class Receipt:
    """What staff say has come."""

    amount: Amount
    on: date
    how: AwaitedPayment.How
    note: str = ""


def begin(request: PaymentRequest, now: datetime) -> AwaitedPayment:
    """Promise: one awaited payment for the request's key."""
    made, _ = AwaitedPayment.objects.get_or_create(
        request_key=request.key,
        defaults={
            "key": f"invoice_{secrets.token_urlsafe(18)}",
            "reference": _reference(),
            "order_key": request.order_key,
            "minor": request.amount.minor,
            "currency": request.amount.currency,
            "description": request.description,
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "email": request.email,
            "begun_at": now,
            "changed_at": now,
        },
    )
    return made


def _reference() -> str:
    return "BN-" + "".join(secrets.choice(_LETTERS) for _ in range(7))


@transaction.atomic
def promise(key: str, purchase_order: str, now: datetime) -> str:
    """Promise: the payer pays this way, and the address they go back to. Errors: AwaitedPayment.DoesNotExist."""
    payment = AwaitedPayment.objects.select_for_update().get(key=key)
    if payment.state == AwaitedPayment.State.OPEN and not payment.has_expired(now):
        payment.state, payment.purchase_order = AwaitedPayment.State.PROMISED, purchase_order
        _save(payment, "payment.promised", now)
    is_off = payment.state == AwaitedPayment.State.CANCELLED or payment.has_expired(now)
    return payment.cancel_url if is_off else payment.success_url


@transaction.atomic
def decline(key: str, now: datetime) -> str:
    """Promise: the payer does not pay this way, if they had not answered; the address they go back to."""
    payment = AwaitedPayment.objects.select_for_update().get(key=key)
    if payment.state == AwaitedPayment.State.OPEN:
        payment.state = AwaitedPayment.State.CANCELLED
        _save(payment, "payment.cancelled", now)
    is_off = payment.state == AwaitedPayment.State.CANCELLED
    return payment.cancel_url if is_off else payment.success_url


@transaction.atomic
def receive(key: str, receipt: Receipt, by: Reader | None, now: datetime) -> bool:
    """Promise: the money is entered and in the log, also when it came after all; whether this call did it. Errors:
    AwaitedPayment.DoesNotExist; ValueError for another currency.
    """
    payment = AwaitedPayment.objects.select_for_update().get(key=key)
    if payment.state == AwaitedPayment.State.RECEIVED:
        return False
    if receipt.amount.currency != payment.currency or receipt.amount.minor <= 0:
        raise ValueError(f"{receipt.amount} cannot have come for {payment.amount}")
    payment.state = AwaitedPayment.State.RECEIVED
    payment.received_at, payment.received_on = now, receipt.on
    payment.received_minor, payment.how, payment.note = receipt.amount.minor, receipt.how, receipt.note
    payment.by = by
    _save(payment, "payment.paid", now)
    told = f"{receipt.amount} by {AwaitedPayment.How(receipt.how).label.lower()} for {payment.reference}"
    log(instance=payment, action=RECEIVED, user=by, data={"what": told, "note": receipt.note})
    return True


@transaction.atomic
def cancel(key: str, note: str, by: Reader | None, now: datetime) -> bool:
    """Promise: it is awaited no longer, which the log says; whether this call did it. Errors: AwaitedPayment.DoesNotExist."""
    payment = AwaitedPayment.objects.select_for_update().get(key=key)
    if payment.state in {AwaitedPayment.State.RECEIVED, AwaitedPayment.State.CANCELLED}:
        return False
    payment.state, payment.note, payment.by = AwaitedPayment.State.CANCELLED, note, by
    _save(payment, "payment.cancelled", now)
    log(instance=payment, action=CANCELLED, user=by, data={"what": str(payment), "note": note})
    return True


@transaction.atomic
def ask_back(request: RefundRequest, now: datetime) -> InvoiceRefund:
    """Promise: the amount waits to be sent back, once for the request's key. Errors: ProviderRefused, when there is not so
    much left.
    """
    payment = AwaitedPayment.objects.select_for_update().filter(key=request.payment_key).first()
    before = InvoiceRefund.objects.filter(request_key=request.key).first()
    if before is not None:
        if before.payment != payment or before.minor != request.amount.minor:
            raise ProviderRefused("something else was given back under this key")
        return before
    if payment is None or payment.state != AwaitedPayment.State.RECEIVED:
        raise ProviderRefused("there is no money that could go back")
    if request.amount.currency != payment.currency or request.amount.minor <= 0:
        raise ProviderRefused(f"{request.amount} cannot be given back of {payment.amount}")
    if payment.given_back(asked_for=True) + request.amount.minor > payment.amount.minor:
        raise ProviderRefused("there is not so much left to give back")
    return InvoiceRefund.objects.create(
        key=f"back_{secrets.token_urlsafe(18)}",
        request_key=request.key,
        payment=payment,
        minor=request.amount.minor,
        asked_at=now,
    )


@transaction.atomic
def send_back(key: str, note: str, by: Reader | None, now: datetime) -> bool:
    """Promise: the money was sent back, which the log says; whether this call did it. Errors: InvoiceRefund.DoesNotExist."""
    refund = InvoiceRefund.objects.select_for_update().select_related("payment").get(key=key)
    if refund.sent_at is not None:
        return False
    refund.sent_at, refund.note, refund.by = now, note, by
    refund.save()
    _save(refund.payment, f"payment.refunded.{refund.pk}", now)
    log(instance=refund.payment, action=SENT_BACK, user=by, data={"what": str(refund), "note": note})
    return True


def _save(payment: AwaitedPayment, kind: str, now: datetime) -> None:
    payment.changed_at = now
    payment.save()
    tell_of_invoice.defer(event_id=f"{payment.key}.{kind}", kind=kind, payment_key=payment.key)
