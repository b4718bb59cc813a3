"""What staff see: one decision at one moment, with everything it considered."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.dates import MONTHS

from backnumber.access import Asked, Decision, Fit
from backnumber.archive.models import Article
from backnumber.archive.queries import asked, moved_to, policy_of, wall_of
from backnumber.gate.facts import asker, decision_for
from backnumber.gate.words import NO_POLICY, POLICIES, moment, set_on
from backnumber.grants.models import Grant
from backnumber.helpdesk import words
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class GrantExplained:
    """One grant of the reader, and what the rule found."""

    grant: Grant
    opens: str
    rests_on: str
    fits: bool
    finding: str
    made_later: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """The whole answer, for the page."""

    reader: Reader | None
    article: Article
    at: datetime
    decision: Decision
    verdict: str
    policy: str
    policy_source: str
    walls: tuple[str, ...]
    on_sale: str
    windows: tuple[str, ...]
    grants: tuple[GrantExplained, ...]
    is_published: bool


def explain(reader: Reader | None, article: Article, at: datetime) -> Explained:
    """Promise: the rule's answer at `at`, and every grant with the reason for which it did or did not fit; a
    bounded number of queries.

    Claims and the bureau's list are as they are now: they are not kept by date.
    """
    who = asker(reader)
    decision = decision_for(article, who, at)
    policy, level = policy_of(article)
    one = asked([article], at)[article.pk]
    return Explained(
        reader=reader,
        article=article,
        at=at,
        decision=decision,
        verdict=words.for_staff(decision),
        policy=POLICIES[policy] if policy else NO_POLICY,
        policy_source=set_on(article, level),
        walls=_walls(article),
        on_sale=moment(one.on_sale) if one.on_sale else "",
        windows=_windows(one),
        grants=_explained(decision, at),
        is_published=article.live and article.issue.live,
    )


def _walls(article: Article) -> tuple[str, ...]:
    wall = wall_of(article)
    told = (("free after {} years", wall.free_after_years), ("paid after {} weeks", wall.paid_after_weeks))
    return tuple(
        f"{says.format(placed.number)}; {set_on(article, placed.source)}"
        for says, placed in told
        if placed.number
    )


def _windows(one: Asked) -> tuple[str, ...]:
    return (
        *(f"{w.why}: from {moment(w.starts)} until {moment(w.until)}" for w in one.windows),
        *(f"{a.why}: every {a.day} {MONTHS[a.month]}" for a in one.anniversaries),
    )


def _explained(decision: Decision, at: datetime) -> tuple[GrantExplained, ...]:
    keys = [c.grant.id for c in decision.considered]
    rows = (
        Grant.objects.select_related("title", "issue__title", "article").defer("article__body").in_bulk(keys)
    )
    names: dict[str, str] = {}
    for row in rows.values():
        names |= {f"title:{row.title_id}": str(row.title)} if row.title else {}
        names |= {f"issue:{row.issue_id}": str(row.issue)} if row.issue else {}
        names |= {f"article:{row.article_id}": str(row.article)} if row.article else {}
    return tuple(
        GrantExplained(
            grant=rows[c.grant.id],
            opens=words.scope_in_words(c.grant.scope, names),
            rests_on=words.EVIDENCE[c.grant.evidence] if c.grant.evidence else "nothing",
            fits=c.fit in {Fit.FITS, Fit.KEPT},
            finding=words.of_considered(c, names),
            made_later=rows[c.grant.id].granted_at > at,
        )
        for c in decision.considered
        if c.grant.id in rows
    )


def article_named(given: str) -> Article | None:
    """Promise: the article of a key or of an address (old ones too), published or not, without its body; None
    for anything else.
    """
    given = given.strip()
    articles = Article.objects.select_related("issue__title", "section").defer("body")
    if given.isdecimal():
        return articles.filter(pk=int(given)).first() if len(given) < 18 else None
    path = urlsplit(given).path
    path = path if path.endswith("/") else f"{path}/"
    try:
        match = resolve(path)
    except Resolver404:
        match = None
    if match is None or match.url_name != "article":
        return None
    title, year, issue, slug = match.args or tuple(match.kwargs.values())
    found = articles.filter(
        issue__title__slug=title, issue__sort_date__year=year, issue__slug=issue, slug=slug
    ).first()
    moved = None if found else moved_to(path)
    return found or (article_named(moved) if moved and moved != path else None)
