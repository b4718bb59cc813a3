"""Lead-ins that this process has made already: for one state of an article's text it is always the same one. No whole text is in here.

`Appearance.changed_at` is the state: the database itself moves it, in the transaction that changes the text or where its lead-in ends.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backnumber.access import Decision
from backnumber.archive.blocks import text_of
from backnumber.archive.models import Article
from backnumber.archive.queries import opening, readable
from backnumber.archive.readable import LeadIn, Readable
from backnumber.edge.page.bounded_cache import BoundedCache

MOST_BYTES = 16 << 20
REMEMBERED: BoundedCache[tuple[int, datetime], LeadIn] = BoundedCache(MOST_BYTES)


def readables(articles: Sequence[Article], decisions: Mapping[int, Decision]) -> dict[int, Readable]:
    """Promise: `readable` of each article that is still published, by its key, of `articles_for_lists`; one query for the texts that are
    opened and the lead-ins that are not remembered, none when there are none.
    """
    remembered = {
        article.pk: found
        for article in articles
        if not decisions[article.pk].allowed and (found := _remembered(article))
    }
    fetched = _with_text([article.pk for article in articles if article.pk not in remembered])
    made = {article.pk: readable(article, decisions[article.pk]) for article in fetched}
    for article in fetched:
        _remember(article, made[article.pk])
    return {**remembered, **made}


def lead_ins_of(articles: Sequence[Article]) -> dict[int, Readable]:
    """Promise: `opening` of each article that is still published, as `readables`."""
    remembered = {article.pk: found for article in articles if (found := _remembered(article))}
    fetched = _with_text([article.pk for article in articles if article.pk not in remembered])
    made = {article.pk: opening(article) for article in fetched}
    for article in fetched:
        _remember(article, made[article.pk])
    return {**remembered, **made}


def _with_text(keys: Sequence[int]) -> list[Article]:
    """The text and its state are read in one query: what is remembered of the one is true of the other."""
    published = Article.objects.filter(pk__in=keys, live=True, issue__live=True).select_related("appearance")
    return list(published.only("body", "lead_in_ends_after", "appearance")) if keys else []


def _remembered(article: Article) -> LeadIn | None:
    """Promise: its lead-in, if it was made of the text as it is now; no query when `appearance` was fetched with it."""
    return REMEMBERED.get((article.pk, article.appearance.changed_at))


def _remember(article: Article, found: Readable) -> None:
    """`article` was fetched in one query with its body and its `appearance`."""
    if isinstance(found, LeadIn):
        size = 2 * sum(len(text_of(block)) for block in found.blocks)
        REMEMBERED.remember((article.pk, article.appearance.changed_at), found, size)
