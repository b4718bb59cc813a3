"""Reads of subscriptions."""

from datetime import datetime

from django.db.models import QuerySet

from backnumber.products.models import Product
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription

LIVING = [state.value for state in Subscription.State if state is not Subscription.State.ENDED]


def subscriptions_of(reader: Reader) -> list[Subscription]:
    """Promise: the reader's subscriptions, those that have not ended first; one query."""
    rows = Subscription.objects.filter(reader=reader).select_related("product", "next_product")
    return sorted(rows, key=lambda one: (one.has_ended, -one.began_at.timestamp()))


def subscription_of(reader: Reader, key: str) -> Subscription | None:
    """Promise: the subscription, if it is this reader's; one query."""
    return _whole().filter(reader=reader, key=key).first()


def subscription_for_update(key: str) -> Subscription:
    """Promise: the subscription, locked until the transaction ends. Errors: Subscription.DoesNotExist."""
    return _whole().select_for_update(of=("self",)).get(key=key)


def living(reader: Reader, product: Product) -> Subscription | None:
    """Promise: a subscription of the reader that has not ended and gives what `product` gives: the same scope, copies or none; one query."""
    same = {f"product__{name}": getattr(product, name) for name in _WHAT_IT_GIVES}
    return _whole().filter(reader=reader, state__in=LIVING, **same).first()


_WHAT_IT_GIVES = ("scope", "title_id", "first_date", "last_date", "years", "is_print", "is_group")


def to_act_on(now: datetime, limit: int) -> list[str]:
    """Promise: keys of subscriptions about which something is to be done by now, longest due first; one query."""
    rows = Subscription.objects.filter(state__in=LIVING, acts_at__lte=now).order_by("acts_at", "id")
    return list(rows.values_list("key", flat=True)[:limit])


def _whole() -> QuerySet[Subscription]:
    return Subscription.objects.select_related("product", "next_product", "reader")
