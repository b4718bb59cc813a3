"""Rows of rights: every grant that opens, and beside it one that differs in one thing only and does not; what is not free yet.

The grants are sealed in passes of our own making, with the site's own key: so that each can be had, and nothing is written for it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from backnumber.access import Evidence, Grant, Scope, ScopeKind
from backnumber.prove.forging import Forger
from backnumber.prove.row import Findings, Site, row
from backnumber.prove.site_under_test import YEAR, Piece

NO_SUCH_KEY = 2**53 - 1
MINUTE = timedelta(minutes=1)
_AN_AGE = 3_000  # years


@row(37, "a right that lacks one thing: its time, its place in the archive, its evidence", "the lead-in")
def lacking(site: Site, found: Findings) -> None:
    forger = Forger(site)
    for piece, how, opens, differs in (*_scopes(site), *_times(site)):
        whole, cut = (forger.browser(forger.passed((grant,))) for grant in (opens, differs))
        found.shown(whole.get(piece.path), piece, f"{how}: the right that lacks nothing")
        found.cut(cut.get(piece.path), piece, how)
    for name in ("lapsed", "wrong"):  # the same by rights that the database holds
        found.cut(site.get(site.piece().path, name), site.piece(), name)


Pair = tuple[Piece, str, Grant, Grant]


def _grant(scope: Scope) -> Grant:
    return Grant(1, scope, timezone.now() - timedelta(days=1), None, Evidence.GIFT)


def _scopes(site: Site) -> Iterator[Pair]:
    """The scope that covers the piece, and one that differs in one of its fields."""
    piece, title = site.piece(), site.tested.title.pk
    span = Scope(ScopeKind.SPAN, title=title, first_date=date(YEAR, 1, 1), last_date=date(YEAR, 12, 31))
    recent = Scope(ScopeKind.RECENT, title=title, years=_AN_AGE)
    of_title, of_issue = (
        Scope(ScopeKind.TITLE, title=title),
        Scope(ScopeKind.ISSUE, issue=site.tested.issue.pk),
    )
    of_article = Scope(ScopeKind.ARTICLE, article=piece.key)
    for how, scope, other in (
        ("of another title", of_title, replace(of_title, title=NO_SUCH_KEY)),
        ("of a title that is not named", of_title, replace(of_title, title=None)),
        ("of another issue", of_issue, replace(of_issue, issue=NO_SUCH_KEY)),
        ("of another article", of_article, replace(of_article, article=site.piece("late").key)),
        ("of cover dates that begin later", span, replace(span, first_date=date(YEAR + 1, 1, 1), last_date=date(YEAR + 2, 1, 1))),
        ("of cover dates that end earlier", span, replace(span, first_date=date(1, 1, 1), last_date=date(YEAR - 1, 12, 31))),
        ("of cover dates without bounds", span, replace(span, first_date=None, last_date=None)),
        ("of another title's cover dates", span, replace(span, title=NO_SUCH_KEY)),
        ("of the latest year", recent, replace(recent, years=1)),
        ("of another title's latest years", recent, replace(recent, title=NO_SUCH_KEY)),
        ("of no years", recent, replace(recent, years=None)),
    ):  # fmt: skip
        yield piece, how, _grant(scope), _grant(other)


def _times(site: Site) -> Iterator[Pair]:
    piece, embargoed, now = site.piece(), site.piece("embargoed"), timezone.now()
    grant = _grant(Scope(ScopeKind.TITLE, title=site.tested.title.pk))
    this, other = (Scope(ScopeKind.ISSUE, issue=key) for key in (site.tested.issue.pk, NO_SUCH_KEY))
    ended = replace(grant, scope=other, until=now - MINUTE)
    moving = Scope(ScopeKind.RECENT, years=_AN_AGE)
    yield piece, "not begun", grant, replace(grant, starts=now + timedelta(hours=1))
    yield piece, "ended", replace(grant, until=now + timedelta(hours=1)), replace(grant, until=now - MINUTE)
    yield piece, "revoked", replace(grant, revoked_at=now + timedelta(hours=1)), replace(grant, revoked_at=now - MINUTE)  # fmt: skip
    yield piece, "without evidence", grant, replace(grant, evidence=None)
    yield piece, "kept of another issue", replace(ended, kept=this), replace(ended, kept=other)
    yield piece, "kept and moving", replace(ended, kept=this), replace(ended, kept=moving)
    yield embargoed, "under embargo", replace(grant, evidence=Evidence.STAFF), grant


@row(
    38,
    "not free: before its window, on another day, behind its wall, of a policy nobody knows",
    "the lead-in",
)
def not_free(site: Site, found: Findings) -> None:
    """`waiting` has each opening, of another day; `aged` and `today` differ from it in that day."""
    for free in ("aged", "today", "open"):
        found.shown(site.get(site.piece(free).path), site.piece(free), f"nobody, {free}")
    for name in ("waiting", "unknown", "coming"):
        piece = site.piece(name)
        for who in ("nobody", "none", "lapsed"):
            for address in (piece.path, piece.ending(".md"), piece.ending(".json")):
                found.cut(site.get(address, who), piece, f"{address}, {who}")
    found.shown(site.get(site.piece("waiting").path, "entitled"), site.piece("waiting"), "entitled")


ROWS = (lacking, not_free)
