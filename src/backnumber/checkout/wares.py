"""What exactly is bought: its name on the order, what it opens, and what of it stays open afterwards. Pure: it asks
neither the clock nor the database.
"""

from zoneinfo import ZoneInfo

from django.utils.text import Truncator

from backnumber.access import Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.checkout.rules import Term, issues_of
from backnumber.products.models import Product

LONGEST_LABEL = 200


def label(product: Product, article: Article | None, seats: int = 0) -> str:
    """Promise: what stands on the order and its receipt; a single piece is called by its own name, of a group the seats are counted.

    No query when the article's issue and title are loaded.
    """
    named = piece(product, article) or (f"{seats} seat{'' if seats == 1 else 's'}" if seats else "")
    return Truncator(f"{product.label}: {named}" if named else product.label).chars(LONGEST_LABEL)


def piece(product: Product, article: Article | None) -> str:
    """Promise: the one article or issue that is bought, by name; empty for anything larger."""
    if article is None or not product.is_by_the_piece:
        return ""
    if product.scope == ScopeKind.ISSUE.value:
        return f"{article.issue.title}, {article.issue.cover_date}"
    return f"“{article.headline}”"


def scope_bought(product: Product, article: Article | None) -> Scope:
    """Promise: what paying opens."""
    return product.scope_on(
        article=article.pk if article else None, issue=article.issue_id if article else None
    )


def scope_kept(product: Product, term: Term | None, zone: ZoneInfo) -> Scope | None:
    """Promise: the issues of the term, when the product keeps them; never more than the product opens. None when there
    is none.
    """
    days = issues_of(term, zone) if term is not None and product.keeps_term else None
    if days is None:
        return None
    is_span = product.scope == ScopeKind.SPAN.value
    first = max(days[0], product.first_date) if is_span and product.first_date else days[0]
    last = min(days[1], product.last_date) if is_span and product.last_date else days[1]
    if first > last:
        return None
    title = None if product.scope == ScopeKind.ARCHIVE.value else product.title_id
    return Scope(ScopeKind.SPAN, title=title, first_date=first, last_date=last)
