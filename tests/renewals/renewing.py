"""A subscription for tests: bought at the till with a card that is kept, and a clock that is turned by hand."""

from datetime import datetime, timedelta

from django.core import mail

from backnumber.access import counts
from backnumber.checkout import clock, service
from backnumber.checkout.models import Order, new_key
from backnumber.checkout.service import Wish
from backnumber.grants.queries import grants_of
from backnumber.payments.till import service as till
from backnumber.payments.till.models import TillMandate
from backnumber.products.models import Price, Product, Region
from backnumber.products.queries import price_for
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from tests.checkout import steps
from tests.making import NOON

Later = TillMandate.Later


def product(code: str = "monthly", minor: int = 600, months: int = 1, **fields: object) -> Product:
    """Something that renews, at one price for anywhere."""
    made, _ = Product.objects.get_or_create(
        code=code,
        defaults={"name": f"Online access, {code}", "term_months": months, "renews": True, **fields},
    )
    Price.objects.get_or_create(
        product=made, region=Region.ANYWHERE, defaults={"minor": minor, "currency": "GBP"}
    )
    return Product.objects.prefetch_related("prices").get(pk=made.pk)


def order(reader: Reader, sold: Product | None = None, *, now: datetime = NOON) -> Order:
    """Placed, and its payment begun."""
    sold = sold or product()
    price = price_for(sold, Region.ANYWHERE)
    assert price is not None
    address = steps.GREENWICH if sold.is_print else None
    placed = service.place(reader, Wish(sold, price, Region.ANYWHERE, address), new_key(), now)
    service.pay(placed.key, now)
    return placed


def pay(placed: Order, *, now: datetime = NOON, later: Later = Later.GOES_THROUGH) -> Order:
    """On the till's page, as a reader would; nobody has been told."""
    till.press(steps.at_the_till(placed).key, till.Button.APPROVE, now, later)
    return placed


def subscription(reader: Reader, sold: Product | None = None, *, now: datetime = NOON) -> Subscription:
    """Bought, paid and settled."""
    placed = pay(order(reader, sold, now=now), now=now)
    service.settle(placed.key, now)
    return Subscription.objects.get(first_order=placed.key)


def card_will(held: Subscription, later: Later) -> None:
    """From now on charges to the card end so."""
    TillMandate.objects.filter(key=held.mandate_key).update(later=later)


def turn(until: datetime, *, since: datetime, every: timedelta = timedelta(hours=6)) -> None:
    """The clock goes on, and all that is done by the clock is done each time."""
    now = since
    while now <= until:
        service.reconcile(now)
        clock.act_on_all(now)
        clock.tell_all(now)
        now += every


def may_read(reader: Reader, at: datetime) -> bool:
    return any(counts(grant, at) for grant in grants_of(reader.pk))


def subjects(reader: Reader) -> list[str]:
    return [sent.subject.partition(":")[0] for sent in mail.outbox if sent.to == [reader.email]]
