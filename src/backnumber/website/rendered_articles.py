"""An article for the page store: what many readers meet, each case of it as a request would have it.

What only one reader meets (the sentence for a lapsed right, the end of a gift) is left to Django.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from backnumber.access import (
    Asked,
    Asker,
    Decision,
    Evidence,
    Grant,
    Meter,
    Policy,
    Reason,
    Scope,
    ScopeKind,
    Wall,
    decide,
)
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, Picture, Rights
from backnumber.edge.page.stored import StoredPage, stored_page
from backnumber.edge.render.rules import Disagreement, Marks, joined, midnight, soonest
from backnumber.information import queries as information
from backnumber.information.queries import LivePages
from backnumber.readers.models import Reader
from backnumber.website import pictures
from backnumber.website.reading import (
    ArticlePage,
    Beside,
    article_page,
    beside,
    decided_otherwise,
    template_context,
)

READ_NEXT_LASTS = timedelta(days=1)
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
_WHOLE_TEXT = Grant(0, Scope(ScopeKind.ARCHIVE), _LONG_AGO, None, Evidence.STAFF, "Rendering")


def render_article(address: str, now: datetime) -> StoredPage | None:
    """Promise: the article at that address; None for a draft, an old address, or one that is spelt otherwise.

    Errors: Disagreement.
    """
    return next(iter(render_articles([address], now)), None)


def render_articles(addresses: Sequence[str], now: datetime) -> list[StoredPage]:
    """Promise: the same pages, with hardly more queries than one takes. Errors: Disagreement, and then there is none of them."""
    found = _found(addresses)
    if not found:
        return []
    around, asked, menus = _beside(found), archive.asked(found, now), information.live_pages()
    return [_stored(_sheet(article, asked[article.pk], around, now), around, menus, now) for article in found]


def _found(addresses: Sequence[str]) -> list[Article]:
    matches = [match for address in addresses if (match := match_of("article", address))]
    found = archive.articles_at([archive.ArticleAddress(**match.kwargs) for match in matches])
    return [article for article in found if article.get_absolute_url() in addresses]


def _beside(articles: Sequence[Article]) -> Beside:
    """The pictures of all the text: those of a lead-in are among them."""
    keys = [key for article in articles for key in archive.pictures_in(article)]
    return replace(beside(articles), pictures=pictures.in_store(keys))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article as it is to be stored: each page of the closed text, and each of the whole one."""

    article: Article
    asked: Asked
    shut: Sequence[ArticlePage]
    held: ArticlePage
    free: ArticlePage


def _sheet(article: Article, asked: Asked, around: Beside, now: datetime) -> Sheet:
    """The lead-in is rendered from what the archive gives out for a denial; no more of the text is in it."""
    first, *others = denials(asked, now)
    shut = article_page(article, first, now, around=around)
    held = decided_otherwise(shut, decide(asked, Asker(0, (_WHOLE_TEXT,)), now), now, around)
    open_to_all = decide(replace(asked, policy=Policy.OPEN, on_sale=None), Asker(), now)
    return Sheet(
        article,
        asked,
        [shut, *(decided_otherwise(shut, denial, now, around) for denial in others)],
        held,
        decided_otherwise(held, open_to_all, now, around),
    )


def _stored(sheet: Sheet, around: Beside, menus: LivePages, now: datetime) -> StoredPage:
    """Each case is rendered by itself, as for a request. Errors: Disagreement when they differ outside the slots."""
    marks = Marks()
    shut = [_rendered(page, marks, menus, signed_in=False) for page in sheet.shut]
    opened = [
        _rendered(sheet.held, marks, menus, signed_in=True),
        _rendered(sheet.free, marks, menus, signed_in=False),
    ]
    shown = pictures.wanted_by([sheet.held.readable])
    return stored_page(
        address=sheet.article.get_absolute_url(),
        kind="article",
        closed=joined(shut, marks),
        whole=joined(opened, marks),
        asked=sheet.asked,
        keys=dict.fromkeys(_keys(sheet.held)),
        good_until=soonest(
            now + READ_NEXT_LASTS,
            rights_end([picture for key in shown if (picture := (around.pictures or {}).get(key))], now),
        ),
    )


