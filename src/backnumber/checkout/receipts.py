"""Receipts by mail. Queued in the transaction that settles the order, so that there is one if and only if it
was settled.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from backnumber.checkout import postal
from backnumber.checkout.models import Order
from backnumber.invoices.models import Invoice
from backnumber.mail.messages import Message
from backnumber.presents.queries import present_of_order


def send_receipt(order: Order) -> None:
    _send(order, "receipt", f"Your receipt: {order.label}")


def send_refund(order: Order) -> None:
    _send(order, "refund", f"Refunded: {order.label}")


def send_moved(order: Order) -> None:
    """A term that begins earlier than its receipt said: once for each day it was given."""
    _send(order, "moved", f"It begins earlier: {order.label}", mark=f"{order.begins:%Y%m%d%H%M%S}")


def send_again(order: Order, now: datetime) -> None:
    """Promise: the receipt as it is now, as a mail of its own."""
    _send(order, "receipt", f"Your receipt: {order.label}", mark=f"{now:%Y%m%d%H%M%S}")


def _send(order: Order, kind: str, subject: str, mark: str = "") -> None:
    """The Message-ID is made from the order: a mail server that sees it twice knows it again."""
    shown = {**facts(order), "address_of_receipt": settings.ADDRESS + order.get_absolute_url()}
    Message(
        kind,
        subject,
        render_to_string(f"checkout/mail/{kind}.txt", shown),
        [order.email_now],
        html=render_to_string(f"checkout/mail/{kind}.html", shown),
        reference=str(order.number),
        headers={"Message-ID": f"<{kind}{mark}.{order.key}@{urlsplit(settings.ADDRESS).hostname}>"},
    ).send()


def facts(order: Order) -> dict[str, Any]:
    """What a receipt states, on the page and in the mail."""
    return {
        "order": order,
        "postal_lines": postal.lines(postal.from_json(order.address)) if order.address else [],
        "invoice": Invoice.objects.filter(reference=order.key).first() if order.begins else None,
        "present": present_of_order(order.key) if order.is_gift else None,
        "site_address": settings.ADDRESS,
        "publisher": settings.SITE_NAME,
        "help_email": settings.HELP_EMAIL,
    }
