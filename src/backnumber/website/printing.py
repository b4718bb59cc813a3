"""An article for the press: rendered as for a request, once for each case that many readers meet.

What only one reader meets (the sentence for a lapsed right, the end of a gift) is left to Django.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Min
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
from backnumber.archive.blocks import PictureRef
from backnumber.archive.models import Article, Picture, Rights
from backnumber.archive.readable import Readable
from backnumber.pages.printed import PrintedPage
from backnumber.press.rules import Disagreement, Marks, joined, midnight, soonest
from backnumber.readers.models import Reader
from backnumber.website.reading import ArticlePage, article_page, decided_otherwise, template_context

READ_NEXT_LASTS = timedelta(days=1)
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
_PRESS_EYE = Grant(0, Scope(ScopeKind.ARCHIVE), _LONG_AGO, None, Evidence.STAFF, "The press")


def print_article(address: str, now: datetime) -> PrintedPage | None:
    """Promise: the article at that address; None for a draft, an old address, or one that is spelt otherwise.

    Errors: press.rules.Disagreement.
    """
    match = match_of("article", address)
    found = archive.article_at(**match.kwargs) if match else None
    if found is None or found.get_absolute_url() != address:
        return None
    asked = archive.asked([found], now)[found.pk]
    marks = Marks()
    held = article_page(found, decide(asked, Asker(0, (_PRESS_EYE,)), now), now)
    open_to_all = decide(replace(asked, policy=Policy.OPEN, on_sale=None), Asker(), now)
    free = decided_otherwise(held, open_to_all, now)
    shut = [decided_otherwise(held, denial, now) for denial in denials(asked, now)]
    renderings = [_rendered(held, marks, signed_in=True), _rendered(free, marks, signed_in=False)]
    return PrintedPage(
        address=address,
        kind="article",
        closed=joined([_rendered(page, marks, signed_in=False) for page in shut], marks),
        whole=joined(renderings, marks),
        asked=asked,
        keys=tuple(dict.fromkeys(_keys(held))),
        good_until=soonest(
            now + READ_NEXT_LASTS if found.section_id else None,
            rights_end(_pictures(held.readable), now),
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
    yield from (f"picture:{picture}" for picture in _pictures(page.readable))


def _pictures(readable: Readable) -> list[int]:
    return [block.picture for block in readable.blocks if isinstance(block, PictureRef)]


def rights_end(pictures: Sequence[int], now: datetime) -> datetime | None:
    """Promise: when the first of the rights to these pictures that hold at `now` ends; no query without pictures."""
    if not pictures:
        return None
    ending = Picture.objects.filter(pk__in=pictures, rights=Rights.UNTIL, rights_until__gte=now.date())
    last = ending.aggregate(last=Min("rights_until"))["last"]
    return midnight(last + timedelta(days=1), UTC) if last else None


def _rendered(page: ArticlePage, marks: Marks, *, signed_in: bool) -> str:
    request = request_for(page.article.get_absolute_url(), marks, signed_in=signed_in)
    html = render_to_string("website/article.html", template_context(page), request=request)
    refuse_token(request)
    return html


def request_for(address: str, marks: Marks, *, signed_in: bool) -> HttpRequest:
    """Promise: a request such as a browser makes, whose slots are marked."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = address
    request.META = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
    }
    request.user = Reader(pk=0) if signed_in else AnonymousUser()
    setattr(request, "printing", marks)  # noqa: B010 (for the tags of press/templatetags/slots.py)
    return request


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
