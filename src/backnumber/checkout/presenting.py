"""What donors, staff and the clock do with a gift that is bought: order it, change it before it is redeemed, send it, cancel it."""

import logging
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.text import Truncator

from backnumber.checkout import giving, locks, present_mails, present_money, wares
from backnumber.checkout.models import FormKey, Order
from backnumber.checkout.postal import PostalAddress
from backnumber.mail.queries import references_refused
from backnumber.presents import codes
from backnumber.presents.models import Present
from backnumber.presents.queries import due, not_known_to_have_failed, present_for_update
from backnumber.presents.rules import may_be_sent_again, may_change
from backnumber.products.models import Price, Product, Region
from backnumber.readers.models import Reader

logger = logging.getLogger(__name__)

State = Present.State


class NotNow(Exception):
    """What was asked for cannot be done as the gift stands; the message says so to who asked."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What the donor says of a gift, and may change until it is redeemed. `sent_to` is empty for a card."""

    donor_name: str
    recipient_name: str
    message: str
    sent_to: str
    arrives_on: date
    address: PostalAddress | None = None


@transaction.atomic
def place(
    donor: Reader,
    product: Product,
    price: Price,
    region: Region,
    by: str,
    said: Wording,
    token: str,
    now: datetime,
) -> Order:
    """Promise: the open order of a gift, at the full price, with the gift that it will buy. A form that is sent again leads to the order
    it became, also after that was paid. It never renews.
    """
    locks.hold(donor.pk)
    became = Order.objects.filter(form_keys__reader=donor, form_keys__key=token, kind=Order.Kind.GIFT).first()
    if became is not None and (became.is_settled or _is_same(became, product, price, region)):
        if not became.is_settled:
            _say(present_for_update(order_key=became.key), by, said)
        return became
    order = Order.objects.create(
        kind=Order.Kind.GIFT,
        reader=donor,
        email=donor.email,
        product=product,
        label=Truncator(f"{product.label}, a gift for {said.recipient_name}").chars(wares.LONGEST_LABEL),
        months=product.term_months or 0,
        minor=price.minor,
        currency=price.currency,
        region=region,
        placed_at=now,
    )
    present = Present(order_key=order.key, donor=donor, product=product, label=product.label, region=region)
    present.ordered_at = now
    _say(present, by, said)
    FormKey.objects.get_or_create(reader=donor, key=token, order=order)
    return order


def _is_same(order: Order, product: Product, price: Price, region: Region) -> bool:
    asked = (product.pk, price.minor, price.currency, region)
    return asked == (order.product_id, order.minor, order.currency, order.region)


def _say(present: Present, by: str, said: Wording) -> None:
    present.by = by
    for field in fields(Wording):
        if field.name != "address":
            setattr(present, field.name, getattr(said, field.name))
    present.address = said.address.as_json() if said.address else None
    present.save()


@transaction.atomic
def change(key: str, said: Wording, now: datetime) -> Present:
    """Promise: the gift says so from now on. One that was mailed already, and goes to another address now, has a new code and is mailed
    again; what went to the old address opens nothing. Errors: NotNow when it was redeemed or has ended.
    """
    present = present_for_update(key=key)
    if not may_change(present.state):
        raise NotNow("This gift can no longer be changed.")
    goes_elsewhere = said.sent_to != present.sent_to
    _say(present, present.by, said)
    if may_be_sent_again(present) and goes_elsewhere:
        codes.renew(present)
        _send(present, now)
    return present


@transaction.atomic
def send_again(key: str, now: datetime) -> Present:
    """Promise: the mail with the gift's code goes once more to the same address. Errors: NotNow when it is no mail, or not sent yet."""
    present = present_for_update(key=key)
    if not may_be_sent_again(present):
        raise NotNow("It is not a gift that was sent by mail and waits to be redeemed.")
    _send(present, now)
    return present


def _send(present: Present, now: datetime) -> None:
    if not codes.code_of(present):
        codes.renew(present)  # the secret it was made from is gone
    present.state, present.sent_at, present.bounced_at = State.SENT, now, None
    present.mailings += 1
    present.save()
    present_mails.gift(present)


def send_due(now: datetime) -> int:
    """Promise: each gift whose day has come, by the publisher's calendar, is on its way, once; how many went now. One that fails keeps
    no other waiting.
    """
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    sent = 0
    for key in due(today):
        try:
            sent += _send_if_due(key, today, now)
        except Exception:
            logger.exception("gift %s could not be sent", key)
    return sent


@transaction.atomic
def _send_if_due(key: str, today: date, now: datetime) -> bool:
    present = present_for_update(key=key)
    if present.state != State.WAITING or present.arrives_on > today or not present.is_mailed:
        return False  # sent by another run, changed or redeemed meanwhile
    _send(present, now)
    return True


def tell_of_refusals(now: datetime) -> int:
    """Promise: the donor of each gift whose mail was refused has a mail that says so, once for each mail; how many were told now."""
    by_reference = {present.mail_reference: present.key for present in not_known_to_have_failed()}
    return sum(
        _tell_of_refusal(by_reference[one], one, now) for one in references_refused("gift", by_reference)
    )


@transaction.atomic
def _tell_of_refusal(key: str, reference: str, now: datetime) -> bool:
    present = present_for_update(key=key)
    if present.state != State.SENT or present.bounced_at or present.mail_reference != reference:
        return False
    present_money.tell_donor_of_refusal(present, now)
    return True


@transaction.atomic
def cancel(key: str, because: str, now: datetime) -> Present:
    """Promise: the gift can no longer be redeemed; what it gave ends. No money moves: that is the refund of its order. Errors: NotNow."""
    order_key = Present.objects.values_list("order_key", flat=True).get(key=key)
    locks.hold_owner(order_key)
    Order.objects.select_for_update().get(key=order_key)
    present = present_for_update(key=key)
    if present.state in {State.UNPAID, State.TAKEN_BACK, State.CANCELLED}:
        raise NotNow("There is nothing to cancel: it was not paid for, or has ended already.")
    present.state, present.ended_at, present.ended_because = State.CANCELLED, now, because[:200]
    present.save()
    giving.end_given(order_key, f"The gift was cancelled: {because}"[:200], now, now)
    return present


@transaction.atomic
def detach_presents(reader: Reader) -> None:
    """Promise: gifts the reader bought still reach who they are for; what the reader redeemed names nobody any more. For an account about
    to be deleted.
    """
    Present.objects.filter(redeemed_by=reader).update(
        recipient_name="", sent_to="", message="", address=None, by=Present.By.CARD
    )
    over = Present.objects.filter(donor=reader, state__in=[State.REDEEMED, State.TAKEN_BACK, State.CANCELLED])
    over.update(donor_name="")
    Present.objects.filter(donor=reader, state=State.UNPAID).delete()
