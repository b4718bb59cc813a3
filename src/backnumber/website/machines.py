"""Articles for programs over HTTP: `.md` and `.json` beside each page, by the page's own rule.

A read by the meter is a person's: here none is counted, and so none is opened.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backnumber.access import Decision, decide
from backnumber.archive import queries as archive
from backnumber.archive.models import Article
from backnumber.gate.asking import uncounted_asker_of
from backnumber.gate.block import gate_block
from backnumber.products.queries import for_sale
from backnumber.syndication.machines import MachinePage, as_json, as_markdown
from backnumber.website import lines, pictures
from backnumber.website.article_response import note_use, with_cache_headers
from backnumber.website.moved import sent_on


@require_safe
def markdown(request: HttpRequest, title: str, year: int, issue: str, slug: str) -> HttpResponse:
    found = archive.article_at(title, year, issue, slug)
    return _answer(request, found, ".md", "text/markdown; charset=utf-8", as_markdown)


@require_safe
def as_data(request: HttpRequest, title: str, year: int, issue: str, slug: str) -> HttpResponse:
    found = archive.article_at(title, year, issue, slug)
    return _answer(request, found, ".json", "application/json", as_json)


def _answer(
    request: HttpRequest,
    found: Article | None,
    ending: str,
    media_type: str,
    written: Callable[[MachinePage], str],
) -> HttpResponse:
    """What was never there, is a draft or was withdrawn gets one answer; what has moved is sent on: as the page does."""
    if found is None:
        raise Http404
    if (page := found.get_absolute_url()) != f"{request.path.removesuffix(ending)}/":
        return sent_on(request, page.removesuffix("/") + ending)
    now = timezone.now()
    asked = archive.asked([found], now)[found.pk]
    asker = uncounted_asker_of(request, asked, now)
    decision = decide(asked, asker, now)
    response = HttpResponse(
        written(machine_page(found, decision, now, asker.reader)),
        content_type=media_type,
        headers=_beside_the_page(found),
    )
    note_use(request, asked, asker, decision, now)
    return with_cache_headers(response, request, decision, now)


def machine_page(
    article: Article, decision: Decision, now: datetime, reader: int | None = None
) -> MachinePage:
    """Promise: what this decision allows a program to be told; at most two queries."""
    readable = archive.readable(article, decision)
    return MachinePage(
        article=article,
        decision=decision,
        readable=readable,
        pictures=pictures.shown(readable, now),
        gate=None if readable.is_whole else gate_block(article, readable, decision, for_sale(), reader, now),
        byline="".join(part.text for part in lines.byline(article)),
        issue_line=lines.issue_line(article.issue),
        pages=lines.pages(article.first_page, article.last_page),
    )


def _beside_the_page(article: Article) -> dict[str, str]:
    """It does not compete with the page in what a search finds (RFC 6596)."""
    page = settings.ADDRESS + article.get_absolute_url()
    return {"X-Robots-Tag": "noindex", "Link": f'<{page}>; rel="canonical"'}
