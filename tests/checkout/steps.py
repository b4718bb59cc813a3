"""The steps of a purchase, as a reader and the till take them. The till is the real one."""

import json
from datetime import datetime

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.checkout import service
from backnumber.checkout.models import Order, new_key
from backnumber.checkout.postal import PostalAddress
from backnumber.checkout.service import Wish
from backnumber.payments.models import Payment
from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.provider import secret
from backnumber.payments.till.signature import HEADER, sign
from backnumber.products.models import Product
from backnumber.products.queries import price_for
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader
from tests import making

GREENWICH = PostalAddress("GB", "Ann Lee", "", "1 Crane Street", "", "London", "", "SE10 9NP")
GALWAY = PostalAddress("IE", "Ann Lee", "", "4 Quay Street", "", "Galway", "Co. Galway", "H91 YX2C")
OHIO = PostalAddress("US", "Ann Lee", "", "12 Elm Street", "", "Dayton", "OH", "45402")
TYPED = {"name": "Ann Lee", "street_address": "1 Crane Street", "city": "London", "postal_code": "se109np"}


def wish(
    code: str = "online-yearly", *, to: PostalAddress | None = None, article: Article | None = None
) -> Wish:
    making.products()
    product = Product.objects.prefetch_related("prices").get(code=code)
    if product.is_print:
        to = to or GREENWICH
        region = region_of(to.country_code)
    else:
        region = next(iter(p.region for p in product.prices.all()))
    price = price_for(product, region)
    assert price is not None
    return Wish(product, price, region, to, article)


def order(
    reader: Reader, code: str = "online-yearly", *, now: datetime | None = None, **kwargs: object
) -> Order:
    """Placed, and its payment begun."""
    now = now or timezone.now()
    placed = service.place(reader, wish(code, **kwargs), new_key(), now)  # type: ignore[arg-type]
    service.pay(placed.key, now)
    return placed


def paid_order(
    reader: Reader, code: str = "online-yearly", *, now: datetime | None = None, **kwargs: object
) -> Order:
    """Placed, paid and settled."""
    now = now or timezone.now()
    placed = order(reader, code, now=now, **kwargs)
    approve(placed, now)
    return service.settle(placed.key, now)


def at_the_till(placed: Order) -> TillPayment:
    """The latest payment page of the order."""
    return TillPayment.objects.get(key=payment_of(placed).key)


def payment_of(placed: Order) -> Payment:
    return Payment.objects.filter(order_key=placed.key).latest("attempt")


def approve(placed: Order, at: datetime) -> None:
    """The money is there; nobody has been told."""
    TillPayment.objects.filter(pk=at_the_till(placed).pk).update(
        state=TillPayment.State.APPROVED, settles_at=at
    )


def decline(placed: Order) -> None:
    TillPayment.objects.filter(pk=at_the_till(placed).pk).update(state=TillPayment.State.DECLINED)


def refund(placed: Order, at: datetime) -> None:
    """The money has gone back; nobody has been told."""
    TillPayment.objects.filter(pk=at_the_till(placed).pk).update(
        state=TillPayment.State.REFUNDED, refunded_at=at
    )


def event(payment: str, kind: str = "payment.paid", id: str = "") -> bytes:
    return json.dumps({"id": id or f"{payment}.{kind}", "type": kind, "payment": payment}).encode()


def webhook(body: bytes, *, at: datetime | None = None, signature: str | None = None) -> HttpResponse:
    """What the till sends, over HTTP, with its own signature unless another is given."""
    signed = sign(body, secret(), at or timezone.now()) if signature is None else signature
    headers = {HEADER: signed} if signed else {}
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = client.post("/checkout/webhook/till/", body, content_type="application/json", headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def hear(placed: Order, kind: str = "payment.paid") -> HttpResponse:
    return webhook(event(at_the_till(placed).key, kind))
