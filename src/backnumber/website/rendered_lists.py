"""The pages by which one finds one's way, and those that staff write, for the page store: each is made by its own view, and the first page of each only.

A list that marks what is free to its reader is stored for nobody in particular: readers with a right see other marks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min, Q
from django.http import Http404
from django.urls import ResolverMatch, reverse

from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Contributor, FreeWindow, Issue, Picture, Rights, Section
from backnumber.edge.page.stored import StoredPage, stored_page
from backnumber.edge.render.renderers import Renderer, register
from backnumber.edge.render.rules import Marks, joined, midnight, next_midnight, soonest, turns_at
from backnumber.information import queries as information
from backnumber.information.models import InformationPage
from backnumber.information.queries import LivePages
from backnumber.website import issues_by_year
from backnumber.website.home import front_page
from backnumber.website.rendered_articles import (
    article_addresses,
    match_of,
    refuse_token,
    render_article,
    render_articles,
    request_for,
)

Until = Callable[[datetime], datetime | None]
_SLUG = "[-a-zA-Z0-9_]+"
_YEAR = "[0-9]+"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows: the keys that make it void, and until when it is good."""

    keys: tuple[str, ...]
    good_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list. `for_readers`: it is the same for nobody and for everybody who is signed in, but for the masthead."""

    name: str
    pattern: str
    shown: Callable[[ResolverMatch, datetime], Shown | None]
    addresses: Callable[[], Iterator[str]]
    for_readers: bool = True

    def render(self, address: str, now: datetime) -> StoredPage | None:
        """Errors: Disagreement."""
        match = match_of(self.name, address)
        shown = self.shown(match, now) if match else None
        if match is None or shown is None:
            return None
        marks, menus = Marks(), information.live_pages()
        pages = [
            _answer(match, address, marks, menus, signed_in=in_)
            for in_ in ([False, True] if self.for_readers else [False])
        ]
        if "" in pages:
            return None
        return stored_page(
            address, self.name, joined(pages, marks), keys=shown.keys, good_until=shown.good_until
        )


def _answer(match: ResolverMatch, address: str, marks: Marks, menus: LivePages, *, signed_in: bool) -> str:
    """What the view answers; empty when it has no page there."""
    request = request_for(address, marks, menus, signed_in=signed_in)
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return ""
    refuse_token(request)
    return response.content.decode() if response.status_code == 200 else ""


def _home(_match: ResolverMatch, now: datetime) -> Shown:
    """The lead's first paragraph is of its text."""
    lead = front_page(now).lead
    of_lead = (f"article:{lead.article.pk}",) if lead else ()
    return Shown(("lists", "windows", "covers", *of_lead), soonest(_marks_turn(now), _covers_end(now)))


def _shelves(_match: ResolverMatch, now: datetime) -> Shown:
    return Shown(("issue-lists", "covers"), _covers_end(now))


def _names(_match: ResolverMatch, _now: datetime) -> Shown:
    return Shown(("lists",))


def _pieces(_match: ResolverMatch, now: datetime) -> Shown:
    return Shown(("lists", "windows"), _marks_turn(now))


def _issue(match: ResolverMatch, now: datetime) -> Shown | None:
    if not MINYEAR <= match.kwargs["year"] <= MAXYEAR:
        return None
    found = (
        issues_by_year.issues_for_covers()
        .filter(
            title__slug=match.kwargs["title"],
            sort_date__year=match.kwargs["year"],
            slug=match.kwargs["issue"],
        )
        .first()
    )
    if found is None:
        return None
    articles = list(archive.articles_for_lists().filter(issue=found))
    keys = [f"issue:{found.pk}", f"order:{found.pk}", "issue-lists", "covers"]
    keys += [f"card:{article.pk}" for article in articles]
    keys += [f"section:{article.section_id}" for article in articles if article.section_id]
    turns = [turns_at(asked, now) for asked in archive.asked(articles, now).values()]
    return Shown(tuple(dict.fromkeys(keys)), soonest(*turns, _covers_end(now)))


