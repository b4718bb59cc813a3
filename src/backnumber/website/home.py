"""The front page: this week's long read, the current issue, a piece for today's date, the decades."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from backnumber.access import Asker
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Issue
from backnumber.archive.readable import LeadIn
from backnumber.archive.rendering import to_html
from backnumber.gate import facts
from backnumber.gate.marks import mark
from backnumber.website import issues_by_year, lines

T = TypeVar("T")
YEARS_BACK = 10
MOST_IN_RUNNING_ORDER = 12


@dataclass(frozen=True, slots=True)
class Lead:
    """The piece that leads the page, with its first paragraph."""

    article: Article
    byline: tuple[lines.BylinePart, ...]
    issue_line: str
    opening: SafeString
    why: str


@dataclass(frozen=True, slots=True)
class FromTheArchive:
    article: Article
    when: str
    issue_line: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    lead: Lead | None
    issue: Issue | None
    running_order: Sequence[Article]
    from_the_archive: FromTheArchive | None
    decades: Sequence[issues_by_year.Decade]
    strapline: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "website/home.html",
        {"front": front_page(timezone.now())},
    )


def front_page(now: datetime) -> FrontPage:
    """Promise: the front page at `now`; at most ten queries, however large the archive."""
    issue = archive.current_issue()
    order = (
        list(
            archive.articles_for_lists()
            .filter(issue=issue)
            .order_by("position", "id")[:MOST_IN_RUNNING_ORDER]
        )
        if issue
        else []
    )
    lead = _lead(now) or _first_of(order)
    return FrontPage(
        lead=lead,
        issue=issue,
        running_order=order,
        from_the_archive=_from_the_archive(timezone.localdate(now), issue),
        decades=issues_by_year.decades(),
        strapline=issue.title.strapline if issue else "",
    )


def _lead(now: datetime) -> Lead | None:
    """The window that opened last, if several are open. What the rule keeps shut, as before an issue is on sale, does not lead."""
    windowed = Q(free_windows__starts__lte=now, free_windows__until__gt=now)
    article = (
        archive.articles_with_text()
        .filter(windowed)
        .order_by("-free_windows__starts", "-free_windows__id")
        .first()
    )
    if article is None:
        return None
    decision = facts.decision_for(article, Asker(), now)
    return _as_lead(article, mark(decision)) if decision.allowed else None


def _first_of(order: Sequence[Article]) -> Lead | None:
    """A week without a long read is led by the current issue."""
    return _as_lead(order[0], "") if order else None


def _as_lead(article: Article, why: str) -> Lead:
    opening = archive.opening(article)
    first = LeadIn(article.pk, opening.blocks[:1], 0)
    return Lead(
        article, lines.byline(article), lines.issue_line(article.issue), mark_safe(to_html(first, {})), why
    )


def _from_the_archive(today: date, current: Issue | None) -> FromTheArchive | None:
    """The same choice all day: an issue of this month from ten years ago or more, else of another month; then
    one of its pieces.
    """
    issues = (
        Issue.objects.filter(live=True)
        .filter(sort_date__year__lte=today.year - YEARS_BACK)
        .exclude(pk=current.pk if current else 0)
    )
    of_this_month = issues.filter(sort_date__month=today.month).order_by("sort_date", "id")
    chosen = _turn(list(of_this_month.values_list("pk", "sort_date")[:200]), today)
    chosen = chosen or _turn(
        list(issues.order_by("sort_date", "id").values_list("pk", "sort_date")[:200]), today
    )
    if chosen is None:
        return None
    article = _turn(
        list(archive.articles_for_lists().filter(issue=chosen[0]).order_by("position", "id")), today
    )
    if article is None:
        return None
    years = today.year - chosen[1].year
    this_month = " this month" if chosen[1].month == today.month else ""
    return FromTheArchive(article, f"{years} years ago{this_month}", lines.issue_line(article.issue))


def _turn(choices: Sequence[T], today: date) -> T | None:
    return choices[today.toordinal() % len(choices)] if choices else None
