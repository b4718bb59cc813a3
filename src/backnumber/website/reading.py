"""The article page: one decision, one readable, and everything round it from the same two."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Case, When
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from backnumber.access import Asked, Asker, Decision, decide
from backnumber.allowances.asking import remember_read
from backnumber.allowances.opening import PARAMETER, kept_to_itself, open_gift
from backnumber.allowances.queries import meter_of
from backnumber.allowances.service import spend
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Correction
from backnumber.archive.readable import Readable
from backnumber.archive.rendering import to_html
from backnumber.gate.asking import asker_of
from backnumber.gate.block import GateBlock, gate_block
from backnumber.newsstand.queries import for_sale
from backnumber.website import lines, pictures
from backnumber.website.shown import note_use, with_cache_headers


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """All that `website/article.html` shows. `gate` is None when the whole text is shown."""

    article: Article
    decision: Decision
    readable: Readable
    body: SafeString
    gate: GateBlock | None
    byline: tuple[lines.BylinePart, ...]
    issue_line: str
    pages: str
    citation: str
    contributor_notes: tuple[tuple[lines.BylinePart, ...], ...]
    corrections: tuple[Correction, ...]
    before: Article | None
    after: Article | None
    read_next: tuple[Article, ...]
    address: str
    language: str


def article_page(
    article: Article, decision: Decision, now: datetime, reader: int | None = None
) -> ArticlePage:
    """Promise: the page as this decision allows, for a request and for an editor's preview alike; at most six
    queries.

    Corrections tell of the text, so they go with the whole of it.
    """
    before, after = archive.neighbours(article)
    address = settings.ADDRESS + article.get_absolute_url()
    return ArticlePage(
        article=article,
        byline=lines.byline(article),
        issue_line=lines.issue_line(article.issue),
        pages=lines.pages(article.first_page, article.last_page),
        citation=lines.citation(article, address),
        contributor_notes=tuple(
            lines.contributor_note(a.contributor) for a in article.authorships.all() if a.contributor.note
        ),
        before=before,
        after=after,
        read_next=tuple(read_next(article)),
        address=address,
        language=article.language or article.issue.title.language,
        **_decided_on(article, decision, now, reader),
    )


def decided_otherwise(page: ArticlePage, decision: Decision, now: datetime) -> ArticlePage:
    """Promise: the same page for another decision; what does not depend on it is not asked for again."""
    return replace(page, **_decided_on(page.article, decision, now, None))


def _decided_on(article: Article, decision: Decision, now: datetime, reader: int | None) -> dict[str, Any]:
    readable = archive.readable(article, decision)
    return {
        "decision": decision,
        "readable": readable,
        "body": mark_safe(to_html(readable, pictures.shown(readable, now), notes_beside=True)),
        "gate": None
        if readable.is_whole
        else gate_block(article, readable, decision, for_sale(), reader, now),
        "corrections": tuple(article.corrections.all()) if readable.is_whole else (),
    }


def template_context(page: ArticlePage) -> dict[str, object]:
    """What `website/article.html` is given, by a request and by a preview."""
    return {"page": page, "article": page.article}


def read_next(article: Article, most: int = 3) -> list[Article]:
    """Promise: pieces of the same section from other issues, the latest before this one first; one query,
    without bodies.
    """
    if article.section_id is None:
        return []
    earlier = Case(When(issue__sort_date__lt=article.issue.sort_date, then=0), default=1)
    return list(
        Article.objects.filter(live=True)
        .filter(section=article.section_id, issue__live=True)
        .exclude(issue=article.issue_id)
        .select_related("issue__title")
        .defer("body")
        .order_by(earlier, "-issue__sort_date", "position")[:most]
    )


@require_safe
def article(request: HttpRequest, title: str, year: int, issue: str, slug: str) -> HttpResponse:
    """What was never there, is a draft or was withdrawn gets one answer; what has moved is sent on."""
    found = archive.article_at(title, year, issue, slug)
    if found is None or found.get_absolute_url() != request.path:
        return _moved(request, found)
    now = timezone.now()
    by_gift = open_gift(request, found, now)
    if by_gift is not None:
        return by_gift
    asked = archive.asked([found], now)[found.pk]
    asker = asker_of(request, asked, now)
    decision = _decided(asked, asker, now)
    page = article_page(found, decision, now, asker.reader)
    response = render(request, "website/article.html", template_context(page))
    if decision.meter is not None and decision.meter.spends and asker.reader is None:
        assert asker.meter is not None
        remember_read(response, asker.meter, found.pk, now)
    note_use(request, asked, asker, decision, now)
    return with_cache_headers(response, request, decision, now)


def _decided(asked: Asked, asker: Asker, now: datetime) -> Decision:
    """A reader's metered read is spent before it is shown; when a request beside this one spent the last, the rule is asked again."""
    decision = decide(asked, asker, now)
    spends = decision.meter is not None and decision.meter.spends
    if not spends or asker.reader is None or spend(asker.reader, asked.article, now):
        return decision
    return decide(asked, replace(asker, meter=meter_of(asker.reader, now)), now)


def _moved(request: HttpRequest, found: Article | None) -> HttpResponse:
    """Kept an hour by caches: an editor may change a slug back."""
    to = found.get_absolute_url() if found else archive.moved_to(request.path)
    if to is None or to == request.path:
        raise Http404
    token = request.GET.get(PARAMETER)
    if token is not None:  # a gift goes along, and nobody keeps the way it went
        return kept_to_itself(HttpResponseRedirect(f"{to}?{urlencode({PARAMETER: token})}"))
    response = HttpResponsePermanentRedirect(to)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
