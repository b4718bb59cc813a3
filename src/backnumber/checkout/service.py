"""Buying, from the form to the grant. `settle` is the whole of what paying does; everything that hears of
money calls it.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from backnumber.archive.models import Article
from backnumber.checkout import giving, moving, postal, queries, quotes, renewing, rules, vouchers, wares
from backnumber.checkout.locks import hold, hold_owner
from backnumber.checkout.models import FormKey, Order
from backnumber.checkout.sale import Sale, sale_of
from backnumber.checkout.vouchers import VoucherRefused as VoucherRefused
from backnumber.payments import providers
from backnumber.payments import queries as payment_queries
from backnumber.payments import service as payments
from backnumber.payments.models import Payment, Refund, WebhookEvent
from backnumber.payments.provider import Event, PaymentState
from backnumber.payments.service import Answer
from backnumber.products.models import Price, Product, Region, Voucher
from backnumber.readers.models import Reader
from backnumber.renewals.queries import living

logger = logging.getLogger(__name__)

UNHEARD_OF = timedelta(minutes=5)
MONEY_MAY_GO_BACK_FOR_DAYS = 120


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader asks for. The price comes from our own list; `address` is for printed copies; `shown` is what the page
    said of it, where there was a page.
    """

    product: Product
    price: Price
    region: Region
    address: postal.PostalAddress | None = None
    article: Article | None = None
    shown: quotes.Quote | None = None
    voucher: Voucher | None = None
    seats: int = 0


class ShownOtherwise(Exception):
    """The beginning or the end is no longer what the reader was shown."""


class NothingNamed(Exception):
    """A single piece was asked for, and not which."""


class ReadsAlready(Exception):
    """A single piece was asked for that the reader may read."""


class Subscribed(Exception):
    """What renews was asked for by who has it already: `args[0]` is the key of the subscription, where it is changed."""


class NotForThem(Exception):
    """It is sold to others only: to students, by their e-mail address."""


@transaction.atomic
def place(reader: Reader, wish: Wish, token: str, now: datetime) -> Order:
    """Promise: the one open order of this reader for this product, at this price and to this address. `token` leads to
    it from now on, whichever form began it.

    A form sent again leads to the order it became, also after that was paid. An open order that asks for something
    else is set aside. Errors: NothingNamed, ReadsAlready, both for what is sold by the piece; ShownOtherwise, also when
    another order of the reader was paid a moment ago; Subscribed; NotForThem; VoucherRefused.
    """
    hold(reader.pk)
    order = _order_of_form(reader, wish, token) or _open_order(reader, wish, now)
    FormKey.objects.get_or_create(reader=reader, key=token, order=order)
    return order


def _order_of_form(reader: Reader, wish: Wish, token: str) -> Order | None:
    """What was paid for by this form; else what it asked for the last time, if that was the same."""
    became = list(Order.objects.filter(form_keys__reader=reader, form_keys__key=token))
    settled = [order for order in became if order.is_settled]
    return next((order for order in [*settled, *became] if order.is_settled or _is_same(order, wish)), None)


def _open_order(reader: Reader, wish: Wish, now: datetime) -> Order:
    _refuse_a_needless_piece(reader, wish.product, wish.article, now)
    if not wish.product.is_for(reader.email):
        raise NotForThem
    there = living(reader, wish.product) if wish.product.renews else None
    if there is not None:
        raise Subscribed(there.key)
    sale = sale_of(reader, wish.product, wish.price, wish.voucher, wish.seats)
    if wish.shown is not None and not wish.shown.says(
        (*_term_lines(reader, wish.product, sale, now), *quotes.voucher_lines(wish.voucher, sale.off))
    ):
        raise ShownOtherwise
    open_one = Order.objects.filter(
        reader=reader, product=wish.product, state=Order.State.OPEN, subscription=None, kind=Order.Kind.OWN
    ).first()
    if open_one is not None and _is_same(open_one, wish):
        Order.objects.filter(pk=open_one.pk).update(article=wish.article)
        vouchers.keep_use(open_one, now)
        return open_one
    if open_one is not None:
        Order.objects.filter(pk=open_one.pk).update(state=Order.State.CANCELLED)
    made = Order.objects.create(
        reader=reader,
        email=reader.email,
        product=wish.product,
        label=wares.label(wish.product, wish.article, wish.seats),
        seats=wish.seats,
        months=sale.length.months,
        days=sale.length.days,
        minor=sale.amount.minor,
        currency=sale.amount.currency,
        renews=sale.renews,
        renewal_minor=sale.renewal.minor if sale.renewal else None,
        renewal_months=sale.renewal_months,
        region=wish.region,
        address=wish.address.as_json() if wish.address else None,
        article=wish.article,
        voucher=wish.voucher,
        off_minor=sale.off.minor if sale.off else 0,
        placed_at=now,
    )
    vouchers.keep_use(made, now)
    return made


