"""What the buttons of the till do, and what the shop asks of it. Each decides once: a second press changes nothing."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from backnumber.payments.provider import ChargeRequest, Decline, ProviderRefused, RefundRequest
from backnumber.payments.till.models import TillCardPage, TillMandate, TillPayment, TillRefund
from backnumber.payments.till.tasks import send_webhook

LATE = timedelta(seconds=30)
BANK_TAKES = timedelta(seconds=12)
DIGITS = ("4242", "5556", "0077")  # each new card of a payer ends otherwise


class Button(StrEnum):
    APPROVE = "approve"
    LATE_WEBHOOK = "late-webhook"
    VANISH = "vanish"
    SLOW_BANK = "slow-bank"
    DECLINE = "decline"
    CANCEL = "cancel"


@transaction.atomic
def press(
    key: str, button: Button, now: datetime, later: TillMandate.Later = TillMandate.Later.GOES_THROUGH
) -> str:
    """Promise: the address the reader goes back to. Of two presses the first decides. `later` is what becomes of later
    charges, where the card is kept. Errors: TillPayment.DoesNotExist.
    """
    payment = TillPayment.objects.select_for_update().get(key=key)
    if payment.state == TillPayment.State.OPEN and not payment.has_expired(now):
        _decide(payment, button, now, later)
    return payment.success_url if payment.state == TillPayment.State.APPROVED else payment.cancel_url


def _decide(payment: TillPayment, button: Button, now: datetime, later: TillMandate.Later) -> None:
    match button:
        case Button.DECLINE:
            payment.state, payment.decline = TillPayment.State.DECLINED, Decline.OTHER
        case Button.CANCEL:
            payment.state = TillPayment.State.CANCELLED
        case _:
            payment.state = TillPayment.State.APPROVED
            payment.settles_at = now + (BANK_TAKES if button is Button.SLOW_BANK else timedelta(0))
            payment.mandate = _new_card(0, later) if payment.keeps_mandate else None
    payment.changed_at = now
    payment.save()
    told = {TillPayment.State.APPROVED: "paid"}.get(TillPayment.State(payment.state), payment.state)
    delay = {Button.LATE_WEBHOOK: LATE, Button.SLOW_BANK: BANK_TAKES}.get(button, timedelta(0))
    if button is not Button.VANISH:
        _tell(payment, f"payment.{told}", delay)


def _new_card(number: int, later: TillMandate.Later) -> TillMandate:
    return TillMandate.objects.create(key=_key("card"), digits=DIGITS[number % len(DIGITS)], later=later)


@transaction.atomic
def charge(request: ChargeRequest, now: datetime) -> TillPayment:
    """Promise: one payment for the request's key, as the card's switch says. Errors: ProviderRefused for a card there is not."""
    card = TillMandate.objects.select_for_update().filter(key=request.mandate_key).first()
    if card is None:
        raise ProviderRefused(f"the till knows no card {request.mandate_key!r}")
    payment, is_new = TillPayment.objects.get_or_create(
        request_key=request.key,
        defaults={
            "key": _key("till"),
            "order_key": request.order_key,
            "minor": request.amount.minor,
            "currency": request.amount.currency,
            "description": request.description,
            "begun_at": now,
            "changed_at": now,
            "mandate": card,
        },
    )
    if is_new:
        _try(payment, card, now)
    return payment


def _try(payment: TillPayment, card: TillMandate, now: datetime) -> None:
    refused = {
        TillMandate.Later.DECLINED.value: Decline.FUNDS,
        TillMandate.Later.WANTS_CONFIRMATION.value: Decline.CONFIRMATION,
    }
    decline = Decline.MANDATE_GONE if card.forgotten_at else refused.get(card.later)
    wait = BANK_TAKES if card.later == TillMandate.Later.SETTLES_LATER else timedelta(0)
    if decline is not None:
        payment.state, payment.decline = TillPayment.State.DECLINED, decline
    else:
        payment.state, payment.settles_at = TillPayment.State.APPROVED, now + wait
    payment.save()
    _tell(payment, "payment.declined" if decline is not None else "payment.paid", wait)


@transaction.atomic
def set_later(key: str, later: TillMandate.Later) -> None:
    """Promise: later charges to the payment's card end so. Errors: TillMandate.DoesNotExist."""
    card = TillMandate.objects.select_for_update().get(tillpayment__key=key)
    card.later = later
    card.save(update_fields=["later"])


