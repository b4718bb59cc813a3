"""Redeeming a gift: once, under the lock of its row, in one transaction with the right it gives."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.text import Truncator

from backnumber.checkout import giving, locks, present_mails, queries, renewing, rules, wares
from backnumber.checkout.models import Order
from backnumber.checkout.postal import PostalAddress
from backnumber.checkout.rules import Length, Term
from backnumber.presents.codes import digest_of, plain
from backnumber.presents.models import Present
from backnumber.presents.queries import present_for_update
from backnumber.presents.rules import Refusal, refusal
from backnumber.products.models import Region
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader


class NoSuchPresent(Exception):
    """The code is that of no gift."""


class NotRedeemed(Exception):
    """The gift redeems nothing; `why` says for what reason."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


class AddressNeeded(Exception):
    """Copies are posted, and nobody said where to; or to where they are not paid for."""


@transaction.atomic
def redeem(reader: Reader, typed: str, now: datetime, address: PostalAddress | None = None) -> Order:
    """Promise: the gift with this code is the reader's, once: its term follows what the reader has, without a gap and with no day lost.
    Asked again by the same reader, the first answer. Two who ask at once wait for each other, and one of them is refused.

    Errors: NoSuchPresent; NotRedeemed; AddressNeeded. Killed anywhere, nothing has happened.
    """
    locks.hold(reader.pk)
    try:
        present = present_for_update(code_digest=digest_of(plain(typed)))
    except Present.DoesNotExist:
        raise NoSuchPresent from None
    if present.state == Present.State.REDEEMED and present.redeemed_by_id == reader.pk:
        return Order.objects.get(present=present)
    why = refusal(present.state)
    if why is not None:
        raise NotRedeemed(why)
    order = _order(present, reader, _address_for(present, address), now)
    giving.give_right(order, reader, now, now)
    present.state, present.redeemed_at, present.redeemed_by = Present.State.REDEEMED, now, reader
    present.save()
    renewing.a_gift_covers(reader, order.product, now)
    present_mails.redeemed(order)
    return order


def _address_for(present: Present, given: PostalAddress | None) -> dict[str, str] | None:
    """Where copies go. What the donor gave stands. Errors: AddressNeeded."""
    if not present.product.is_print:
        return None
    if present.address is not None:
        return dict(present.address)
    if given is None or not is_paid_for(present, given.country_code):
        raise AddressNeeded
    return given.as_json()


def is_paid_for(present: Present, country: str) -> bool:
    """Whether posting to the country is what the donor paid for."""
    return present.region == Region.ANYWHERE or region_of(country) == present.region


def _order(present: Present, reader: Reader, address: dict[str, str] | None, now: datetime) -> Order:
    bought = Order.objects.get(key=present.order_key)
    label = Truncator(f"{present.label}, from {present.donor_name}").chars(wares.LONGEST_LABEL)
    return Order.objects.create(
        kind=Order.Kind.REDEEMED,
        present=present,
        reader=reader,
        email=reader.email,
        product=present.product,
        label=label,
        months=bought.months,
        days=bought.days,
        minor=0,
        currency=bought.currency,
        region=bought.region,
        address=address,
        placed_at=now,
    )


def term_now(present: Present, reader: Reader, now: datetime) -> Term | None:
    """Promise: the term the gift would give the reader now; two queries."""
    bought = Order.objects.get(key=present.order_key)
    held = queries.terms_held(reader, present.product)
    return rules.term_of(Length(bought.months, bought.days), held, now, ZoneInfo(settings.TIME_ZONE))
