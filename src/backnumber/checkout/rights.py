"""What an order's payment opens: to its reader, or, of a group, to those who have its seats. Given and taken back under one key."""

from datetime import datetime

from backnumber.access import Scope
from backnumber.checkout import wares
from backnumber.checkout.models import Order
from backnumber.grants import service as grants
from backnumber.groups import service as groups
from backnumber.groups.models import Group
from backnumber.readers.models import Reader


def give(
    order: Order,
    reader: Reader,
    *,
    key: str,
    starts: datetime,
    until: datetime | None,
    label: str,
    now: datetime,
    kept: Scope | None = None,
) -> None:
    """Promise: it is open from `starts` until just before `until`, once for this key. The caller holds the order's lock."""
    if order.seats and until is not None:
        group = _group(order, reader, now)
        groups.open_term(
            group, order.product, key=key, seats=order.seats, starts=starts, until=until, label=label, now=now
        )
        return
    grants.grant(
        reader,
        wares.scope_bought(order.product, order.article),
        starts=starts,
        until=until,
        evidence=order.evidence,
        evidence_key=key,
        label=label,
        now=now,
        kept=kept,
    )


def _group(order: Order, reader: Reader, now: datetime) -> Group:
    """That of the subscription's earlier terms, also when its owner or what it is was changed since; else the reader's own."""
    if order.group is not None:
        return order.group
    before = (
        Order.objects.filter(subscription=order.subscription_id, group__isnull=False)
        if order.subscription_id
        else None
    )
    last = before.select_related("group").order_by("-term").first() if before is not None else None
    order.group = last.group if last is not None else groups.begin(reader, order.product, now)
    order.save(update_fields=["group"])
    assert order.group is not None
    return order.group


def end(order: Order, *, key: str, because: str, at: datetime) -> None:
    """Promise: what was given under this key opens nothing from `at` on; asked again, nothing changes."""
    if order.seats:
        groups.end_term(key, because=because, at=at)
    else:
        grants.revoke(order.evidence, key, because=because, now=at)


def bring_forward(
    order: Order, *, starts: datetime, until: datetime, kept: Scope | None, now: datetime
) -> None:
    """Promise: what has not begun runs from `starts` until just before `until`."""
    if order.seats:
        groups.bring_forward(order.evidence_key, starts=starts, until=until, now=now)
    else:
        grants.bring_forward(
            order.evidence, order.evidence_key, starts=starts, until=until, kept=kept, now=now
        )
