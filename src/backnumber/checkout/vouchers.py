"""Whether a voucher may be used: for this product, now, by this reader, and whether a use is left. Uses are orders that were paid, and
those that are being paid.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from backnumber.checkout.models import Order
from backnumber.payments.models import Payment
from backnumber.payments.provider import PaymentState
from backnumber.products.models import Price, Product, Voucher
from backnumber.products.queries import voucher_for_update
from backnumber.readers.models import Reader

KEPT_FOR = timedelta(hours=1)


class VoucherRefused(Exception):
    """A voucher may not be used: `args[0]` says why, in a sentence for the reader."""


def unknown(code: str) -> str:
    """The sentence for a code that is of no voucher."""
    return f"“{code[:40]}” is not the code of a voucher. Look whether it is typed as it was given to you."


def why_not(voucher: Voucher, reader: Reader, product: Product, price: Price, now: datetime) -> str:
    """Promise: a sentence that says why the reader may not use it for the product now; empty when they may. An open order of the same
    product does not count: a new one takes its place. Four queries at most.
    """
    return not_for(voucher, product, price.currency, now) or _none_left(voucher, reader, product, now)


def not_for(voucher: Voucher, product: Product, currency: str, now: datetime) -> str:
    """Promise: why it may not be used for the product now, whoever uses it; empty when it may. One query."""
    if voucher.valid_from and now < voucher.valid_from:
        return "This voucher is not valid yet."
    if voucher.valid_until and now >= voucher.valid_until:
        return "This voucher is no longer valid."
    chosen = {one.pk for one in voucher.products.all()}
    if chosen and product.pk not in chosen:
        return f"This voucher is not for {product.name}."
    if voucher.minor and voucher.currency != currency:
        return f"This voucher is for prices in {voucher.currency}."
    return ""


def _none_left(
    voucher: Voucher, reader: Reader, product: Product, now: datetime, order: Order | None = None
) -> str:
    used = uses(voucher, now)
    if order is not None:
        used = used.exclude(pk=order.pk)
    own = used.filter(reader=reader)
    if own.filter(begins__isnull=False).exists():
        return "You have used this voucher already."
    if own.exclude(~_is_on_its_way(), product=product).exists():
        return "You are paying for something else with this voucher. What is not paid frees it after an hour."
    if voucher.limit is not None and used.exclude(reader=reader).count() >= voucher.limit:
        return "This voucher has been used as often as it may be."
    return ""


def uses(voucher: Voucher, now: datetime) -> QuerySet[Order]:
    """Promise: the orders that use it: paid for, whatever became of them since; being paid, and begun within the hour, or with the
    money on its way.
    """
    being_paid = Q(state=Order.State.OPEN, voucher_kept_until__gt=now) | _is_on_its_way()
    return Order.objects.filter(Q(begins__isnull=False) | being_paid, voucher=voucher)


def _is_on_its_way() -> Q:
    return Q(Exists(Payment.objects.filter(order_key=OuterRef("key"), state=PaymentState.PENDING)))


def keep_use(order: Order, now: datetime) -> None:
    """Promise: a use is kept for this order, an hour from `now`. The voucher's row is locked while uses are counted. The caller holds
    the reader, and the order where it was there before. Errors: VoucherRefused.
    """
    if order.voucher_id is None or order.reader is None:
        return
    voucher = voucher_for_update(order.voucher_id)
    why = not_for(voucher, order.product, order.currency, now) or _none_left(
        voucher, order.reader, order.product, now, order
    )
    if why:
        raise VoucherRefused(why)
    order.voucher_kept_until = now + KEPT_FOR
    order.save(update_fields=["voucher_kept_until"])