def _term_lines(reader: Reader, product: Product, sale: Sale, now: datetime) -> tuple[quotes.Line, ...]:
    term = rules.term_of(sale.length, queries.terms_held(reader, product), now, ZoneInfo(settings.TIME_ZONE))
    return quotes.term_lines(
        sale.length.days, term, now, quotes.renewal_in_words(sale.renewal, sale.renewal_months)
    )


def _is_same(order: Order, wish: Wish) -> bool:
    address = wish.address.as_json() if wish.address else None
    product = wish.product
    if order.reader is None:
        return False
    sale = sale_of(order.reader, product, wish.price, wish.voucher, wish.seats)
    asked = (
        product.pk,
        sale.length.months,
        sale.length.days,
        sale.amount.minor,
        sale.amount.currency,
        sale.renewal,
        wish.voucher.pk if wish.voucher else None,
        wish.seats,
        wish.region,
        address,
        wish.article.pk if wish.article and product.is_by_the_piece else None,
    )
    return asked == (
        order.product_id,
        order.months,
        order.days,
        order.minor,
        order.currency,
        order.renewal_amount,
        order.voucher_id,
        order.seats,
        order.region,
        order.address,
        order.article_id if product.is_by_the_piece else None,
    )


def _refuse_a_needless_piece(
    reader: Reader, product: Product, article: Article | None, now: datetime
) -> None:
    """Before any payment is begun. Errors: NothingNamed, ReadsAlready."""
    if not product.is_by_the_piece:
        return
    if article is None:
        raise NothingNamed
    if queries.may_read_already(reader, product, article, now) is not None:
        raise ReadsAlready


def pay(order_key: str, now: datetime) -> str:
    """Promise: the address to send the reader to: the provider's page, or our own when the order is paid or
    nearly.

    Errors: ProviderUnavailable, ProviderRefused; the order then stays as it was, and may be asked again. Order.DoesNotExist.
    NothingNamed, ReadsAlready: an old order of a single piece that is gone, or that the reader may read by now. VoucherRefused: its use
    was kept for an hour, and is gone.
    """
    settle(order_key, now)
    done = reverse("order_done", args=[order_key])
    payment = _reserve(order_key, now)
    if payment is None:
        return done
    begun = payments.begin(
        payment,
        success_url=settings.ADDRESS + done,
        cancel_url=settings.ADDRESS + reverse("order_stopped", args=[order_key]),
        now=now,
    )
    return begun.address


@transaction.atomic
def _reserve(order_key: str, now: datetime) -> Payment | None:
    """The attempt to pay, written down before the provider hears of it; None when it is paid or nearly."""
    hold_owner(order_key)
    order = queries.order_for_update(order_key)
    if order.is_settled or queries.is_pending(order.key):
        return None
    if order.reader is not None:
        _refuse_a_needless_piece(order.reader, order.product, order.article, now)
    if order.subscription_id is None and order.kind == Order.Kind.OWN:
        Order.objects.filter(
            reader=order.reader_id,
            product=order.product_id,
            state=Order.State.OPEN,
            subscription=None,
            kind=Order.Kind.OWN,
        ).exclude(pk=order.pk).update(state=Order.State.CANCELLED)
    vouchers.keep_use(order, now)
    Order.objects.filter(pk=order.pk).update(state=Order.State.OPEN)
    return payments.reserve(
        order.key, order.amount, order.label, email=order.email, keeps_mandate=order.renews, now=now
    )


def settle(order_key: str, now: datetime) -> Order:
    """Promise: the order, its grant, its copies, its subscription and its receipt agree with what the provider says at this
    moment.

    The webhook, the page the reader comes back to and the reconciliation all call it, in any order, together,
    or again: what stands afterwards depends only on the truth. The provider is asked first, while nothing is locked. Errors:
    Order.DoesNotExist, ProviderUnavailable; nothing is changed then.
    """
    return settle_by(order_key, payments.ask(order_key, now), now)


@transaction.atomic
def settle_by(order_key: str, answers: Sequence[Answer], now: datetime) -> Order:
    """Promise: as `settle`, by answers that were just given. Errors: Order.DoesNotExist."""
    hold_owner(order_key)
    order = queries.order_for_update(order_key)
    giving.follow(order, payments.apply(order.key, answers, now), now)
    return order


def refund(order_key: str, minor: int, *, ends_right: bool, because: str, by: str, now: datetime) -> Refund:
    """Promise: so much of what was paid for the order goes back, once; with all of it, or with `ends_right`, the right and the copies
    end too. The refund, whose state says how far it is.

    Errors: ValueError, with a sentence for staff, when there is not so much to give back. ProviderUnavailable: it is written down, and
    tried again by the clock.
    """
    asked = _ask_refund(order_key, minor, ends_right=ends_right, because=because, by=by, now=now)
    sent = payments.send_refund(asked, now)
    settle(order_key, now)
    return sent


