"""What a reader meets where the text stops: one sentence of what follows, one of why, what would help, and a
reference for the help mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format

from backnumber.access import Decision, Fit, Offer, Reason
from backnumber.archive.models import Article
from backnumber.archive.readable import Readable
from backnumber.gate import reference
from backnumber.newsstand.models import Product
from backnumber.newsstand.queries import lowest_price

PAGE_WORDS = 10  # fewer words than this are not counted out


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
class Way:
    """One quiet line: what it leads to."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class GateBlock:
    """`first` is the one thing that helps this reader most, when it is not one of the `cards`."""

    follows: str
    why: str
    first: Way | None
    cards: tuple[OfferCard, ...]
    ways: tuple[Way, ...]
    help_address: str
    help_email: str
    reference: str


def gate_block(
    article: Article,
    readable: Readable,
    decision: Decision,
    products: Sequence[Product],
    reader: int | None,
    now: datetime,
) -> GateBlock:
    """Promise: the gate for a denying decision; no query when `article.issue.title` is loaded.

    `products` is what is for sale, each with its prices at hand. Nobody signed in is ever told to sign in.
    """
    here = article.get_absolute_url()
    code = reference.make(article.pk, decision.reason, reader, now)
    first = _first(decision, here)
    return GateBlock(
        follows=_follows(readable),
        why=_why(decision, article),
        first=first,
        cards=_cards(decision, products, article),
        ways=tuple(way for way in _ways(decision, here) if first is None or way.address != first.address),
        help_address=_help_address(article, code),
        help_email=settings.HELP_EMAIL,
        reference=code,
    )


def _follows(readable: Readable) -> str:
    words = 0 if readable.is_whole else getattr(readable, "words_withheld", 0)
    if words < PAGE_WORDS:
        return "The rest of this article is in the archive."
    rounded = words if words < 20 else round(words, -1) if words < 300 else round(words / 50) * 50
    return f"The rest of this article, about {rounded:,} words, is in the archive."


def _why(decision: Decision, article: Article) -> str:
    match decision.reason:
        case Reason.LAPSED:
            return (
                f"Your access ended on {_day(decision.ended)}. Renew it and you read on here."
                if decision.ended
                else "Your access has ended."
            )
        case Reason.PRINT_UNCLAIMED:
            return (
                "You take the printed magazine, and the archive comes with it. Claim your print subscription "
                "with your subscriber number, and you read on here."
            )
        case Reason.CLAIM_PENDING:
            return (
                "We are looking at your claim on a print subscription. Somebody compares it with our "
                "records, usually within two working days, and writes to you either way. "
                "There is nothing more you need to do."
            )
        case Reason.OTHER_ISSUES:
            issue = article.issue
            return f"{_covers(decision)} This article is in {issue.title}, {issue.cover_date}."
        case Reason.NOT_BEGUN:
            return (
                f"Your access begins on {_day(decision.begins)}."
                if decision.begins
                else "Your access has not begun yet."
            )
        case Reason.REVOKED:
            return "Your access was withdrawn. If you do not know why, write to us and we will tell you."
        case Reason.UNKNOWN_POLICY:
            return (
                "Something is wrong with this article’s settings, and that is our fault, not yours. "
                "Write to us and we will open it."
            )
    if Offer.SIGN_UP in decision.offers:
        return "It is free to read with an account."
    return "A subscription opens all of it, every issue since the first."


def _covers(decision: Decision) -> str:
    """What the reader does hold, by the names they know it by."""
    elsewhere = {Fit.OTHER_TITLE, Fit.OTHER_DATES, Fit.OTHER_ISSUE, Fit.OTHER_ARTICLE}
    labels = list(
        dict.fromkeys(c.grant.label for c in decision.considered if c.fit in elsewhere and c.grant.label)
    )
    if not labels:
        return "What you have opens other issues."
    return f"You have {' and '.join(f'“{label}”' for label in labels)}, which opens other issues."


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


def _first(decision: Decision, here: str) -> Way | None:
    helpful = decision.offers[0] if decision.offers else None
    if helpful is Offer.CLAIM:
        return _way("Claim your print subscription", "claim", here)
    if helpful is Offer.SIGN_UP:
        return _way("Make a free account", "account_signup", here)
    return None


def _ways(decision: Decision, here: str) -> list[Way]:
    wanted = (
        (Offer.SIGN_IN, "Sign in, if you have an account", "account_login"),
        (Offer.CLAIM, "Claim your print subscription, if you take the printed magazine", "claim"),
    )
    found = [_way(text, name, here) for offer, text, name in wanted if offer in decision.offers]
    return [way for way in found if way is not None]


def _way(text: str, name: str, here: str) -> Way | None:
    try:
        return Way(text, f"{reverse(name)}?{urlencode({'next': here})}")
    except NoReverseMatch:
        return None


def _cards(decision: Decision, products: Sequence[Product], article: Article) -> tuple[OfferCard, ...]:
    """Products of one name are one offer with several terms; what is bought for another title is left out."""
    renew = Offer.RENEW in decision.offers
    wanted = {False: renew or Offer.BUY_ONLINE in decision.offers, True: Offer.BUY_PRINT in decision.offers}
    fitting = [p for p in products if wanted[p.is_print] and p.title_id in (None, article.issue.title_id)]
    names = dict.fromkeys(p.name for p in fitting)
    return tuple(_card([p for p in fitting if p.name == name], article, renew) for name in names)


def _card(products: Sequence[Product], article: Article, renew: bool) -> OfferCard:
    longest_first = sorted(products, key=lambda p: -p.term_months)
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
        address = f"{reverse('buy', args=[product.code])}?{urlencode({'article': article.pk})}"
    except NoReverseMatch:
        address = ""
    return PriceLine(
        str(lowest.amount), product.term, len({p.minor for p in product.prices.all()}) > 1, address
    )


def _help_address(article: Article, code: str) -> str:
    """A mailto address (RFC 6068) with the reference in its subject."""
    subject = quote(f"I cannot read “{article.headline}” ({code})", safe="")
    return f"mailto:{quote(settings.HELP_EMAIL, safe='@')}?subject={subject}"
