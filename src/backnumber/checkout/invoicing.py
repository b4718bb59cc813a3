"""An invoice for each order that was paid for, and a credit note for what went back. Each is issued in the transaction that makes it true,
after all else in it, for the next number is locked until that transaction ends.
"""

import logging
from datetime import datetime, timedelta

from backnumber.checkout import postal
from backnumber.checkout.models import Order
from backnumber.invoices import service as invoices
from backnumber.invoices.facts import Party
from backnumber.invoices.models import Invoice
from backnumber.invoices.queries import owner_of, seller_now
from backnumber.invoices.rules import Sale, SaleLine
from backnumber.payments.models import Payment
from backnumber.payments.provider import PaymentState
from backnumber.tax.rules import Kind, NoRate, kinds_of

logger = logging.getLogger(__name__)

LOOKED_BACK = timedelta(days=40)


def issue(order: Order, now: datetime) -> Invoice | None:
    """Promise: the one invoice of a paid order. None where staff must first add a tax rate: nobody is kept from reading for that, and it
    is issued by the next night's run after they did.
    """
    if order.reader is None or order.paid_at is None:
        return None
    sale = Sale(
        reference=order.key,
        buyer=_buyer(order),
        lines=lines_of(order),
        currency=order.currency,
        paid_at=order.paid_at,
        owner_key=owner_of(order.reader),
    )
    try:
        return invoices.issue(sale, now)
    except NoRate as why:
        logger.error("order %s has no invoice yet: %s", order.number, why)
        return None


def lines_of(order: Order) -> tuple[SaleLine, ...]:
    """Promise: what the order is invoiced as: a line for each kind of its price, which add up to it exactly."""
    product = order.product
    parts = kinds_of(order.minor, is_print=product.is_print, print_share=product.print_share)
    if len(parts) == 1:
        [kind] = parts
        return (SaleLine(order.label, order.minor, kind),)
    return tuple(SaleLine(f"{order.label}: {_KINDS[kind]}", part, kind) for kind, part in parts.items())


_KINDS = {Kind.PRINT: "printed copies", Kind.ONLINE: "online access"}


def _buyer(order: Order) -> Party:
    """Who pays: by name and postal address where copies are posted; else by name and e-mail, in the seller's country."""
    if order.address:
        to = postal.from_json(order.address)
        return Party(to.name, tuple(postal.lines(to)[1:]), to.country_code, email=order.email)
    name = order.reader.get_full_name() if order.reader else ""
    return Party(name or order.email, (), seller_now().country, email=order.email)


def credit(order: Order, now: datetime) -> None:
    """Promise: credit notes of the order's invoice are over exactly what went back; asked again, nothing is added."""
    invoice = Invoice.objects.filter(reference=order.key).prefetch_related("credit_notes").first()
    if invoice is None:
        return
    payments = Payment.objects.filter(order_key=order.key)
    kept = max((p.minor - p.given_back for p in payments if p.state == PaymentState.PAID), default=0)
    back = order.minor - kept
    missing = back - sum(note.minor for note in invoice.credit_notes.all())
    if missing > 0:
        reason = f"Refund of order {order.number}"
        invoices.credit(invoice, missing, f"{order.key}:{back}", reason, now)


def issue_missing(now: datetime) -> int:
    """Promise: orders paid in the last weeks that have no invoice, for want of a rate, have one; how many were issued."""
    paid = Order.objects.filter(paid_at__gt=now - LOOKED_BACK, reader__isnull=False)
    paid = paid.exclude(kind=Order.Kind.REDEEMED).select_related("product", "reader")
    without = paid.exclude(key__in=Invoice.objects.values("reference"))
    return sum(issue(order, now) is not None for order in without)
