"""What sitemaps tell of: where published pieces of published issues stand, and when they changed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import NoReverseMatch, reverse

from backnumber.archive.models import Article, Contributor, Issue, Section, Title
from backnumber.information.models import InformationPage
from backnumber.syndication.entries import midnight
from backnumber.syndication.sitemaps import Location, Part, parts

_PAGES = ("home", "archive", "sections", "contributors", "weekly", "subscribe", "claim", "help")


def sitemap_parts() -> list[tuple[Part, datetime | None]]:
    """Promise: every sitemap there is with when it last changed; four queries, however large the archive."""
    issues = (
        Issue.objects.filter(live=True)
        .annotate(cover_year=ExtractYear("sort_date"))
        .values("cover_year")
        .order_by("cover_year")
    )
    counted = {
        row["cover_year"]: row
        for row in issues.annotate(
            many=Count("pk"), changed=Max("last_published_at"), online=Max("online_date")
        )
    }
    pieces = (
        Article.objects.filter(live=True, issue__live=True)
        .annotate(cover_year=ExtractYear("issue__sort_date"))
        .values("cover_year")
        .order_by("cover_year")
    )
    articles = {
        row["cover_year"]: row
        for row in pieces.annotate(
            many=Count("pk"), changed=Max("appearance__changed_at"), online=Max("online_date")
        )
    }
    found: list[tuple[Part, datetime | None]] = [(part, None) for part in parts("pages", _count_of_pages())]
    for year, row in counted.items():
        both = [row, articles[year]] if year in articles else [row]
        changed = max(filter(None, (_changed_at(r["online"], r["changed"]) for r in both)), default=None)
        found.extend((part, changed) for part in parts(f"{year:04}", sum(r["many"] for r in both)))
    return found


def sitemap_locations(part: Part) -> list[Location]:
    """Promise: the addresses of one part, at most 50,000; none when there is no such part. Three queries, no
    body.
    """
    locations = _pages() if part.of == "pages" else _year(int(part.of))
    return list(locations)[part.addresses]


def _year(year: int) -> Iterator[Location]:
    issues = (
        Issue.objects.filter(live=True)
        .filter(sort_date__year=year)
        .order_by("sort_date", "pk")
        .values_list("title__slug", "slug", "online_date", "last_published_at")
    )
    for title, slug, online, changed in issues:
        yield _location("issue", [title, year, slug], _changed_at(online, changed))
    articles = (
        Article.objects.filter(live=True, issue__live=True, issue__sort_date__year=year)
        .order_by("issue__sort_date", "issue", "position", "pk")
        .values_list("issue__title__slug", "issue__slug", "slug", "online_date", "appearance__changed_at")
    )
    for title, issue, slug, online, changed in articles:
        yield _location("article", [title, year, issue, slug], _changed_at(online, changed))


def _pages() -> Iterator[Location]:
    for name in _PAGES:
        try:
            yield _location(name, [])
        except NoReverseMatch:  # a site that sells nothing has no page to buy at
            continue
    for name, published in _published_things():
        for slug in published.values_list("slug", flat=True):
            yield _location(name, [slug])
    written = InformationPage.objects.filter(live=True).order_by("pk")
    for slug, changed in written.values_list("slug", "last_published_at"):
        yield _location("information", [slug], changed)


def _count_of_pages() -> int:
    written = InformationPage.objects.filter(live=True).count()
    return len(_PAGES) + written + sum(published.count() for _, published in _published_things())


def _published_things() -> "tuple[tuple[str, QuerySet[Any]], ...]":
    """What is named by drafts alone is not told of."""
    live = Article.objects.filter(live=True, issue__live=True)
    return (
        (
            "title",
            Title.objects.filter(pk__in=Issue.objects.filter(live=True).values("title")).order_by("pk"),
        ),
        ("section", Section.objects.filter(pk__in=live.values("section")).order_by("pk")),
        (
            "contributor",
            Contributor.objects.filter(pk__in=live.values("authorships__contributor")).order_by("pk"),
        ),
    )


def _location(name: str, arguments: list[Any], changed_at: datetime | None = None) -> Location:
    return Location(settings.ADDRESS + reverse(name, args=arguments), changed_at)


def _changed_at(online: date | None, published: datetime | None) -> datetime | None:
    """An import has no moment of publishing: then it is the day it came online."""
    return published or (midnight(online) if online else None)
