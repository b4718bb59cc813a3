"""The pages by which an archive is browsed: the wall of covers, titles, years, issues, sections, contributors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from backnumber.access import Asker, Decision
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Contributor, Issue, Section, Title
from backnumber.gate import facts
from backnumber.gate.asking import asker_in_lists
from backnumber.gate.marks import mark
from backnumber.website import covers, index_order, issue_covers, issues_by_year, lines
from backnumber.website.cards import Card, Cover
from backnumber.website.running_order import SectionBeside, sections_beside

PIECES_A_PAGE = 30
SEEN_AT_A_GLANCE = 12
NAMES_A_PAGE = 120
ISSUES_ON_ONE_WALL = 60
_PUBLISHED = Q(authorships__article__live=True, authorships__article__issue__live=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, and what its reader should know of it before they choose it. `anchor`: what leads here within the
    page, if anything does.
    """

    article: Article
    mark: str
    issue_line: str
    pages: str
    anchor: str = ""

    @property
    def card(self) -> Card:
        article, issue = self.article, self.article.issue
        return Card(
            article.get_absolute_url(),
            article.headline,
            article.byline,
            article.standfirst,
            self.mark,
            issue.title.name,
            issue.get_absolute_url(),
            self.issue_line,
            self.pages,
        )


@dataclass(frozen=True, slots=True)
class IssuePage:
    """All that `website/issue.html` shows. A short issue has no `sections`."""

    issue: Issue
    cover: Cover
    issue_line: str
    pages: str
    running_order: tuple[Listed, ...]
    sections: tuple[SectionBeside, ...] = ()
    before: Issue | None = None
    after: Issue | None = None

    @property
    def articles(self) -> list[Article]:
        return [one.article for one in self.running_order]


def listed(articles: Sequence[Article], decisions: Mapping[int, Decision]) -> tuple[Listed, ...]:
    """Promise: each article as a list shows it."""
    return tuple(
        Listed(a, mark(decisions[a.pk]), lines.issue_line(a.issue), lines.pages(a.first_page, a.last_page))
        for a in articles
    )


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """All of a small archive stands on one wall; a large one begins with its latest decade, every other a link away."""
    decades = issues_by_year.decades()
    latest = decades[-1] if decades else None
    issues = sum(decade.issues for decade in decades)
    is_small = issues <= ISSUES_ON_ONE_WALL
    context = {
        "decades": decades,
        "here": latest,
        "wall": list(issue_covers.covered(_published().order_by("-sort_date", "-id"))) if is_small else (),
        "issues_by_year": issues_by_year.of_decade(latest.decade) if latest and not is_small else [],
        "titles": archive.titles(),
        "issues": issues,
    }
    return render(request, "website/browse/archive.html", context)


@require_safe
def decade(request: HttpRequest, decade: int) -> HttpResponse:
    decades = issues_by_year.decades()
    here = next((one for one in decades if one.decade == decade), None)
    if here is None:
        raise Http404
    context = {
        "decades": decades,
        "here": here,
        "issues_by_year": issues_by_year.of_decade(decade),
        "titles": archive.titles(),
        "before": next((one for one in reversed(decades) if one.decade < decade), None),
        "after": next((one for one in decades if one.decade > decade), None),
    }
    return render(request, "website/browse/decade.html", context)


@require_safe
def title(request: HttpRequest, title: str) -> HttpResponse:
    found = get_object_or_404(Title, slug=title)
    years = issues_by_year.years_of(found)
    context = {
        "title": found,
        "decades": issues_by_year.decades_of(found, years) if years else [],
        "issues": sum(year.issues for year in years),
        "latest": archive.current_issue(found),
    }
    return render(request, "website/browse/title.html", context)


@require_safe
def year(request: HttpRequest, title: str, year: int) -> HttpResponse:
    found = get_object_or_404(Title, slug=title)
    years = issues_by_year.years_of(found)
    at = next((n for n, one in enumerate(years) if one.year == year), None)
    if at is None:
        raise Http404
    context = {
        "title": found,
        "year": years[at],
        "decade": year // 10 * 10,
        "before": years[at - 1] if at else None,
        "after": years[at + 1] if at + 1 < len(years) else None,
        "issues": issue_covers.covered(
            _published().filter(title=found, sort_date__year=year).order_by("sort_date", "id")
        ),
    }
    return render(request, "website/browse/year.html", context)


@require_safe
def issue(request: HttpRequest, title: str, year: int, issue: str) -> HttpResponse:
    """What was never there and what is a draft get one answer."""
    found = _issue_at(title, year, issue)
    if found is None:
        raise Http404
    now = timezone.now()
    page = issue_page(found, asker_in_lists(request, now), now)
    return render(request, "website/issue.html", {"page": page, "issue": found})


