"""Whose row is locked while an order is placed or settled, so that terms follow one another. Readers before orders, orders before gifts."""

from django.db.models import Q

from backnumber.checkout.models import Order
from backnumber.readers.models import Reader
from backnumber.readers.service import hold_reader


def hold(reader: int | None) -> None:
    """Promise: one order of a reader is placed or settled at a time, so that terms follow one another. Always taken
    before an order's own.
    """
    if reader is not None:
        hold_reader(reader)


def hold_owner(order_key: str) -> None:
    """Promise: as `hold`, for the reader of this order and, of a gift, for who redeemed it; in the order of their keys."""
    touched = Order.objects.filter(Q(key=order_key) | Q(present__order_key=order_key)).values("reader")
    held = Reader.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=touched)
    list(held.order_by("pk").values_list("pk", flat=True))
