"""The ways word of a payment reaches us, each as a delivery at a moment of the test's own."""

from collections.abc import Callable
from datetime import datetime

from backnumber.checkout import service
from backnumber.checkout.models import Order
from backnumber.payments.till import signature
from backnumber.payments.till.provider import secret
from tests.checkout import steps

DELIVERIES: dict[str, Callable[[Order, datetime], object]] = {
    "success page": lambda placed, now: service.settle(placed.key, now),
    "paid webhook": lambda placed, now: deliver(placed, "payment.paid", now),
    "refund webhook": lambda placed, now: deliver(placed, "payment.refunded", now),
    "reconciliation": lambda placed, now: service.reconcile(now),
    "review": lambda placed, now: service.review(now),
}


def deliver(placed: Order, kind: str, now: datetime) -> None:
    """A webhook at a moment of the test's own: signed then, heard then."""
    body = steps.event(steps.at_the_till(placed).key, kind)
    service.hear("till", {signature.HEADER: signature.sign(body, secret(), now)}, body, now)
