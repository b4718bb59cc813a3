"""What a feed tells of: published pieces of published issues, the newest first, as nobody in particular gets them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html as lxml_html

from backnumber import access
from backnumber.access import Asker, Decision, Policy, Reason, decide
from backnumber.access.openings import last_kept
from backnumber.archive.lead_ins import lead_ins_of
from backnumber.archive.models import Article, Title
from backnumber.archive.queries import Opening, articles_for_lists, asked, openings, policy_of
from backnumber.archive.readable import Readable
from backnumber.archive.rendering import to_html
from backnumber.edge.page.slots import is_of_a_day
from backnumber.edge.render.rules import next_midnight, soonest, turns_at
from backnumber.gate.marks import mark
from backnumber.grants.ends import last_day_in_words
from backnumber.longread.models import LongRead
from backnumber.syndication.feeds import About, Entry, Feed, Person
from backnumber.syndication.paging import Key, Page, page_of, place_named
from backnumber.syndication.subjects import Subject, pieces_of

MOST_ENTRIES = 20
_NEWEST_FIRST = (
    Key("appearance__told_on", date, descends=True),
    Key("online_date", date, descends=True),
    Key("issue__sort_date", date, descends=True),
    Key("position", int),
    Key("id", int),
)
_BY_WEEK = (Key("week", date, descends=True),)


@dataclass(frozen=True, slots=True)
class _Told:
    """A piece in a feed; with its week, when the feed is of weeks."""

    article: Article
    week: LongRead | None = None


@dataclass(frozen=True, slots=True)
class ToldFeed:
    """One page of a feed, what it tells of, when the first free week among its pieces ends, and until when it says the same if nothing
    changes.
    """

    feed: Feed
    articles: tuple[Article, ...]
    free_until: datetime | None
    good_until: datetime


def feed(of: Subject, form: str, now: datetime, page: str | None = None) -> ToldFeed | None:
    """Promise: one page of a subject's pieces, the newest first; None when there is no such page. At most ten queries. `page` is as a
    link of another page names it; None is the first.

    The bodies of those pieces are read and no others; one whose day online is still to come is not told of.
    """
    found = _weeks(page, now) if of.kind == "weekly" else _pieces(of, page, now)
    if found is None:
        return None
    articles = tuple(one.article for one in found.rows)
    of_them = openings([article.pk for article in articles])
    facts = asked(articles, now, of_them)
    decisions = {key: decide(one, Asker(), now) for key, one in facts.items()}
    turned = _turned_at({a.pk for a in articles if policy_of(a)[0] is not Policy.OPEN}, of_them, now)
    texts = lead_ins_of(articles)
    names_titles = of.kind != "titles" and _has_several_titles()
    told = Feed(
        id=_tag(_specific(of)),
        title=of.name,
        description=f"The newest in the archive of {settings.SITE_NAME}: the opening of each piece.",
        home=settings.ADDRESS + of.home,
        address=_address(of, form, page or ""),
        language=articles[0].issue.title.language if articles else settings.LANGUAGE_CODE,
        about=_about(of, form, found),
        entries=tuple(
            _entry(one, text, decisions[one.article.pk], turned.get(one.article.pk), names_title=names_titles)
            for one in found.rows
            if (text := texts.get(one.article.pk))
        ),
    )
    midnight_next = next_midnight(now, ZoneInfo(settings.TIME_ZONE))
    turns = (turns_at(one, now) for one in facts.values())
    return ToldFeed(
        told,
        articles,
        free_until=min((d.window.until for d in decisions.values() if d.window), default=None),
        good_until=soonest(midnight_next, *turns) or midnight_next,
    )


def _pieces(of: Subject, page: str | None, now: datetime) -> Page[_Told] | None:
    newest = pieces_of(of.kind, of.slug).filter(
        online_date__lte=timezone.localdate(now), appearance__told_on__isnull=False
    )
    behind = place_named(page, _NEWEST_FIRST) if page is not None else None
    if page is not None and behind is None:
        return None
    found = page_of(newest, _NEWEST_FIRST, MOST_ENTRIES, behind)
    return found.with_rows(_Told(article) for article in found.rows) if found else None


def _weeks(page: str | None, now: datetime) -> Page[_Told] | None:
    behind = place_named(page, _BY_WEEK) if page is not None else None
    if page is not None and behind is None:
        return None
    begun: QuerySet[LongRead] = LongRead.objects.select_related("window").filter(
        window__starts__lte=now,
        article__live=True,
        article__issue__live=True,
        article__online_date__lte=timezone.localdate(now),
    )
    found = page_of(begun, _BY_WEEK, MOST_ENTRIES, behind)
    if found is None:
        return None
    articles = articles_for_lists().in_bulk([week.article_id for week in found.rows])
    return found.with_rows(_Told(articles[week.article_id], week) for week in found.rows)


def _about(of: Subject, form: str, page: Page[_Told]) -> About:
    def address(name: str | None) -> str:
        return "" if name is None else _address(of, form, name)

    return About(address(""), address(page.last), address(page.before), address(page.after))


def _address(of: Subject, form: str, page: str) -> str:
    return settings.ADDRESS + of.address(form) + (f"?page={page}" if page else "")


def _has_several_titles() -> bool:
    """Of which something is published: a title of drafts is not told of."""
    published = Title.objects.filter(issues__live=True, issues__articles__live=True)
    return len(published.values("pk").distinct()[:2]) > 1


def _entry(
    told: _Told, text: Readable, decision: Decision, turned: datetime | None, *, names_title: bool
) -> Entry:
    article = told.article
    published = told.week.window.starts if told.week else midnight(article.online_date)
    address = settings.ADDRESS + article.get_absolute_url()
    return Entry(
        id=_tag(f"long-read/{told.week.week}" if told.week else f"article/{article.pk}"),
        address=address,
        headline=article.headline,
        summary=article.standfirst,
        html=with_whole_addresses(to_html(text, {}), address),
        authors=_authors(article),
        title=article.issue.title.name if names_title else "",
        section=article.section.name if article.section else "",
        published=published,
        updated=max(filter(None, (published, article.appearance.changed_at, turned))),
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
    if "=" not in html:  # no address without one, and most openings have none
        return html
    whole = lxml_html.make_links_absolute(f"<div>{html}</div>", address)
    return str(whole).removeprefix("<div>").removesuffix("</div>")


def _turned_at(articles: Set[int], of_them: Sequence[Opening], now: datetime) -> Mapping[int, datetime]:
    """Promise: when a free week or day of each last began or ended, which changes what is said of it."""
    today = timezone.localdate(now)
    turns: dict[int, datetime] = {}
    for article, _, starts, until, month, day in of_them:
        if article not in articles:
            continue
        kept = last_kept(access.Anniversary(month, day, ""), today) if month and day else None
        moments = (midnight(kept), midnight(kept + timedelta(days=1))) if kept else (starts, until)
        for moment in moments:
            if moment is not None and moment <= now:
                turns[article] = max(moment, turns.get(article, moment))
    return turns


def midnight(day: date) -> datetime:
    """The day by the publisher's clock."""
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE)).astimezone(UTC)


def _specific(of: Subject) -> str:
    return "/".join(part for part in ("feed", of.kind, of.slug) if part)


def _tag(specific: str) -> str:
    """A tag address (RFC 4151): it stays when a slug changes. 2026 is the year this form of names was made
    in.
    """
    return f"tag:{urlsplit(settings.ADDRESS).hostname or 'localhost'},2026:{specific}"
