"""Prints pages: renders them, and keeps them in the page store in one transaction."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from backnumber.archive.models import Article, Issue
from backnumber.pages.printed import PrintedPage
from backnumber.press import queries
from backnumber.press.printers import printer_of, printers

log = logging.getLogger(__name__)
CHANGES_ARE_KEPT = timedelta(days=1)


def patterns() -> list[str]:
    """Promise: regular expressions, one a kind, that the whole address of a page we may print matches."""
    return [printer.pattern for printer in printers()]


def print_page(address: str, now: datetime) -> PrintedPage | None:
    """Promise: the page, printed and stored, in the open transaction or one of its own; None where no page of ours stands.

    Errors: rules.Disagreement when the page cannot be printed as it is.
    """
    printer = printer_of(address)
    if printer is None:
        return None
    with transaction.atomic():
        stand = queries.take_stand()
        page = printer.render(address, now)
        if page is not None:
            queries.store([page], stand, now)
    return page


def print_pages(addresses: Sequence[str], now: datetime) -> int:
    """Promise: the pages at these addresses, printed from one look at the archive and stored in one transaction; how many
    pages of ours stand there. Printed one by one they are the same, and cost more.

    Errors: whatever one of them cannot be printed for; then none of them is stored.
    """
    of_printer: dict[str, list[str]] = {}
    for address in addresses:
        if (printer := printer_of(address)) is not None:
            of_printer.setdefault(printer.kind, []).append(address)
    with transaction.atomic():
        stand = queries.take_stand()
        pages = [page for one in printers() for page in one.print_some(of_printer.get(one.kind, []), now)]
        queries.store(pages, stand, now)
    return len(pages)


def print_article(article: int, now: datetime) -> PrintedPage | None:
    found = Article.objects.select_related("issue__title").defer("body").filter(pk=article).first()
    return print_page(found.get_absolute_url(), now) if found else None


def print_issue(issue: int, now: datetime) -> PrintedPage | None:
    found = Issue.objects.select_related("title").filter(pk=issue).first()
    return print_page(found.get_absolute_url(), now) if found else None


def sweep(now: datetime) -> tuple[int, int]:
    """Promise: void pages are gone, and then the changes of more than a day ago; how many of each.

    When the press is too busy to stand still for a moment, the changes stay until the next sweep.
    """
    before = now - CHANGES_ARE_KEPT
    seen = queries.seen_by_now()
    pages = queries.clear_pages(before)
    try:
        with transaction.atomic():
            late, changes = queries.clear_changes(before, seen)
    except OperationalError:
        log.warning("old changes were not swept: the press did not stand still for a second")
        return pages, 0
    return pages + late, changes
