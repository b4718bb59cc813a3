"""An order that came in an envelope, with its money: the payment on invoice is begun and received at once."""

from datetime import datetime

from django.db import transaction

from backnumber.checkout import queries, service
from backnumber.checkout.locks import hold_owner
from backnumber.checkout.models import Order
from backnumber.payments import service as payments
from backnumber.payments.invoice import service as invoice
from backnumber.payments.invoice.service import Receipt
from backnumber.payments.models import Payment
from backnumber.readers.models import Reader

PROVIDER = "invoice"


class NotByPost(ValueError):
    """The order cannot be paid this way as it stands; the message says what to do."""


def pay(order_key: str, receipt: Receipt, by: Reader, now: datetime) -> Order:
    """Promise: the order is paid by what came, and settled: once, however often it is asked. Errors: NotByPost; ValueError for another
    currency.
    """
    payment = _reserve(order_key, now)
    begun = payments.begin(payment, success_url="", cancel_url="", now=now)
    invoice.receive(begun.key or "", receipt, by, now)
    return service.settle(order_key, now)


@transaction.atomic
def _reserve(order_key: str, now: datetime) -> Payment:
    hold_owner(order_key)
    order = queries.order_for_update(order_key)
    if order.is_settled:
        raise NotByPost("This order is paid already.")
    payment = payments.reserve(
        order.key, order.amount, order.label, email=order.email, keeps_mandate=order.renews, now=now,
        provider=PROVIDER,
    )  # fmt: skip
    if payment.provider != PROVIDER:
        raise NotByPost(
            "The reader has begun to pay this order on the site. Wait until that is over, or ask them."
        )
    return payment
