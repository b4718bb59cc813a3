"""A gift for tests: ordered, paid at the till, and redeemed, as donor, clock and recipient do it."""

from datetime import datetime, timedelta

from backnumber.checkout import presenting, redeeming, service
from backnumber.checkout.models import Order, new_key
from backnumber.checkout.postal import PostalAddress
from backnumber.checkout.presenting import Wording
from backnumber.presents.codes import code_of
from backnumber.presents.models import Present
from backnumber.products.models import Product, Region
from backnumber.products.queries import price_for
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.making import NOON

DAY = timedelta(days=1)
By = Present.By
State = Present.State


def product(code: str = "online-yearly") -> Product:
    """One of the shop's, that may be given."""
    making.products()
    Product.objects.filter(code=code).update(given=Product.Given.ALSO, renews=False)
    return Product.objects.prefetch_related("prices").get(code=code)


def wording(
    *, to: str = "ben@example.org", day: datetime = NOON, address: PostalAddress | None = None, **said: str
) -> Wording:
    return Wording(
        **{"donor_name": "Ada Byron", "recipient_name": "Ben", "message": "Happy Christmas", **said},
        sent_to=to,
        arrives_on=day.date(),
        address=address,
    )


def ordered(
    donor: Reader,
    code: str = "online-yearly",
    *,
    by: str = By.MAIL,
    said: Wording | None = None,
    token: str = "",
    now: datetime = NOON,
) -> Order:
    """Placed, and its payment begun."""
    sold = product(code)
    region = region_of("GB") if sold.is_print else Region.ANYWHERE
    price = price_for(sold, region)
    assert price is not None
    said = said or wording(to="ben@example.org" if by == By.MAIL else "", day=now)
    order = presenting.place(donor, sold, price, region, by, said, token or new_key(), now)
    service.pay(order.key, now)
    return order


def paid(donor: Reader, code: str = "online-yearly", *, now: datetime = NOON, **more: object) -> Present:
    """Ordered, paid and settled."""
    order = ordered(donor, code, now=now, **more)  # type: ignore[arg-type]
    steps.approve(order, now)
    service.settle(order.key, now)
    return Present.objects.get(order_key=order.key)


def sent(donor: Reader, code: str = "online-yearly", *, now: datetime = NOON, **more: object) -> Present:
    """Paid, and in the recipient's hands."""
    present = paid(donor, code, now=now, **more)
    presenting.send_due(now)
    return fresh(present)


def redeemed(
    present: Present, reader: Reader, now: datetime = NOON, address: PostalAddress | None = None
) -> Order:
    return redeeming.redeem(reader, code_of(fresh(present)), now, address)


def refund(present: Present, now: datetime) -> None:
    """The donor's money goes back, all of it."""
    order = Order.objects.get(key=present.order_key)
    steps.refund(order, now)
    service.settle(order.key, now)


def fresh(present: Present) -> Present:
    return Present.objects.get(pk=present.pk)