def issue_page(
    issue: Issue, who: Asker, now: datetime, order: "Sequence[Article] | None" = None
) -> IssuePage:
    """Promise: the page for a request, and for an editor's preview, which brings the `order`, drafts among it; at most four queries."""
    if order is None:
        order = list(archive.articles_for_lists().filter(issue=issue.pk).order_by("position", "id"))
    before, after = issues_by_year.neighbours(issue)
    sections = sections_beside(order)
    anchors = {section.first: section.anchor for section in sections}
    return IssuePage(
        issue,
        issue_covers.cover_of(issue_covers.covered_issue(issue), now),
        lines.issue_line(issue),
        lines.pages(issue.first_page, issue.last_page),
        tuple(
            replace(one, anchor=anchors.get(one.article.pk, ""))
            for one in listed(order, facts.decisions_for(order, who, now))
        ),
        sections,
        before,
        after,
    )


def _published() -> "QuerySet[Issue]":
    return Issue.objects.filter(live=True)


def _issue_at(title: str, year: int, slug: str) -> Issue | None:
    if not MINYEAR <= year <= MAXYEAR:
        return None
    return (
        issues_by_year.issues_for_covers().filter(title__slug=title, sort_date__year=year, slug=slug).first()
    )


@require_safe
def ornament(request: HttpRequest, title: str, year: int, issue: str) -> HttpResponse:
    """The drawing of a cover. Its address holds the version of the drawing, so a cache may keep it for a year."""
    found = _issue_at(title, year, issue)
    if found is None:
        raise Http404
    drawn = issue_covers.drawing_of(issue_covers.covered_issue(found).issue)
    etag = quote_etag(covers.version(drawn))
    response: HttpResponse = HttpResponseNotModified()
    if etag not in {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}:
        response = HttpResponse(covers.svg(drawn), content_type="image/svg+xml")
    current = request.GET.get("v") == covers.version(drawn)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if current else "public, max-age=3600"
    )
    return response


@require_safe
def sections(request: HttpRequest) -> HttpResponse:
    published = Q(articles__live=True, articles__issue__live=True)
    found = (
        Section.objects.annotate(pieces=Count("articles", filter=published))
        .filter(pieces__gt=0)
        .order_by("name")
    )
    return render(request, "website/browse/sections.html", {"sections": found})


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    pieces = archive.articles_for_lists().filter(section=found)
    return render(request, "website/browse/section.html", {"section": found, **_paged(request, pieces)})


@require_safe
def contributors(request: HttpRequest) -> HttpResponse:
    """Names as in an index, by letter, or those in which every word typed stands. What is no letter is "#"."""
    everybody = Contributor.objects.annotate(pieces=Count("authorships", filter=_PUBLISHED)).filter(
        pieces__gt=0
    )
    found, letters = index_order.in_order(everybody), index_order.letters(everybody)
    typed, letter = request.GET.get("q", "").strip(), request.GET.get("letter", "")
    if typed:
        found = index_order.named(found, typed)
    elif letter in letters:
        found = index_order.under(found, letter)
    page = Paginator(found, NAMES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "letters": letters,
        "letter": letter if letter in letters and not typed else "",
        "typed": typed,
        "longest": index_order.LONGEST,
        "more": _address(request, page),
    }
    return render(request, "website/browse/contributors.html", context)


@require_safe
def contributor(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody of whom nothing is published is not there: a draft is not told of by its author's name."""
    found = get_object_or_404(Contributor, slug=slug)
    pieces = archive.articles_for_lists().filter(authorships__contributor=found)
    paged = _paged(request, pieces)
    if not paged["page"].paginator.count:
        raise Http404
    variants = [line.strip() for line in found.variants.splitlines() if line.strip()]
    return render(
        request, "website/browse/contributor.html", {"contributor": found, "variants": variants, **paged}
    )


def _paged(request: HttpRequest, pieces: "QuerySet[Article]") -> dict[str, Any]:
    """The latest first; a page that is none is the nearest one."""
    ordered = pieces.order_by("-issue__sort_date", "issue_id", "position", "id")
    ordered = ordered.prefetch_related(None)  # a card has the byline as printed
    page = Paginator(ordered, PIECES_A_PAGE).get_page(request.GET.get("page"))
    articles = list(page.object_list)
    now = timezone.now()
    decisions = facts.decisions_for(articles, asker_in_lists(request, now), now)
    return {
        "page": page,
        "pieces": listed(articles, decisions),
        "more": _address(request, page),
        "is_long": page.paginator.count > SEEN_AT_A_GLANCE,
    }


def _address(request: HttpRequest, page: "Page[Any]") -> dict[str, str]:
    """Promise: the addresses of the pages before and after, with the rest of the question kept."""

    def to(number: int) -> str:
        asked = request.GET.copy()
        asked.pop("page", None)
        if number > 1:
            asked["page"] = str(number)
        return f"?{asked.urlencode()}" if asked else request.path

    return {
        "before": to(page.previous_page_number()) if page.has_previous() else "",
        "after": to(page.next_page_number()) if page.has_next() else "",
    }