def denials(asked: Asked, now: datetime) -> list[Decision]:
    """Promise: every way in which the gate is shut to nobody in particular in the same words, the commonest first.

    Not a gift that has ended or a meter that is spent: those sentences name a day. An open article has a gate too, for a
    page has always something that may be shown to anyone: that of an article without a policy.
    """
    policy = None if asked.policy is Policy.OPEN else asked.policy
    shut = replace(asked, policy=policy, windows=(), anniversaries=(), wall=Wall(), on_sale=None)
    found = [decide(shut, Asker(), now)]
    if policy is Policy.METERED and settings.METER_NOBODY < 1:
        found.insert(0, decide(shut, Asker(meter=Meter(0, timedelta(days=settings.METER_DAYS))), now))
    before_sale = decide(asked, Asker(), now)
    if before_sale.reason is Reason.EMBARGOED:
        found.insert(0, before_sale)
    return found


def _keys(page: ArticlePage) -> Iterator[str]:
    article = page.article
    yield from (f"article:{article.pk}", f"order:{article.issue_id}", f"issue:{article.issue_id}", "shop")
    if article.section_id:
        yield f"section:{article.section_id}"
    yield from (f"contributor:{a.contributor_id}" for a in article.authorships.all())
    yield from (f"card:{beside.pk}" for beside in (page.before, page.after) if beside is not None)
    for other in page.read_next:
        yield from (f"card:{other.pk}", f"issue:{other.issue_id}")
    for one in (*page.related.shared, *page.related.meanwhile):
        yield from (f"card:{one.article.pk}", f"issue:{one.article.issue_id}")
    yield from (f"picture:{picture}" for picture in pictures.wanted_by([page.readable]))


def rights_end(shown: Sequence[Picture], now: datetime) -> datetime | None:
    """Promise: when the first of the rights to these pictures that hold at `now` ends."""
    ends = [picture.rights_until for picture in shown if picture.rights == Rights.UNTIL]
    last = min((day for day in ends if day and day >= now.date()), default=None)
    return midnight(last + timedelta(days=1), UTC) if last else None


def _rendered(page: ArticlePage, marks: Marks, menus: LivePages, *, signed_in: bool) -> str:
    request = request_for(page.article.get_absolute_url(), marks, menus, signed_in=signed_in)
    html = render_to_string("website/article.html", template_context(page), request=request)
    refuse_token(request)
    return html


def request_for(address: str, marks: Marks, menus: LivePages, *, signed_in: bool) -> HttpRequest:
    """Promise: a request such as a browser makes, whose slots are marked, and which knows the menus already."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = address
    request.META = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
    }
    request.user = _who(signed_in=signed_in)
    setattr(request, "marks", marks)  # noqa: B010 (for the tags of edge/render/templatetags/slots.py)
    setattr(request, "live_pages", menus)  # noqa: B010 (for website/context.py)
    return request


def _who(*, signed_in: bool) -> Reader | AnonymousUser:
    return Reader(pk=0) if signed_in else AnonymousUser()


def refuse_token(request: HttpRequest) -> None:
    """Errors: Disagreement when the page has a token in it, which is one visitor's."""
    if "CSRF_COOKIE" in request.META:
        raise Disagreement(f"{request.path} has a form with a token")


def match_of(name: str, address: str) -> ResolverMatch | None:
    """Promise: what an address of that name says; None when it has another name, or is not spelt as the site spells it."""
    try:
        match = resolve(address)
    except Resolver404:
        return None
    is_ours = match.url_name == name and reverse(name, kwargs=match.kwargs) == address
    return match if is_ours else None


def article_addresses() -> Iterator[str]:
    published = Article.objects.filter(live=True, issue__live=True).order_by(
        "issue__sort_date", "issue", "position"
    )
    parts = published.values_list("issue__title__slug", "issue__sort_date__year", "issue__slug", "slug")
    for title, year, issue, slug in parts.iterator(chunk_size=2_000):
        yield reverse("article", args=[title, year, issue, slug])
