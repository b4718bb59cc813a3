"""What the gate offers for money: two things to subscribe to, set out, and below them in a quiet line what is smaller:
this one article, a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import NoReverseMatch

from backnumber.access import Asked, Decision, Evidence, Fit, Grant, Offer, Reason, ScopeKind
from backnumber.access.scopes import fit
from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article
from backnumber.products.models import Audience, Product
from backnumber.products.queries import lowest_price


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One way to pay for an offer: "£48 a year", where it leads."""

    amount: str
    term: str
    is_from: bool
    address: str


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One of the things for sale, with its prices, dearest term first."""

    name: str
    description: str
    prices: tuple[PriceLine, ...]
    action: str


@dataclass(frozen=True, slots=True)
class SmallOffer:
    """Less than a subscription, in one line: "this article only", "£2.50", where it leads."""

    text: str
    price: PriceLine


def cards(
    decision: Decision, products: Sequence[Product], article: Article, now: datetime
) -> tuple[OfferCard, ...]:
    """Promise: the subscriptions that would open the article, products of one name as one offer with several terms; no
    query when `article.issue.title` and the prices are loaded.
    """
    renew = Offer.RENEW in decision.offers
    wanted = {False: renew or Offer.BUY_ONLINE in decision.offers, True: Offer.BUY_PRINT in decision.offers}
    here = [p for p in _offered(products, decision) if p.is_subscription and not p.only_for]
    fitting = [p for p in here if wanted[p.is_print] and _opens(p, article, now)]
    names = dict.fromkeys(p.name for p in fitting)
    return tuple(_card([p for p in fitting if p.name == name], article, renew) for name in names)


def small_offers(
    decision: Decision, products: Sequence[Product], article: Article, now: datetime
) -> tuple[SmallOffer, ...]:
    """Promise: what opens the article for less than a subscription, and what is sold to certain e-mail addresses only, in the publisher's
    order; none where nothing is offered to buy.
    """
    if not {Offer.BUY_ONLINE, Offer.RENEW} & set(decision.offers):
        return ()
    here = [p for p in _offered(products, decision) if not p.is_subscription or p.only_for]
    fitting = [p for p in here if _opens(p, article, now)]
    return tuple(SmallOffer(_small_words(p), _price_line(p, article)) for p in fitting)


_AUDIENCES = {
    Reason.NO_ACCOUNT: Audience.STRANGERS,
    Reason.NO_GRANT: Audience.READERS,
    Reason.REVOKED: Audience.READERS,
    Reason.PRINT_UNCLAIMED: Audience.READERS,
    Reason.LAPSED: Audience.LAPSED,
    Reason.OTHER_ISSUES: Audience.NARROWER,
    Reason.METER_SPENT: Audience.METERED,
    Reason.NOT_COUNTED: Audience.METERED,
    Reason.GIFT_ENDED: Audience.GIFTED,
}


def _offered(products: Sequence[Product], decision: Decision) -> list[Product]:
    """Of what is for sale, what the publisher offers for this reason; groups are bought from the page of what is for sale."""
    audience = _AUDIENCES.get(decision.reason)
    return [p for p in products if not p.is_group and (not p.offered_to or audience in p.offered_to)]


def _small_words(product: Product) -> str:
    if product.only_for:
        return f"{product.name.lower()} {product.term} for addresses in {product.only_for}"
    if product.piece:
        what = f"this {product.piece} only"
    else:
        what = "the whole archive" if product.scope == ScopeKind.ARCHIVE.value else product.name.lower()
    if not product.term_days:
        return what
    return f"{what} for {'a day' if product.term_days == 1 else f'{product.term_days} days'}"


def _opens(product: Product, article: Article, now: datetime) -> bool:
    """Whether what is bought would open this article: asked of the rule itself, with the grant that would be made."""
    issue = article.issue
    if product.title_id not in (None, issue.title_id):
        return False
    scope = product.scope_on(article=article.pk, issue=issue.pk)
    zone = ZoneInfo(settings.TIME_ZONE)
    here = Asked(article.pk, issue.pk, issue.title_id, issue.sort_date, policy=None, zone=zone)
    return fit(Grant(0, scope, now, None, Evidence.PAYMENT), here, now) is Fit.FITS


def _card(products: Sequence[Product], article: Article, renew: bool) -> OfferCard:
    longest_first = sorted(products, key=lambda p: -(p.term_months or 0))
    is_print = longest_first[0].is_print
    return OfferCard(
        name=longest_first[0].name,
        description=longest_first[0].description,
        prices=tuple(_price_line(product, article) for product in longest_first),
        action="Subscribe" if is_print else "Renew" if renew else "Read on",
    )


def _price_line(product: Product, article: Article) -> PriceLine:
    lowest = lowest_price(product)
    try:
        address = f"{address_of('buy', product.code)}?{urlencode({'article': article.pk})}"
    except NoReverseMatch:
        address = ""
    return PriceLine(
        str(lowest.amount), product.term, len({p.amount for p in product.prices.all()}) > 1, address
    )
