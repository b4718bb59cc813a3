"""Reads of orders."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from backnumber.access import Asked, Asker, Evidence, Policy, Reason, ScopeKind, decide
from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists
from backnumber.checkout import postal
from backnumber.checkout.models import Order
from backnumber.checkout.rules import Length, Term, term_of
from backnumber.gate.facts import decision_for
from backnumber.grants.models import Grant
from backnumber.grants.queries import grants_of
from backnumber.groups.models import GroupTerm
from backnumber.payments.models import Payment
from backnumber.payments.provider import PaymentState
from backnumber.products.models import Product
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as the account page lists it. `address` is the receipt's; without `until` it has no end."""

    number: str
    label: str
    amount: str
    placed_at: datetime
    state: str
    state_label: str
    begins: datetime | None
    until: datetime | None
    address: str


def orders_of(reader: Reader) -> list[OrderLine]:
    """Promise: the reader's paid and refunded orders, latest first, without what gifts gave; one query."""
    orders = Order.objects.filter(reader=reader, begins__isnull=False).exclude(kind=Order.Kind.REDEEMED)
    return [
        OrderLine(
            order.number,
            order.label,
            str(order.amount),
            order.placed_at,
            order.state,
            order.get_state_display(),
            order.begins,
            order.until,
            order.get_absolute_url(),
        )
        for order in orders
    ]


def order_of(reader: Reader, key: str) -> Order | None:
    """Promise: the order, if it is this reader's and had a price; one query, without the article's body."""
    return _whole().filter(reader=reader, key=key).exclude(kind=Order.Kind.REDEEMED).first()


def order_for_update(key: str) -> Order:
    """Promise: the order, locked until the transaction ends. Errors: Order.DoesNotExist."""
    return _whole().select_for_update(of=("self",)).get(key=key)


def given_for_update(present_order: str) -> Order | None:
    """Promise: what the gift that this order bought has given, locked until the transaction ends; None before it is redeemed."""
    found = Order.objects.filter(present__order_key=present_order).values_list("key", flat=True).first()
    return order_for_update(found) if found else None


def _whole() -> QuerySet[Order]:
    return Order.objects.select_related(
        "product", "reader", "subscription", "voucher", "present", "group", "article__issue__title"
    ).defer("article__body")


def settled_by_form(reader: Reader, token: str) -> Order | None:
    """Promise: the order that this form of the reader became, once it is paid; one query."""
    became = Order.objects.filter(form_keys__reader=reader, form_keys__key=token, begins__isnull=False)
    return became.first() if token else None


def term_now(order: Order, now: datetime, zone: ZoneInfo) -> Term | None:
    """Promise: the term the order would give if it were paid at `now`; None: without end, or for an order of nobody, or a gift."""
    if order.reader is None or order.is_gift:
        return None
    return term_of(Length(order.months, order.days), terms_held(order.reader, order.product), now, zone)


def is_pending(order_key: str) -> bool:
    """Whether the money is on its way, as far as the provider was last heard."""
    return Payment.objects.filter(order_key=order_key, state=PaymentState.PENDING).exists()


def terms_held(reader: Reader, product: Product) -> list[Term]:
    """Promise: the terms a new one of `product` would follow, by `orders_held`."""
    return [held.term for held in orders_held(reader, product)]


@dataclass(frozen=True, slots=True)
class Held:
    """An order whose term is paid for and not revoked."""

    order: Order
    term: Term


def orders_held(reader: Reader, product: Product, *, with_print_only: bool = True) -> list[Held]:
    """Promise: what a new term of `product` would follow: orders paid for and gifts redeemed, not revoked, that give what it gives.
    Without `with_print_only`, for printed copies also those that give no copies.

    Online access follows any right to the same scope; printed copies follow printed copies only, for they
    begin at once. Months follow months and days follow days: a pass for today must not begin next year.
    """
    if product.is_by_the_piece:
        return []
    same = {f"product__{name}": getattr(product, name) for name in _WHAT_IT_OPENS}
    orders = Order.objects.filter(reader=reader, state=Order.State.PAID, **same).exclude(kind=Order.Kind.GIFT)
    orders = orders.filter(days__gt=0) if product.term_days else orders.filter(months__gt=0)
    if product.is_print and with_print_only:
        orders = orders.filter(product__is_print=True)
    right = Case(
        When(restored=0, then=F("key")), default=Concat("key", Value("."), Cast("restored", CharField()))
    )
    revoked = Grant.objects.filter(
        evidence__in=[Evidence.PAYMENT.value, Evidence.GIFT.value],
        evidence_key=OuterRef("right"),
        revoked_at__isnull=False,
    )
    ended = GroupTerm.objects.filter(key=OuterRef("right"), ended_at__isnull=False)
    counted = (
        orders.annotate(right=right)
        .filter(~Exists(revoked), ~Exists(ended))
        .select_related("product", "reader")
    )
    return [
        Held(order, Term(order.begins, order.until, order.anchor, order.months_before, order.months))
        for order in counted
        if order.begins and order.until and order.anchor
    ]


_WHAT_IT_OPENS = ("scope", "title_id", "first_date", "last_date", "years", "is_group")
_ANY_ARTICLE = Asked(article=0, issue=0, title=0, cover_date=date.min, policy=Policy.SUBSCRIBERS)


@dataclass(frozen=True, slots=True)
class Reading:
    """What opens the whole archive to a reader already: its name, and until when (None: without end)."""

    label: str
    until: datetime | None


def already_reading(reader: Reader, now: datetime) -> Reading | None:
    """Promise: the longest right to the whole archive the reader has at `now`; one query."""
    whole = tuple(grant for grant in grants_of(reader.pk) if grant.scope.kind is ScopeKind.ARCHIVE)
    by = decide(_ANY_ARTICLE, Asker(reader.pk, whole), now).via
    return Reading(by.label, by.until) if by else None


# Who may read by these need not buy; what is free for a week, or counted, may be bought for good.
_LASTING = {Reason.GRANT, Reason.OPEN, Reason.SIGNED_IN, Reason.FREE_BY_AGE}


def may_read_already(reader: Reader, product: Product, article: Article, now: datetime) -> Reading | None:
    """Promise: what opens to the reader the single piece that `product` would sell; None when nothing lasting does,
    and for larger products.

    The issue is open only by a right that is not to this one article.
    """
    if not product.is_by_the_piece:
        return None
    is_issue = product.scope == ScopeKind.ISSUE.value
    grants = grants_of(reader.pk)
    if is_issue:
        grants = tuple(grant for grant in grants if grant.scope.kind is not ScopeKind.ARTICLE)
    decision = decision_for(article, Asker(reader.pk, grants), now)
    if decision.reason not in ({Reason.GRANT} if is_issue else _LASTING):
        return None
    return Reading(decision.via.label, decision.via.until) if decision.via else Reading("", None)


def last_address(reader: Reader) -> postal.PostalAddress | None:
    """Promise: where the reader last asked copies to be sent, paid for or not; one query."""
    stored = (
        Order.objects.filter(reader=reader, address__isnull=False).values_list("address", flat=True).first()
    )
    return postal.from_json(stored) if stored else None


def article_to_return_to(key: str) -> Article | None:
    """Promise: the published article the browser names, without its body; else None. One query."""
    if not key.isdecimal() or len(key) > 18:
        return None
    return articles_for_lists().prefetch_related(None).filter(pk=int(key)).first()
