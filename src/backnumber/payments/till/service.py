"""What the buttons of the till do. Each decides once: a second press changes nothing."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.tasks import send_webhook

LATE = timedelta(seconds=30)
BANK_TAKES = timedelta(seconds=12)


class Button(StrEnum):
    APPROVE = "approve"
    LATE_WEBHOOK = "late-webhook"
    VANISH = "vanish"
    SLOW_BANK = "slow-bank"
    DECLINE = "decline"
    CANCEL = "cancel"


@transaction.atomic
def press(key: str, button: Button, now: datetime) -> str:
    """Promise: the address the reader goes back to. Of two presses the first decides. Errors:
    TillPayment.DoesNotExist.
    """
    payment = TillPayment.objects.select_for_update().get(key=key)
    if payment.state == TillPayment.State.OPEN and not payment.has_expired(now):
        _decide(payment, button, now)
    return payment.success_url if payment.state == TillPayment.State.APPROVED else payment.cancel_url


def _decide(payment: TillPayment, button: Button, now: datetime) -> None:
    match button:
        case Button.DECLINE:
            payment.state = TillPayment.State.DECLINED
        case Button.CANCEL:
            payment.state = TillPayment.State.CANCELLED
        case _:
            payment.state = TillPayment.State.APPROVED
            payment.settles_at = now + (BANK_TAKES if button is Button.SLOW_BANK else timedelta(0))
    payment.save()
    told = {TillPayment.State.APPROVED: "paid"}.get(TillPayment.State(payment.state), payment.state)
    delay = {Button.LATE_WEBHOOK: LATE, Button.SLOW_BANK: BANK_TAKES}.get(button, timedelta(0))
    if button is not Button.VANISH:
        _tell(payment, f"payment.{told}", delay)


@transaction.atomic
def refund(key: str, now: datetime) -> bool:
    """Promise: an approved payment's money has gone back; whether this call did it. Errors:
    TillPayment.DoesNotExist.
    """
    payment = TillPayment.objects.select_for_update().get(key=key)
    if payment.state != TillPayment.State.APPROVED:
        return False
    payment.state, payment.refunded_at = TillPayment.State.REFUNDED, now
    payment.save()
    _tell(payment, "payment.refunded", timedelta(0))
    return True


def _tell(payment: TillPayment, kind: str, delay: timedelta) -> None:
    """The event's id is made from what happened, so that sending it twice is the same event."""
    job = (
        send_webhook.configure(schedule_in={"seconds": int(delay.total_seconds())}) if delay else send_webhook
    )
    job.defer(event_id=f"{payment.key}.{kind}", kind=kind, payment_key=payment.key)
