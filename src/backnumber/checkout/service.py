"""Buying, from the form to the grant. `settle` is the whole of what paying does; everything that hears of
money calls it.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from backnumber.access import Evidence
from backnumber.archive.models import Article
from backnumber.checkout import moving, postal, queries, quotes, receipts, rules, wares
from backnumber.checkout.models import FormKey, Order
from backnumber.circulation import service as circulation
from backnumber.grants import service as grants
from backnumber.payments import providers
from backnumber.payments import queries as payment_queries
from backnumber.payments import service as payments
from backnumber.payments.models import WebhookEvent
from backnumber.payments.provider import PaymentState, PaymentTruth
from backnumber.products.models import Price, Product, Region
from backnumber.readers.models import Reader

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


class ShownOtherwise(Exception):
    """The beginning or the end is no longer what the reader was shown."""


class NothingNamed(Exception):
    """A single piece was asked for, and not which."""


class ReadsAlready(Exception):
    """A single piece was asked for that the reader may read."""


@transaction.atomic
def place(reader: Reader, wish: Wish, token: str, now: datetime) -> Order:
    """Promise: the one open order of this reader for this product, at this price and to this address. `token` leads to
    it from now on, whichever form began it.

    A form sent again leads to the order it became, also after that was paid. An open order that asks for something
    else is set aside. Errors: NothingNamed, ReadsAlready, both for what is sold by the piece; ShownOtherwise, also when
    another order of the reader was paid a moment ago.
    """
    _lock(reader.pk)
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
    if wish.shown is not None and not wish.shown.says(_term_lines(reader, wish.product, now)):
        raise ShownOtherwise
    open_one = Order.objects.filter(reader=reader, product=wish.product, state=Order.State.OPEN).first()
    if open_one is not None and _is_same(open_one, wish):
        Order.objects.filter(pk=open_one.pk).update(article=wish.article)
        return open_one
    if open_one is not None:
        Order.objects.filter(pk=open_one.pk).update(state=Order.State.CANCELLED)
    return Order.objects.create(
        reader=reader,
        email=reader.email,
        product=wish.product,
        label=wares.label(wish.product, wish.article),
        months=wish.product.term_months or 0,
        days=wish.product.term_days or 0,
        minor=wish.price.minor,
        currency=wish.price.currency,
        region=wish.region,
        address=wish.address.as_json() if wish.address else None,
        article=wish.article,
        placed_at=now,
    )


def _term_lines(reader: Reader, product: Product, now: datetime) -> tuple[quotes.Line, ...]:
    length = rules.Length(product.term_months or 0, product.term_days or 0)
    term = rules.term_of(length, queries.terms_held(reader, product), now, ZoneInfo(settings.TIME_ZONE))
    return quotes.term_lines(product.term_days or 0, term, now)


def _is_same(order: Order, wish: Wish) -> bool:
    address = wish.address.as_json() if wish.address else None
    product = wish.product
    asked = (
        product.pk,
        product.term_months or 0,
        product.term_days or 0,
        wish.price.minor,
        wish.price.currency,
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


@transaction.atomic
def pay(order_key: str, now: datetime) -> str:
    """Promise: the address to send the reader to: the provider's page, or our own when the order is paid or
    nearly.

    Errors: ProviderUnavailable; the order then stays as it was, and may be asked again. Order.DoesNotExist.
    NothingNamed, ReadsAlready: an old order of a single piece that is gone, or that the reader may read by now.
    """
    order = settle(order_key, now)
    done = reverse("order_done", args=[order.key])
    if order.is_settled or queries.is_pending(order.key):
        return done
    if order.reader is not None:
        _refuse_a_needless_piece(order.reader, order.product, order.article, now)
    Order.objects.filter(reader=order.reader_id, product=order.product_id, state=Order.State.OPEN).exclude(
        pk=order.pk
    ).update(state=Order.State.CANCELLED)
    Order.objects.filter(pk=order.pk).update(state=Order.State.OPEN)
    payment = payments.begin(
        order.key,
        order.amount,
        order.label,
        success_url=settings.ADDRESS + done,
        cancel_url=settings.ADDRESS + reverse("order_stopped", args=[order.key]),
        now=now,
    )
    return payment.address


@transaction.atomic
def settle(order_key: str, now: datetime) -> Order:
    """Promise: the order, its grant, its copies and its receipt agree with what the provider says at this
    moment.

    The webhook, the page the reader comes back to and the reconciliation all call it, in any order, together,
    or again: what stands afterwards depends only on the truth. Errors: Order.DoesNotExist,
    ProviderUnavailable; nothing is changed then.
    """
    _lock(queries.reader_of(order_key))
    order = queries.order_for_update(order_key)
    found = payments.outcome_of(order.key, now)
    match found.state:
        case PaymentState.PAID if found.truth:
            _give(order, found.truth, now)
        case PaymentState.REFUNDED if found.truth:
            _give(order, found.truth, now)
            _take_back(order, Order.State.REFUNDED, found.truth.refunded_at or now, now)
        case PaymentState.DECLINED | PaymentState.CANCELLED:
            _stop(order, Order.State(found.state.value), now)
        case _:
            pass  # open or pending: there is nothing to say yet
    return order


def _give(order: Order, truth: PaymentTruth, now: datetime) -> None:
    """What paying does, once: the term, the grant, the printed copies, the receipt."""
    if order.begins is not None:
        return
    if order.reader is None:
        payments.flag(order.key, [truth], "Paid after the reader deleted the account: refund it.")
        return
    if order.product.is_by_the_piece and order.article is None:
        payments.flag(order.key, [truth], "Paid for a piece that is no longer there: refund it.")
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    paid_at = truth.paid_at or now
    # where a waiting term was brought forward to now, this one follows it, whenever it was paid
    since = now if moving.bring_forward(order.reader, order.product, now) else paid_at
    held = queries.terms_held(order.reader, order.product)
    term = rules.term_of(rules.Length(order.months, order.days), held, since, zone)
    order.state, order.paid_at = Order.State.PAID, paid_at
    order.begins, order.until = (term.begins, term.until) if term else (paid_at, None)
    order.anchor, order.months_before = (term.anchor, term.months_before) if term else (paid_at, 0)
    grants.grant(
        order.reader,
        wares.scope_bought(order.product, order.article),
        starts=order.begins,
        until=order.until,
        evidence=Evidence.PAYMENT,
        evidence_key=order.key,
        label=order.label,
        now=paid_at,
        kept=wares.scope_kept(order.product, term, zone),
    )
    if order.address is not None and term is not None:
        _send_copies(order, order.reader, term, zone)
    order.save()
    receipts.send_receipt(order)


def _send_copies(order: Order, reader: Reader, term: rules.Term, zone: ZoneInfo) -> None:
    to = postal.from_json(order.address or {})
    starts_on, ends_on = rules.days_of(term, zone)
    circulation.begin_print_subscription(
        reader,
        name=to.name,
        address_lines=postal.street_lines(to),
        postcode=to.postal_code,
        country=to.country_code,
        starts_on=starts_on,
        ends_on=ends_on,
        order_key=order.key,
    )


def _take_back(order: Order, state: Order.State, at: datetime, now: datetime) -> None:
    """What a refund does, once: from `at` on the grant opens nothing and no copy is sent; what was paid for and waited
    for its end begins at `now`.
    """
    if order.begins is None or order.state == state:
        return
    grants.revoke(Evidence.PAYMENT, order.key, because=f"Order {order.number} {state.label.lower()}", now=at)
    circulation.end_print_subscription(order.key, on=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date())
    order.state = state
    order.refunded_at = at if state == Order.State.REFUNDED else None
    order.save(update_fields=["state", "refunded_at"])
    if order.reader is not None:
        moving.bring_forward(order.reader, order.product, now)
    if state == Order.State.REFUNDED:
        receipts.send_refund(order)


@transaction.atomic
def follow_withdrawal(order_key: str, now: datetime) -> None:
    """Promise: after staff withdrew the right an order gave, what was paid for and waited for its end begins at `now`.

    Nothing for a key of no order.
    """
    _lock(queries.reader_of(order_key))
    order = Order.objects.select_related("product", "reader").filter(key=order_key).first()
    if order is not None and order.reader is not None:
        moving.bring_forward(order.reader, order.product, now)


def _stop(order: Order, state: Order.State, now: datetime) -> None:
    """A payment that failed leaves no grant, not even when it had once looked paid."""
    if order.begins is not None:
        _take_back(order, state, now, now)
    elif order.state == Order.State.OPEN:
        order.state = state
        order.save(update_fields=["state"])


def _lock(reader: int | None) -> None:
    """One order of a reader is placed or settled at a time, so that terms follow one another. Always taken
    before an order's own.
    """
    if reader is not None:
        Reader.objects.select_for_update(no_key=True).filter(pk=reader).first()


@transaction.atomic
def hear(provider: str, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookEvent | None:
    """Promise: the event and its effect are recorded together, once; None when it was heard before.

    Errors: LookupError for an unknown provider, Forged, ProviderUnavailable; nothing is recorded then.
    """
    event = providers.provider(provider).verify_webhook(headers, body, now)
    heard = payments.record(provider, event, now)
    if heard is None:
        return None
    order_key = payment_queries.order_key_of(provider, event.payment_key)
    if not event.type.startswith("payment."):
        heard.outcome = WebhookEvent.Outcome.IGNORED
    elif order_key is None:
        heard.outcome = WebhookEvent.Outcome.REJECTED
        logger.error("%s tells of a payment we never began: %s", provider, event.payment_key)
    else:
        settle(order_key, now)
        if payment_queries.has_problem(provider, event.payment_key):
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
