"""What a reader meets where the text stops: one sentence of what follows, one of why, what would help, and a
reference for the help mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import NoReverseMatch

from backnumber.access import Decision, Offer
from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article
from backnumber.archive.readable import Readable
from backnumber.gate import reference
from backnumber.gate.offers import OfferCard, SmallOffer, cards, small_offers
from backnumber.gate.why import why
from backnumber.products.models import Product

PAGE_WORDS = 10  # fewer words than this are not counted out


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
    small: tuple[SmallOffer, ...]
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
        why=why(decision, article),
        first=first,
        cards=cards(decision, products, article, now),
        small=small_offers(decision, products, article, now),
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
        (Offer.LIBRARY, "Read through your library", "library"),
    )
    found = [_way(text, name, here) for offer, text, name in wanted if offer in decision.offers]
    return [way for way in found if way is not None]


def _way(text: str, name: str, here: str) -> Way | None:
    try:
        return Way(text, f"{address_of(name)}?{urlencode({'next': here})}")
    except NoReverseMatch:
        return None


def _help_address(article: Article, code: str) -> str:
    """A mailto address (RFC 6068) with the reference in its subject."""
    subject = quote(f"I cannot read “{article.headline}” ({code})", safe="")
    return f"mailto:{quote(settings.HELP_EMAIL, safe='@')}?subject={subject}"
