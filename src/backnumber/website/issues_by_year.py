"""Reads for browsing: decades, years and issues as they stand on the of_year. Each is one query that the database groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, QuerySet, Window
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Cast, ExtractYear, RowNumber
from django.urls import reverse

from backnumber.archive.models import Issue, Title
from backnumber.archive.queries import ISSUE_OF_THE_DESK
from backnumber.website.covers import palette_of
from backnumber.website.issue_covers import COLUMNS, CoveredIssue, covered, read

SHOWN_EACH_YEAR = 12
DECADE = Cast(ExtractYear("sort_date"), IntegerField()) / 10 * 10
"""Of an issue, its first year. The database's own year is a number with decimals."""


@dataclass(frozen=True, slots=True)
class Year:
    """A year of a title, and how many issues it has."""

    year: int
    issues: int
    address: str


@dataclass(frozen=True, slots=True)
class Decade:
    """`first` and `last` are years of which there are issues."""

    decade: int
    first: int
    last: int
    issues: int
    address: str
    title: str = ""
    """Whose issues they are; empty when several titles have some."""

    @property
    def palette(self) -> int:
        """The decade whose colours its spine is bound in, as on its covers."""
        return palette_of(self.first)

    @property
    def years(self) -> str:
        return f"{self.first}–{self.last % 100:02}" if self.last != self.first else str(self.first)


@dataclass(frozen=True, slots=True)
class IssuesOfYear:
    """Issues of one title and year, the first dozen of them; `in_year` is how many there are."""

    year: int
    title: str
    title_slug: str
    issues: tuple[CoveredIssue, ...]
    in_year: int

    @property
    def more(self) -> int:
        return self.in_year - len(self.issues)

    @property
    def address(self) -> str:
        return reverse("year", args=[self.title_slug, self.year])


@dataclass(frozen=True, slots=True)
class TitleDecade:
    """A decade of a title: its years, and its first issue for a cover."""

    decade: int
    cover: CoveredIssue
    years: tuple[Year, ...]

    @property
    def issues(self) -> int:
        return sum(year.issues for year in self.years)


def issues_for_covers() -> "QuerySet[Issue]":
    """Promise: published issues with all that a cover shows."""
    of = Issue.objects.filter(live=True).select_related("title", "volume", "cover")
    return of.defer(*ISSUE_OF_THE_DESK)


def decades() -> list[Decade]:
    """Promise: the decades of which there are issues, the earliest first."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in _by_year(Issue.objects.filter(live=True)).annotate(
        first=Min("title__name"), last=Max("title__name")
    ):
        found.setdefault(row["of_year"] // 10 * 10, []).append(row)
    return [_decade(decade, years) for decade, years in found.items()]


def _decade(decade: int, years: list[dict[str, Any]]) -> Decade:
    titles = {year[name] for year in years for name in ("first", "last")}
    return Decade(
        decade,
        years[0]["of_year"],
        years[-1]["of_year"],
        sum(year["issues"] for year in years),
        reverse("decade", args=[decade]),
        titles.pop() if len(titles) == 1 else "",
    )


def years_of(title: Title) -> list[Year]:
    """Promise: the years of which `title` has issues, the earliest first."""
    return [
        Year(year, issues, reverse("year", args=[title.slug, year]))
        for year, issues in _years(Issue.objects.filter(live=True, title=title))
    ]


def _years(issues: "QuerySet[Issue]") -> list[tuple[int, int]]:
    return [(row["of_year"], row["issues"]) for row in _by_year(issues)]


def _by_year(issues: "QuerySet[Issue]") -> Any:
    return (
        issues.annotate(of_year=ExtractYear("sort_date"))
        .values("of_year")
        .annotate(issues=Count("id"))
        .order_by("of_year")
    )


def of_decade(decade: int) -> list[IssuesOfYear]:
    """Promise: the issues_by_year of a decade by year and title; of a weekly, a dozen issues a year."""
    title_and_year: list[BaseExpression | F | str] = [F("title"), ExtractYear("sort_date")]
    issues = (
        Issue.objects.filter(live=True)
        .filter(sort_date__year__gte=max(decade, MINYEAR), sort_date__year__lte=min(decade + 9, MAXYEAR))
        .annotate(
            place=Window(RowNumber(), partition_by=title_and_year, order_by=[F("sort_date"), F("id")]),
            in_year=Window(Count("id"), partition_by=title_and_year),
        )
        .filter(place__lte=SHOWN_EACH_YEAR)
        .order_by("sort_date__year", "title__position", "title__name", "sort_date", "id")
    )
    return list(_issues_of_years(issues.values_list(*COLUMNS, "in_year")))


def _issues_of_years(rows: Iterable[tuple[Any, ...]]) -> Iterable[IssuesOfYear]:
    found: dict[tuple[int, str], list[CoveredIssue]] = {}
    how_many: dict[tuple[int, str], int] = {}
    for row in rows:
        one = read(row)
        of_year = (one.issue.sort_date.year, one.issue.title_slug)
        found.setdefault(of_year, []).append(one)
        how_many[of_year] = row[-1]
    for (year, slug), together in found.items():
        in_year = how_many[year, slug]
        yield IssuesOfYear(year, together[0].issue.title, slug, tuple(together), in_year)


def decades_of(title: Title, years: Sequence[Year]) -> list[TitleDecade]:
    """Promise: the decades of `title`, the latest first, each with its earliest issue."""
    firsts = (
        Issue.objects.filter(live=True, title=title)
        .annotate(place=Window(RowNumber(), partition_by=[DECADE], order_by=[F("sort_date"), F("id")]))
        .filter(place=1)
    )
    by_decade = {one.issue.sort_date.year // 10 * 10: one for one in covered(firsts)}
    return [
        TitleDecade(decade, cover, tuple(y for y in years if y.year // 10 * 10 == decade))
        for decade, cover in sorted(by_decade.items(), reverse=True)
    ]


def neighbours(issue: Issue) -> tuple[Issue | None, Issue | None]:
    """Promise: the issues of the same title before and after; one query."""
    of_title = Issue.objects.filter(live=True, title=issue.title_id).only(
        "id", "slug", "sort_date", "cover_date", "title_id"
    )
    same_day = of_title.filter(sort_date=issue.sort_date)
    before = (of_title.filter(sort_date__lt=issue.sort_date) | same_day.filter(pk__lt=issue.pk)).order_by(
        "-sort_date", "-id"
    )
    after = (of_title.filter(sort_date__gt=issue.sort_date) | same_day.filter(pk__gt=issue.pk)).order_by(
        "sort_date", "id"
    )
    found = list(before[:1].union(after[:1], all=True))
    for one in found:
        one.title = issue.title
    here = (issue.sort_date, issue.pk)
    earlier = next((one for one in found if (one.sort_date, one.pk) < here), None)
    later = next((one for one in found if (one.sort_date, one.pk) > here), None)
    return earlier, later