@transaction.atomic
def _ask_refund(
    order_key: str, minor: int, *, ends_right: bool, because: str, by: str, now: datetime
) -> Refund:
    hold_owner(order_key)
    order = queries.order_for_update(order_key)
    paid = [p for p in payment_queries.payments_of(order_key) if p.state == PaymentState.PAID]
    if not paid:
        raise ValueError("Nothing of this order can go back: no payment of it has arrived.")
    asked = payments.ask_refund(
        max(paid, key=lambda p: p.minor - p.given_back), minor, because=because, by=by, now=now
    )
    if ends_right and order.begins is not None:
        giving.end_right(order, f"Order {order.number}: {because}"[:200], now, now)
        renewing.term_was_taken_back(order, Order.State.REFUNDED, now)
        if order.reader is not None:
            moving.bring_forward(order.reader, order.product, now)
            renewing.follow_what_is_paid(order.reader, order.product, now)
    return asked


def send_refunds(now: datetime) -> int:
    """Promise: refunds that were asked for, and that no provider has answered yet, are sent; how many were tried."""
    tried = 0
    for asked in payment_queries.refunds_asked_for():
        tried += 1
        try:
            payments.send_refund(asked, now)
            settle(asked.payment.order_key, now)
        except Exception:
            logger.exception("refund %s could not be sent", asked.request_key)
    return tried


@transaction.atomic
def follow_withdrawal(order_key: str, now: datetime) -> None:
    """Promise: after staff withdrew the right an order gave, what was paid for and waited for its end begins at `now`, and a
    subscription that waited for it is charged when all that is paid for is over.

    `order_key` is what the right rested on. Nothing for a key of no order.
    """
    order_key = order_key.partition(".")[0]
    hold_owner(order_key)
    order = Order.objects.select_related("product", "reader").filter(key=order_key).first()
    if order is not None and order.reader is not None:
        moving.bring_forward(order.reader, order.product, now)
        renewing.follow_what_is_paid(order.reader, order.product, now)


def hear(provider: str, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookEvent | None:
    """Promise: the event and its effect are recorded together, once; None when it was heard before. The truth is fetched before
    anything is locked.

    Errors: LookupError for an unknown provider, Forged, ProviderUnavailable; nothing is recorded then.
    """
    taker = providers.provider(provider)
    event = taker.verify_webhook(headers, body, now)
    if payment_queries.was_heard(provider, event.id):
        return None
    payment_key = taker.payment_of(event, now) if event.about else ""
    order_key = payment_queries.order_key_of(provider, payment_key) if payment_key else None
    answers = payments.ask(order_key, now) if order_key else []
    return _heard(provider, event, payment_key, order_key, answers, now)


@transaction.atomic
def _heard(
    provider: str,
    event: Event,
    payment_key: str,
    order_key: str | None,
    answers: Sequence[Answer],
    now: datetime,
) -> WebhookEvent | None:
    heard = payments.record(provider, event, payment_key, now)
    if heard is None:
        return None
    if not payment_key:
        heard.outcome = WebhookEvent.Outcome.IGNORED
    elif order_key is None:
        heard.outcome = WebhookEvent.Outcome.REJECTED
        logger.error("%s tells of a payment we never began: %s", provider, payment_key)
    else:
        settle_by(order_key, answers, now)
        if payment_queries.has_problem(provider, payment_key):
            heard.outcome = WebhookEvent.Outcome.REJECTED
    heard.save(update_fields=["outcome"])
    return heard


def reconcile(now: datetime) -> int:
    """Promise: every order whose payment was begun a while ago and not heard of is settled; how many were
    looked at.

    Paid means access, even if no webhook ever comes.
    """
    return _settle_each(payment_queries.orders_waiting(now - UNHEARD_OF, limit=500), now)


def review(now: datetime) -> int:
    """Promise: orders paid in the last months are settled anew, in case money went back unheard; how many
    were looked at.
    """
    return _settle_each(payment_queries.orders_paid_lately(now, MONEY_MAY_GO_BACK_FOR_DAYS), now)


def _settle_each(order_keys: Iterable[str], now: datetime) -> int:
    """One that fails keeps none of the others waiting; the next run tries it again."""
    looked_at = 0
    for key in order_keys:
        looked_at += 1
        try:
            settle(key, now)
        except Exception:
            logger.exception("order %s could not be settled", key)
    return looked_at


@transaction.atomic
def detach_orders(reader: Reader) -> int:
    """Promise: the orders stay for the books, without account, e-mail or postal address; how many.

    For an account about to be deleted.
    """
    return Order.objects.filter(reader=reader).update(reader=None, email="", address=None)
