"""What feeds and sitemaps tell of: published pieces of published issues, as nobody in particular gets them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import ExtractYear
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html as lxml_html

from backnumber.access import Asker, Decision, Reason
from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article, Contributor, FreeWindow, Issue, Section, Title
from backnumber.archive.queries import articles_for_lists, opening
from backnumber.archive.rendering import to_html
from backnumber.gate.facts import decisions_for
from backnumber.gate.marks import mark
from backnumber.pages.slots import is_of_a_day
from backnumber.subscriptions.ends import last_day_in_words
from backnumber.syndication.feeds import Entry, Feed, Person
from backnumber.syndication.sitemaps import Location, Part, parts

MOST_ENTRIES = 20
_MODELS: dict[str, type[Title | Section | Contributor]] = {
    "titles": Title,
    "sections": Section,
    "contributors": Contributor,
}
_PAGES = ("home", "archive", "sections", "contributors", "weekly", "subscribe", "claim", "help")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed follows: everything (kind and slug empty), a title, a section or a contributor."""

    kind: str
    slug: str
    name: str
    home: str

    def address(self, form: str) -> str:
        return address_of("feed_of", self.kind, self.slug, form) if self.kind else address_of("feed", form)

    @property
    def atom(self) -> str:
        return self.address("atom")

    @property
    def rss(self) -> str:
        return self.address("rss")

    @property
    def json(self) -> str:
        return self.address("json")


def everything() -> Subject:
    return Subject("", "", settings.SITE_NAME, "/")


def subject(kind: str, slug: str) -> Subject | None:
    """Promise: None for what is not there, and for a contributor of whom nothing is published, alike."""
    thing = _MODELS[kind]._default_manager.filter(slug=slug).first()
    if thing is None or (kind == "contributors" and not _of(kind, slug).exists()):
        return None
    name = thing.name if kind == "titles" else f"{thing.name} · {settings.SITE_NAME}"
    return Subject(kind, slug, name, thing.get_absolute_url())


def subjects() -> list[Subject]:
    """Promise: everything, then the titles and sections that have a feed. Contributors' stand on their own
    pages.
    """
    live = {"articles__live": True, "articles__issue__live": True}
    sections = Section.objects.filter(**live).distinct()
    return [
        everything(),
        *titles(),
        *(Subject("sections", s.slug, s.name, s.get_absolute_url()) for s in sections),
    ]


def titles() -> list[Subject]:
    """Promise: the titles of which something is published; one query."""
    published = Title.objects.filter(issues__articles__live=True, issues__live=True).distinct()
    return [Subject("titles", t.slug, t.name, t.get_absolute_url()) for t in published]


def _of(kind: str, slug: str) -> "QuerySet[Article]":
    filters = {
        "titles": "issue__title__slug",
        "sections": "section__slug",
        "contributors": "authorships__contributor__slug",
    }
    found = articles_for_lists()
    return found.filter(**{filters[kind]: slug}) if kind else found


def feed(of: Subject, form: str, now: datetime) -> tuple[Feed, datetime | None]:
    """Promise: the newest pieces of a subject, and when the first free week among them ends; four queries.

    The bodies of those pieces are read and no others; one whose day online is still to come is not told of.
    """
    newest = (
        _of(of.kind, of.slug)
        .defer(None)
        .filter(online_date__lte=timezone.localdate(now))
        .order_by("-online_date", "-issue__sort_date", "position", "id")
    )
    articles = list(newest[:MOST_ENTRIES])
    decisions = decisions_for(articles, Asker(), now)
    turned = _turned_at(articles, now)
    told = Feed(
        id=_tag(f"feed/{of.kind}/{of.slug}" if of.kind else "feed"),
        title=of.name,
        description=f"The newest in the archive of {settings.SITE_NAME}: the opening of each piece.",
        home=settings.ADDRESS + of.home,
        address=settings.ADDRESS + of.address(form),
        language=articles[0].issue.title.language if articles else settings.LANGUAGE_CODE,
        entries=tuple(_entry(a, decisions[a.pk], turned.get(a.pk)) for a in articles),
    )
    return told, min((d.window.until for d in decisions.values() if d.window), default=None)


def _entry(article: Article, decision: Decision, turned: datetime | None) -> Entry:
    published = _midnight(article.online_date)
    address = settings.ADDRESS + article.get_absolute_url()
    began = decision.window.starts if decision.window and decision.reason is Reason.FREE_NOW else None
    return Entry(
        id=_tag(f"article/{article.pk}"),
        address=address,
        headline=article.headline,
        summary=article.standfirst,
        html=with_whole_addresses(to_html(opening(article), {}), address),
        authors=_authors(article),
        section=article.section.name if article.section else "",
        published=published,
        updated=max(filter(None, (published, article.last_published_at, turned, began))),
        language=article.language or article.issue.title.language,
        free=_free(decision),
        mark=mark(decision),
    )


def _free(decision: Decision) -> str:
    if decision.reason is not Reason.FREE_NOW or decision.window is None:
        return ""
    window = decision.window
    if is_of_a_day(window):
        when = f"on {date_format(timezone.localtime(window.starts), 'j F Y')}"
    else:
        when = f"until {last_day_in_words(window.until)}"
    return f"Anyone may read all of it {when}: it is {window.why}."


def _authors(article: Article) -> tuple[Person, ...]:
    known = tuple(
        Person(a.contributor.name, settings.ADDRESS + a.contributor.get_absolute_url())
        for a in article.authorships.all()
    )
    return known or ((Person(article.byline),) if article.byline else ())


def with_whole_addresses(html: str, address: str) -> str:
    """A feed is read elsewhere: an address within the site would lead nowhere there."""
    if not html:
        return ""
    whole = lxml_html.make_links_absolute(f"<div>{html}</div>", address)
    return str(whole).removeprefix("<div>").removesuffix("</div>")


def _turned_at(articles: Sequence[Article], now: datetime) -> dict[int, datetime]:
    """Promise: when a free week of each last began or ended, which changes what is said of it; one query."""
    turns: dict[int, datetime] = {}
    for article, *moments in FreeWindow.objects.filter(article__in=articles, starts__lte=now).values_list(
        "article", "starts", "until"
    ):
        turns[article] = max(
            moment for moment in (*moments, turns.get(article)) if moment is not None and moment <= now
        )
    return turns


def _midnight(day: date) -> datetime:
    """The day by the publisher's clock."""
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def _tag(specific: str) -> str:
    """A tag address (RFC 4151): it stays when a slug changes. 2026 is the year this form of names was made
    in.
    """
    return f"tag:{urlsplit(settings.ADDRESS).hostname or 'localhost'},2026:{specific}"


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
            many=Count("pk"), changed=Max("last_published_at"), online=Max("online_date")
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
        .values_list("issue__title__slug", "issue__slug", "slug", "online_date", "last_published_at")
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


def _count_of_pages() -> int:
    return len(_PAGES) + sum(published.count() for _, published in _published_things())


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
    return published or (_midnight(online) if online else None)
