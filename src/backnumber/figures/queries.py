"""What the figures are made of: paid orders with what went back, and the gate's denials; no reader by name."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from backnumber.archive.models import Article
from backnumber.checkout.models import Order
from backnumber.figures.rules import Back, Term
from backnumber.payments.models import LedgerEntry

MOST_ARTICLES = 50
_SETTLED = (Order.State.PAID, Order.State.REFUNDED, Order.State.DISPUTED)
_SHOWN = """
    SELECT article, count(*) FROM usage_use WHERE kind = 'denial' AND NOT is_robot AND at >= %s AND at < %s GROUP BY article
"""


@dataclass(frozen=True, slots=True)
class Steps:
    """From the gate to a purchase, of one article or section: how often the gate was shown, orders placed from there, orders paid."""

    name: str
    shown: int
    ordered: int
    bought: int


def terms() -> list[Term]:
    """Promise: every term of months that was paid for, whoever paid; two queries."""
    backs: dict[str, list[Back]] = defaultdict(list)
    for key, at, minor in LedgerEntry.objects.filter(minor__lt=0).values_list(
        "payment__order_key", "at", "minor"
    ):
        backs[key].append(Back(at, -minor))
    orders = Order.objects.filter(state__in=_SETTLED, begins__isnull=False, until__isnull=False, months__gt=0)
    rows = orders.values_list(
        "key",
        "reader_id",
        "email",
        "product__name",
        "begins",
        "until",
        "minor",
        "currency",
        "state",
        "refunded_at",
    )
    return [
        Term(
            str(reader or email.casefold()),
            product,
            begins,
            until,
            minor,
            currency,
            tuple(backs.get(key, ())),
            _ended_at(state, refunded_at, backs.get(key, [])),
        )
        for key, reader, email, product, begins, until, minor, currency, state, refunded_at in rows
        if begins is not None and until is not None
    ]


def _ended_at(state: str, refunded_at: datetime | None, backs: list[Back]) -> datetime | None:
    if state == Order.State.PAID:
        return None
    return refunded_at or max((one.at for one in backs), default=None)


def steps(since: datetime, until: datetime) -> tuple[list[Steps], list[Steps]]:
    """Promise: of the articles with the most gates shown, at most 50, and of every section, the steps between two instants; three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [since, until])
        shown: dict[int, int] = dict(cursor.fetchall())
    placed = Order.objects.filter(placed_at__gte=since, placed_at__lt=until, article__isnull=False)
    ordered: dict[int, int] = defaultdict(int)
    bought: dict[int, int] = defaultdict(int)
    for article, is_paid in placed.filter(~Q(term__gt=1)).values_list("article_id", "paid_at"):
        ordered[article] += 1
        bought[article] += is_paid is not None
    keys = {*shown, *ordered}
    names = {
        key: (headline, section or "No section")
        for key, headline, section in Article.objects.filter(pk__in=keys).values_list(
            "pk", "headline", "section__name"
        )
    }
    of_articles: list[Steps] = []
    of_sections: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key in keys:
        headline, section = names.get(key, ("A deleted article", "No section"))
        one = (shown.get(key, 0), ordered[key], bought[key])
        of_articles.append(Steps(headline, *one))
        of_sections[section] = [a + b for a, b in zip(of_sections[section], one, strict=True)]
    most = sorted(of_articles, key=lambda one: (-one.shown, -one.bought, one.name))[:MOST_ARTICLES]
    sections = sorted(
        (Steps(name, *sums) for name, sums in of_sections.items()), key=lambda one: (-one.shown, one.name)
    )
    return most, sections
