"""Reads of the archive. `readable` is the only way by which an article's text leaves this room."""

from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from typing import NamedTuple, NewType
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.urls import Resolver404, resolve

from backnumber import access
from backnumber.access import Asked, Decision, Policy, Wall
from backnumber.archive.blocks import Block, PictureRef, from_stream, text_of
from backnumber.archive.models import (
    Article,
    Authorship,
    Issue,
    OldAddress,
    Section,
    Title,
)
from backnumber.archive.parts import Part, parts
from backnumber.archive.readable import Readable, full_text, lead_in
from backnumber.archive.rules import PlacedWall, policy_and_source, wall_and_source

IndexText = NewType("IndexText", str)


class ArticleAddress(NamedTuple):
    """What the address of an article says."""

    title: str
    year: int
    issue: str
    slug: str


ISSUE_OF_THE_DESK = (
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "live_revision",
    "latest_revision",
    "go_live_at",
    "expire_at",
    "expired",
    "locked",
    "locked_at",
    "locked_by",
)
OF_THE_DESK = (*ISSUE_OF_THE_DESK, *(f"issue__{name}" for name in ISSUE_OF_THE_DESK))
"""What Wagtail keeps of an article and its issue for editors: a quarter of all columns, and no reader's page shows any."""


def articles_for_lists() -> "QuerySet[Article]":
    """Promise: as `articles_with_text`, without their bodies."""
    return articles_with_text().defer("body")


def articles_with_text() -> "QuerySet[Article]":
    """Promise: published articles of published issues with all that a list shows and the rule asks; `readable` and `opening` make no
    query more.
    """
    return (
        Article.objects.filter(live=True, issue__live=True)
        .select_related("issue__title", "issue__volume", "section", "appearance")
        .prefetch_related(Prefetch("authorships", Authorship.objects.select_related("contributor")))
        .defer(*OF_THE_DESK)
    )


def article_at(title: str, year: int, issue: str, slug: str) -> Article | None:
    """Promise: the published article at that address, with its body and all its page shows but corrections, which go with the whole text only; None if there is none."""
    if not MINYEAR <= year <= MAXYEAR:
        return None
    return (
        articles_with_text()
        .filter(issue__title__slug=title, issue__sort_date__year=year, issue__slug=issue, slug=slug)
        .order_by("pk")  # there is one: the model's own order would be worked out for nothing
        .first()
    )


def articles_at(addresses: Sequence[ArticleAddress]) -> list[Article]:
    """Promise: of these addresses the published articles, with all their pages show, corrections too; three queries for many.

    Asked for by each part of the address alone, which finds too many: those are left out here.
    """
    known = {address for address in addresses if MINYEAR <= address.year <= MAXYEAR}
    if not known:
        return []
    years = [address.year for address in known]
    found = (
        articles_with_text()
        .prefetch_related("corrections")
        .filter(
            issue__title__slug__in={address.title for address in known},
            issue__sort_date__range=(date(min(years), 1, 1), date(max(years), 12, 31)),
            issue__slug__in={address.issue for address in known},
            slug__in={address.slug for address in known},
        )
    )
    return [article for article in found if _address_of(article) in known]


def _address_of(article: Article) -> ArticleAddress:
    issue = article.issue
    return ArticleAddress(issue.title.slug, issue.sort_date.year, issue.slug, article.slug)


def any_article(key: int) -> Article | None:
    """Promise: the article as it is stored, published or not, with its body and all an article page shows; for editors alone."""
    return (
        Article.objects.select_related("issue__title", "issue__volume", "section", "appearance")
        .prefetch_related(
            Prefetch("authorships", Authorship.objects.select_related("contributor")), "corrections"
        )
        .filter(pk=key)
        .first()
    )


def asked(
    articles: Sequence[Article], now: datetime, of_them: "Sequence[Opening] | None" = None
) -> dict[int, Asked]:
    """Promise: what the rule is asked, by article; one query, for the windows that have not ended and the anniversaries, and none when all
    `openings` of these articles are given.
    """
    windows: dict[int, list[access.FreeWindow]] = {}
    days: dict[int, list[access.Anniversary]] = {}
    found = openings([a.pk for a in articles], now) if of_them is None else of_them
    for key, why, starts, until, month, day in found:
        if starts and until and until > now:
            windows.setdefault(key, []).append(access.FreeWindow(starts, until, why))
        elif month and day:
            days.setdefault(key, []).append(access.Anniversary(month, day, why))
    return {a.pk: _asked(a, tuple(windows.get(a.pk, ())), tuple(days.get(a.pk, ()))) for a in articles}


LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


class Opening(NamedTuple):
    """A free window, which has no day, or a day of the year, which has no instants."""

    article: int
    why: str
    starts: datetime | None
    until: datetime | None
    month: int | None
    day: int | None


# Plain SQL: every list and every page asks this, and Django takes longer to write it than the database to answer.
_OPENINGS = """
    SELECT article_id, why, starts, until, NULL::integer, NULL::integer FROM archive_freewindow
    WHERE article_id = ANY (%(articles)s) AND until > %(after)s
    UNION ALL
    SELECT article_id, why, NULL, NULL, month, day FROM archive_anniversary WHERE article_id = ANY (%(articles)s)
"""


def openings(articles: Sequence[int], after: datetime = LONG_AGO) -> list[Opening]:
    """Promise: each free window of the articles that ends after a moment, or all of them, and each day of the year; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_OPENINGS, {"articles": list(articles), "after": after})
        return [Opening(*row) for row in cursor.fetchall()]


def _asked(
    article: Article, windows: tuple[access.FreeWindow, ...], days: tuple[access.Anniversary, ...]
) -> Asked:
    issue = article.issue
    return Asked(
        article=article.pk,
        issue=issue.pk,
        title=issue.title_id,
        cover_date=issue.sort_date,
        policy=policy_of(article)[0],
        windows=tuple(sorted(windows, key=lambda w: (w.until, w.starts, w.why), reverse=True)),
        anniversaries=tuple(sorted(days, key=lambda a: (a.month, a.day, a.why))),
        wall=wall_of(article).wall,
        on_sale=issue.on_sale,
        zone=ZoneInfo(settings.TIME_ZONE),
    )


def policy_of(article: Article) -> tuple[Policy | None, str]:
    """Promise: the policy that holds for it, None when what is stored is none we know, and the level that sets it."""
    issue = article.issue
    section = article.section.policy if article.section else ""
    return policy_and_source(article.policy, issue.policy, section, issue.title.policy)


def wall_of(article: Article) -> PlacedWall:
    """Promise: the moving wall that holds for it, each number with the level that sets it."""
    section = _wall(article.section) if article.section else Wall()
    return wall_and_source(_wall(article), _wall(article.issue), section, _wall(article.issue.title))


def _wall(level: Article | Issue | Section | Title) -> Wall:
    return Wall(level.paid_after_weeks, level.free_after_years)


def readable(article: Article, decision: Decision) -> Readable:
    """Promise: the full text when `decision` allows, else the lead-in."""
    blocks = _blocks(article)
    if decision.allowed:
        return full_text(article.pk, blocks, decision)
    return lead_in(article.pk, blocks, _ends_after(article))


def opening(article: Article) -> Readable:
    """Promise: the lead-in, whoever asks: for descriptions, feeds and mails."""
    return lead_in(article.pk, _blocks(article), _ends_after(article))


def index_text(article: Article) -> IndexText:
    """Promise: every word of the article, gated ones too, for the terms of the full-text index and for nothing else.

    It may not be stored, shown, sent or logged: what a page shows of an article comes from `readable`.
    """
    return IndexText("\n".join(text_of(block) for block in _blocks(article)))


def parts_of(article: Article) -> tuple[Part, ...]:
    """Promise: the whole article, gated words too, for finding what it is about and for nothing else; see `parts.py`."""
    return parts(article.headline, article.standfirst, _blocks(article), opening(article).blocks)


def _blocks(article: Article) -> tuple[Block, ...]:
    return from_stream(article.body.raw_data)


def pictures_in(article: Article) -> list[int]:
    """Promise: the keys of all pictures its text refers to; nothing of the text."""
    of_pictures = [child for child in article.body.raw_data if child["type"] == "picture"]
    return [block.picture for block in from_stream(of_pictures) if isinstance(block, PictureRef)]


def _ends_after(article: Article) -> int | None:
    """An editor counts the blocks in the admin; a block of several paragraphs is several blocks here."""
    if not article.lead_in_ends_after:
        return None
    return len(from_stream(list(article.body.raw_data)[: article.lead_in_ends_after])) or None


_NAMES = """
    SELECT article_id, name FROM archive_authorship AS authorship JOIN archive_contributor AS contributor ON contributor.id = contributor_id
    WHERE article_id = ANY (%s) ORDER BY authorship.position, authorship.id