def _information(match: ResolverMatch, _now: datetime) -> Shown | None:
    found = InformationPage.objects.filter(live=True, slug=match.kwargs["slug"]).values_list("pk", flat=True)
    return Shown((f"information:{found[0]}",)) if found else None


def _marks_turn(now: datetime) -> datetime | None:
    """Days of the year and moving walls turn at midnight; windows and embargoes at their moment."""
    windows = FreeWindow.objects.filter(until__gt=now, article__live=True).aggregate(
        starts=Min("starts", filter=Q(starts__gt=now)), until=Min("until")
    )
    on_sale = Issue.objects.filter(live=True, on_sale__gt=now).aggregate(on_sale=Min("on_sale"))
    return soonest(next_midnight(now, ZoneInfo(settings.TIME_ZONE)), *windows.values(), *on_sale.values())


def _covers_end(now: datetime) -> datetime | None:
    covers = Issue.objects.filter(live=True, cover__isnull=False).values("cover")
    ending = Picture.objects.filter(pk__in=covers, rights=Rights.UNTIL, rights_until__gte=now.date())
    last = ending.aggregate(last=Min("rights_until"))["last"]
    return midnight(last + timedelta(days=1), UTC) if last else None


def _only(name: str) -> Callable[[], Iterator[str]]:
    return lambda: iter((reverse(name),))


def _decades() -> Iterator[str]:
    return (decade.address for decade in issues_by_year.decades())


def _titles() -> Iterator[str]:
    return (title.get_absolute_url() for title in archive.titles())


def _years() -> Iterator[str]:
    published = Issue.objects.filter(live=True).order_by("title__slug", "sort_date__year")
    for title, year in published.values_list("title__slug", "sort_date__year").distinct():
        yield reverse("year", args=[title, year])


def _issues() -> Iterator[str]:
    published = Issue.objects.filter(live=True).order_by("sort_date", "id")
    for title, year, slug in published.values_list("title__slug", "sort_date__year", "slug").iterator(
        chunk_size=2_000
    ):
        yield reverse("issue", args=[title, year, slug])


def _sections() -> Iterator[str]:
    return (reverse("section", args=[slug]) for slug in Section.objects.values_list("slug", flat=True))


def _contributors() -> Iterator[str]:
    written = Article.objects.filter(live=True, issue__live=True).values("authorships__contributor")
    found = Contributor.objects.filter(pk__in=written).order_by("slug").values_list("slug", flat=True)
    return (reverse("contributor", args=[slug]) for slug in found.iterator(chunk_size=2_000))


def _information_pages() -> Iterator[str]:
    return (link.address for link in information.live_pages().links)


LISTINGS = (
    Listing("issue", f"/archive/{_SLUG}/{_YEAR}/{_SLUG}/", _issue, _issues, for_readers=False),
    Listing("home", "/", _home, _only("home")),
    Listing("archive", "/archive/", _shelves, _only("archive")),
    Listing("decade", "/archive/decades/[0-9]+s/", _shelves, _decades),
    Listing("title", f"/archive/{_SLUG}/", _shelves, _titles),
    Listing("year", f"/archive/{_SLUG}/{_YEAR}/", _shelves, _years),
    Listing("sections", "/sections/", _names, _only("sections")),
    Listing("section", f"/sections/{_SLUG}/", _pieces, _sections, for_readers=False),
    Listing("contributors", "/contributors/", _names, _only("contributors")),
    Listing("contributor", f"/contributors/{_SLUG}/", _pieces, _contributors, for_readers=False),
    Listing("information", f"/information/{_SLUG}/", _information, _information_pages),
)


def register_all() -> None:
    """Promise: every kind of page that the website has stored is registered."""
    article = f"/archive/{_SLUG}/{_YEAR}/{_SLUG}/{_SLUG}/"
    register(Renderer("article", article, render_article, article_addresses, render_articles))
    for listing in LISTINGS:
        register(Renderer(listing.name, listing.pattern, listing.render, listing.addresses))
