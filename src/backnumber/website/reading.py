"""The article page: one decision, one readable, and everything round it from the same two."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from backnumber.access import Asked, Asker, Decision, decide
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Correction, Picture
from backnumber.archive.more import OtherPiece, more_in_section
from backnumber.archive.readable import Readable, full_text
from backnumber.archive.rendering import to_html
from backnumber.gate.asking import asker_of
from backnumber.gate.block import GateBlock, gate_block
from backnumber.gifts.opening import PARAMETER, kept_to_itself, open_gift
from backnumber.meter.asking import remember_read
from backnumber.meter.queries import meter_of
from backnumber.meter.service import spend
from backnumber.past.related import Related, related
from backnumber.products.models import Product
from backnumber.products.queries import for_sale
from backnumber.website import lines, pictures
from backnumber.website.article_response import note_use, with_cache_headers
from backnumber.website.directions import is_right_to_left
from backnumber.website.moved import sent_on


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
    read_next: tuple[OtherPiece, ...]
    related: Related
    address: str
    language: str

    @property
    def in_language(self) -> SafeString:
        """The attributes of what is in the article's language; everything round it is in the site's."""
        direction = ' dir="rtl"' if is_right_to_left(self.language) else ""
        return format_html(' lang="{}"{}', self.language, mark_safe(direction))


@dataclass(frozen=True, slots=True)
class Beside:
    """What pages show beside their articles, asked for once for all of them. `pictures` is None where each page asks for its own."""

    neighbours: Mapping[int, archive.Neighbours]
    read_next: Mapping[int, tuple[OtherPiece, ...]]
    related: Mapping[int, Related]
    products: Callable[[], Sequence[Product]]
    pictures: Mapping[int, Picture] | None = None


def beside(articles: Sequence[Article]) -> Beside:
    """Promise: six queries, and two more when `products` is first called; no bodies."""
    return Beside(archive.neighbours(articles), more_in_section(articles), related(articles), cache(for_sale))


def article_page(
    article: Article,
    decision: Decision,
    now: datetime,
    reader: int | None = None,
    around: Beside | None = None,
) -> ArticlePage:
    """Promise: the page as this decision allows, for a request and for an editor's preview alike; at most ten
    queries, and none of what is `around`.

    Corrections tell of the text, so they go with the whole of it.
    """
    around = around or beside([article])
    before, after = around.neighbours[article.pk]
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
        read_next=_not_said_yet(around.read_next[article.pk], around.related[article.pk]),
        related=around.related[article.pk],
        address=address,
        language=article.language or article.issue.title.language,
        **_decided_on(article, decision, now, reader, around),
    )


def _not_said_yet(of_section: Sequence[OtherPiece], by_subject: Related) -> tuple[OtherPiece, ...]:
    named = {other.article.pk for other in by_subject.shared}
    return tuple(other for other in of_section if other.pk not in named)


def decided_otherwise(page: ArticlePage, decision: Decision, now: datetime, around: Beside) -> ArticlePage:
    """Promise: the same page for another decision; what does not depend on it is not asked for again.

    A decision that allows, or denies, as the page's own does has the same text, which is not rendered again.
    """
    if decision.allowed is not page.readable.is_whole:
        return replace(page, **_decided_on(page.article, decision, now, None, around))
    text = page.readable
    readable = full_text(text.article, text.blocks, decision) if decision.allowed else text
    gate = _gate(page.article, readable, decision, now, None, around)
    return replace(page, decision=decision, readable=readable, gate=gate)


def _decided_on(
    article: Article, decision: Decision, now: datetime, reader: int | None, around: Beside
) -> dict[str, Any]:
    readable = archive.readable(article, decision)
    shown = pictures.shown(readable, now, around.pictures)
    return {
        "decision": decision,
        "readable": readable,
        "body": mark_safe(to_html(readable, shown, notes_beside=True)),
        "gate": _gate(article, readable, decision, now, reader, around),
        "corrections": tuple(article.corrections.all()) if readable.is_whole else (),
    }


def _gate(
    article: Article,
    readable: Readable,
    decision: Decision,
    now: datetime,
    reader: int | None,
    around: Beside,
) -> GateBlock | None:
    if readable.is_whole:
        return None
    return gate_block(article, readable, decision, around.products(), reader, now)


def template_context(page: ArticlePage) -> dict[str, object]:
    """What `website/article.html` is given, by a request and by a preview."""
    return {"page": page, "article": page.article, "everything": page.decision}


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
    to = found.get_absolute_url() if found else archive.moved_to(request.path)
    if to is None or to == request.path:
        raise Http404
    token = request.GET.get(PARAMETER)
    if token is not None:  # a gift goes along, and nobody keeps the way it went
        return kept_to_itself(HttpResponseRedirect(f"{to}?{urlencode({PARAMETER: token})}"))
    return sent_on(request, to)