"""


def names_of(articles: Sequence[int]) -> dict[int, list[str]]:
    """Promise: the names of the known contributors of each article, in the order of the byline; one query, none for no article."""
    found: dict[int, list[str]] = {}
    if articles:
        with connection.cursor() as cursor:
            cursor.execute(_NAMES, [list(articles)])
            for article, name in cursor.fetchall():
                found.setdefault(article, []).append(name)
    return found


def titles() -> list[Title]:
    return list(Title.objects.all())


def current_issue(title: Title | None = None) -> Issue | None:
    issues = Issue.objects.filter(live=True).select_related("title", "volume", "cover")
    return (issues.filter(title=title) if title else issues.order_by("title__position", "-sort_date")).first()


_AS_A_NEIGHBOUR = ("id", "issue_id", "headline", "slug")  # in the order of the model's own fields
Neighbours = tuple[Article | None, Article | None]
_RUNNING_ORDER = """
    SELECT issue_id, id, slug, headline FROM archive_article WHERE issue_id = ANY (%s) AND live ORDER BY position, id
"""


def neighbours(articles: Sequence[Article]) -> dict[int, Neighbours]:
    """Promise: the article before and after each in the running order of its issue, by article; one query."""
    of_issue: dict[int, list[tuple[int, str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING_ORDER, [list({article.issue_id for article in articles})])
        for issue, *other in cursor.fetchall():
            of_issue.setdefault(issue, []).append(tuple(other))
    return {article.pk: _beside(article, of_issue.get(article.issue_id, [])) for article in articles}


def _beside(article: Article, others: Sequence[tuple[int, str, str]]) -> Neighbours:
    at = next((i for i, (key, *_) in enumerate(others) if key == article.pk), None)
    if at is None:
        return None, None
    before, after = others[at - 1 : at], others[at + 1 : at + 2]
    return _named(article, before), _named(article, after)


def _named(article: Article, other: Sequence[tuple[int, str, str]]) -> Article | None:
    """As a page names it: nothing else of it is at hand."""
    if not other:
        return None
    ((key, slug, headline),) = other
    found: Article = Article.from_db("default", _AS_A_NEIGHBOUR, (key, article.issue_id, headline, slug))
    found.issue = article.issue
    return found


def moved_to(path: str) -> str | None:
    """Promise: the present address of what stood at `path`, if it is published; None otherwise. At most eight queries.

    A part of an address that has changed, of a title or an issue, is replaced by the present one, and what lies below it is
    looked for there.
    """
    in_title = _from_above(path, 1)
    for known in dict.fromkeys((path, in_title, _from_above(in_title, 3))):
        if (old := _old(known)) and (to := _published_address(old)):
            return to
        if known != path and _is_published(known):
            return known
    return None


def _from_above(path: str, parts: int) -> str:
    """Promise: `path` with its beginning, `parts` long below /archive/, as what stood there is called now."""
    _, root, *below = path.split("/")
    if root != "archive" or len(below) <= parts + 1:
        return path
    head, tail = "/".join(["", root, *below[:parts], ""]), "/".join(below[parts:])
    old = _old(head)
    above = (old.title if parts == 1 else old.issue) if old else None
    return f"{above.get_absolute_url()}{tail}" if above else path


def _published_address(old: OldAddress) -> str | None:
    if old.article:
        is_there = old.article.live and old.article.issue.live
    elif old.issue:
        is_there = old.issue.live
    elif old.contributor:
        is_there = Authorship.objects.filter(
            contributor=old.contributor, article__live=True, article__issue__live=True
        ).exists()
    else:
        is_there = True
    thing = old.article or old.issue or old.title or old.section or old.contributor
    return thing.get_absolute_url() if thing and is_there else None


def _is_published(path: str) -> bool:
    """Whether an article, an issue or a year of issues stands there."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    of = match.kwargs
    if match.url_name not in {"year", "issue", "article"} or not MINYEAR <= of["year"] <= MAXYEAR:
        return False
    issues = Issue.objects.filter(live=True, title__slug=of["title"], sort_date__year=of["year"])
    if "issue" in of:
        issues = issues.filter(slug=of["issue"])
    if "slug" in of:
        return Article.objects.filter(live=True, slug=of["slug"], issue__in=issues).exists()
    return issues.exists()


def _old(path: str) -> OldAddress | None:
    return (
        OldAddress.objects.select_related(
            "article__issue__title", "issue__title", "title", "section", "contributor"
        )
        .defer("article__body")
        .filter(path=path)
        .first()
    )


def decade(day: date) -> int:
    return day.year // 10 * 10
