"""Renders pages, and keeps them in the page store in the same transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from backnumber.archive.models import Article, Issue
from backnumber.edge.page.stored import StoredPage
from backnumber.edge.render import queries
from backnumber.edge.render.renderers import renderer_of, renderers

log = logging.getLogger(__name__)
CHANGES_ARE_KEPT = timedelta(days=1)


def patterns() -> list[str]:
    """Promise: regular expressions, one a kind, that the whole address of a page of ours matches."""
    return [renderer.pattern for renderer in renderers()]


def render_page(address: str, now: datetime) -> StoredPage | None:
    """Promise: the page, rendered and stored, in the open transaction or one of its own; None where no page of ours stands.

    Errors: rules.Disagreement when the page cannot be stored as it is.
    """
    renderer = renderer_of(address)
    if renderer is None:
        return None
    with transaction.atomic():
        snapshot = queries.take_snapshot()
        page = renderer.render(address, now)
        if page is not None:
            queries.store([page], snapshot, now)
    return page


def render_pages(addresses: Sequence[str], now: datetime) -> int:
    """Promise: the pages at these addresses, rendered from one look at the archive and stored in one transaction; how many
    pages of ours stand there. Rendered one by one they are the same, and cost more.

    Errors: whatever one of them cannot be rendered for; then none of them is stored.
    """
    of_kind: dict[str, list[str]] = {}
    for address in addresses:
        if (renderer := renderer_of(address)) is not None:
            of_kind.setdefault(renderer.kind, []).append(address)
    with transaction.atomic():
        snapshot = queries.take_snapshot()
        pages = [page for one in renderers() for page in one.pages_at(of_kind.get(one.kind, []), now)]
        queries.store(pages, snapshot, now)
    return len(pages)


def render_article(article: int, now: datetime) -> StoredPage | None:
    found = Article.objects.select_related("issue__title").defer("body").filter(pk=article).first()
    return render_page(found.get_absolute_url(), now) if found else None


def render_issue(issue: int, now: datetime) -> StoredPage | None:
    found = Issue.objects.select_related("title").filter(pk=issue).first()
    return render_page(found.get_absolute_url(), now) if found else None


def sweep(now: datetime) -> tuple[int, int]:
    """Promise: void pages are gone, and then the changes of more than a day ago; how many of each.

    When rendering does not pause for a moment, the changes stay until the next sweep.
    """
    before = now - CHANGES_ARE_KEPT
    seen = queries.seen_by_now()
    pages = queries.clear_pages(before)
    try:
        with transaction.atomic():
            late, changes = queries.clear_changes(before, seen)
    except OperationalError:
        log.warning("old changes were not swept: rendering did not pause for a second")
        return pages, 0
    return pages + late, changes
