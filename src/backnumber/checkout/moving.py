"""Terms that wait move up when what they waited for falls away: paid means access, and no day is lost."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from backnumber.checkout import queries, receipts, rights, rules, wares
from backnumber.checkout.models import Order
from backnumber.checkout.queries import Held
from backnumber.circulation import service as circulation
from backnumber.products.models import Product
from backnumber.readers.models import Reader


@transaction.atomic
def bring_forward(reader: Reader, product: Product, now: datetime) -> int:
    """Promise: every paid term of what `product` opens that has not begun follows what covers `now` without a gap, in
    the order in which they waited; how many moved. What has begun stays, and nothing is put off.

    The caller holds the reader's lock.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    all_held = queries.orders_held(reader, product, with_print_only=False)
    held = sorted(all_held, key=lambda one: (one.term.begins, one.order.pk))
    placed = [one for one in held if one.term.begins <= now]
    moved = 0
    for one in (one for one in held if one.term.begins > now):
        before = [p.term for p in placed if p.order.product.is_print or not one.order.product.is_print]
        new = rules.term_of(rules.Length(one.order.months, one.order.days), before, now, zone)
        if new is not None and new.begins < one.term.begins:
            _move(one.order, new, now, zone)
            moved += 1
            placed.append(Held(one.order, new))
        else:
            placed.append(one)
    return moved


def _move(order: Order, new: rules.Term, now: datetime, zone: ZoneInfo) -> None:
    rights.bring_forward(
        order,
        starts=new.begins,
        until=new.until,
        kept=wares.scope_kept(order.product, new, zone),
        now=now,
    )
    if order.address is not None:
        starts_on, ends_on = rules.days_of(new, zone)
        circulation.bring_forward_print_subscription(order.key, starts_on=starts_on, ends_on=ends_on)
    order.begins, order.until = new.begins, new.until
    order.anchor, order.months_before = new.anchor, new.months_before
    order.save(update_fields=["begins", "until", "anchor", "months_before"])
    receipts.send_moved(order)