@transaction.atomic
def give_back(request: RefundRequest, now: datetime) -> TillRefund:
    """Promise: the amount went back once for the request's key. Errors: ProviderRefused, when there is not so much left."""
    payment = TillPayment.objects.select_for_update().filter(key=request.payment_key).first()
    before = TillRefund.objects.filter(request_key=request.key).first()
    if before is not None:
        if before.payment != payment or before.minor != request.amount.minor:
            raise ProviderRefused("the till gave back something else under this key")
        return before
    if payment is None or not payment.has_settled(now):
        raise ProviderRefused("there is no money that could go back")
    if payment.dispute in {TillPayment.Dispute.OPENED, TillPayment.Dispute.LOST}:
        raise ProviderRefused("the payer's bank has taken the money back")
    if request.amount.currency != payment.currency or request.amount.minor <= 0:
        raise ProviderRefused(f"{request.amount} cannot be given back of {payment.amount}")
    given = payment.given_back() + request.amount.minor
    if given > payment.minor:
        raise ProviderRefused("there is not so much left to give back")
    made = TillRefund.objects.create(
        key=_key("back"), request_key=request.key, payment=payment, minor=request.amount.minor, made_at=now
    )
    if given == payment.minor:
        payment.state = TillPayment.State.REFUNDED
    payment.refunded_at = payment.changed_at = now
    payment.save()
    kind = "payment.refunded" if given == payment.minor else f"payment.refunded-in-part.{given}"
    _tell(payment, kind, timedelta(0))
    return made


@transaction.atomic
def refund(key: str, now: datetime) -> bool:
    """Promise: all that is left of a payment's money has gone back; whether this call did it. Errors:
    TillPayment.DoesNotExist.
    """
    payment = TillPayment.objects.select_for_update().get(key=key)
    left = payment.minor - payment.given_back()
    if left == 0 or not payment.has_settled(now):
        return False
    amount = type(payment.amount)(left, payment.currency)
    try:
        give_back(RefundRequest(f"till-{secrets.token_urlsafe(12)}", key, amount), now)
    except ProviderRefused:
        return False
    return True


@transaction.atomic
def dispute(key: str, step: TillPayment.Dispute, now: datetime) -> bool:
    """Promise: the payer's bank took that step; whether it could. Opened once, then won or lost. Errors:
    TillPayment.DoesNotExist.
    """
    payment = TillPayment.objects.select_for_update().get(key=key)
    is_opening = step == TillPayment.Dispute.OPENED
    before = TillPayment.Dispute.NONE if is_opening else TillPayment.Dispute.OPENED
    if step == TillPayment.Dispute.NONE or payment.dispute != before or not payment.has_settled(now):
        return False
    payment.dispute, payment.changed_at = step, now
    if is_opening:
        payment.disputed_at = now
    else:
        payment.decided_at = now
    payment.save()
    _tell(payment, f"payment.dispute-{step}", timedelta(0))
    return True


@transaction.atomic
def give_card(key: str, later: TillMandate.Later) -> str:
    """Promise: the address the payer goes back to; the page has its card. Errors: TillCardPage.DoesNotExist."""
    page = TillCardPage.objects.select_for_update().get(key=key)
    if page.mandate is None:
        page.mandate = _new_card(page.pk, later)
        page.save(update_fields=["mandate"])
    return page.success_url


@transaction.atomic
def forget(mandate_key: str, now: datetime) -> None:
    """Promise: the card cannot be charged any more."""
    TillMandate.objects.filter(key=mandate_key, forgotten_at=None).update(forgotten_at=now)


def _key(kind: str) -> str:
    return f"{kind}_{secrets.token_urlsafe(18)}"


def _tell(payment: TillPayment, kind: str, delay: timedelta) -> None:
    """The event's id is made from what happened, so that sending it twice is the same event."""
    job = (
        send_webhook.configure(schedule_in={"seconds": int(delay.total_seconds())}) if delay else send_webhook
    )
    job.defer(event_id=f"{payment.key}.{kind}", kind=kind, payment_key=payment.key)
