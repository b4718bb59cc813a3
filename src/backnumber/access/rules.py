"""The one rule. Nothing else anywhere decides who may read an article.

It is a function of what it is given, `now` included: it asks no clock and no database. What it does not understand, it denies.
"""

from datetime import datetime

from backnumber.access.words import (
    Asked,
    Asker,
    Considered,
    Decision,
    Fit,
    Grant,
    Offer,
    Policy,
    Reason,
    Scope,
    ScopeKind,
)


def decide(asked: Asked, asker: Asker, now: datetime) -> Decision:
    """Promise: whether `asker` may read `asked` at `now`, why, and what would help if not.

    Errors: ValueError when `now` has no time zone; every interval is half-open, in UTC instants.
    """
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    considered = tuple(Considered(grant, fit(grant, asked, now)) for grant in asker.grants)
    return _allow(asked, asker, now, considered) or _deny(asked, asker, considered)


def _allow(asked: Asked, asker: Asker, now: datetime, considered: tuple[Considered, ...]) -> Decision | None:
    used = _longest(tuple(c.grant for c in considered if c.fit is Fit.FITS))
    if used is not None:
        return Decision(True, Reason.GRANT, via=used, considered=considered)
    if asked.policy is Policy.OPEN:
        return Decision(True, Reason.OPEN, considered=considered)
    window = next((w for w in asked.windows if w.starts <= now < w.until), None)
    if window is not None:
        return Decision(True, Reason.FREE_NOW, window=window, considered=considered)
    if asked.policy is Policy.SIGN_IN and asker.reader is not None:
        return Decision(True, Reason.SIGNED_IN, considered=considered)
    return None


def _deny(asked: Asked, asker: Asker, considered: tuple[Considered, ...]) -> Decision:
    reason = _reason(asked, asker, considered)
    ends = [c.grant.until for c in considered if c.fit is Fit.ENDED and c.grant.until]
    starts = [c.grant.starts for c in considered if c.fit is Fit.NOT_BEGUN]
    return Decision(
        False,
        reason,
        offers=_offers(asked, asker, reason),
        ended=max(ends, default=None),
        begins=min(starts, default=None),
        considered=considered,
    )


def fit(grant: Grant, asked: Asked, now: datetime) -> Fit:
    """Promise: whether `grant` opens `asked` at `now`, or the first thing that stands in its way. Scope is looked at before time."""
    if grant.evidence is None:
        return Fit.NO_EVIDENCE
    covers = _covers(grant.scope, asked)
    if covers is not Fit.FITS:
        return covers
    if grant.revoked_at is not None and grant.revoked_at <= now:
        return Fit.REVOKED
    if now < grant.starts:
        return Fit.NOT_BEGUN
    if grant.until is not None and now >= grant.until:
        return Fit.ENDED
    return Fit.FITS


def _covers(scope: Scope, asked: Asked) -> Fit:
    match scope.kind:
        case ScopeKind.ARCHIVE:
            return Fit.FITS
        case ScopeKind.TITLE:
            return _same(scope.title, asked.title, Fit.OTHER_TITLE)
        case ScopeKind.ISSUE:
            return _same(scope.issue, asked.issue, Fit.OTHER_ISSUE)
        case ScopeKind.ARTICLE:
            return _same(scope.article, asked.article, Fit.OTHER_ARTICLE)
        case ScopeKind.SPAN:
            return _in_span(scope, asked)
    return Fit.MALFORMED


def _same(granted: int | None, asked: int, otherwise: Fit) -> Fit:
    if granted is None:
        return Fit.MALFORMED
    return Fit.FITS if granted == asked else otherwise


def _in_span(scope: Scope, asked: Asked) -> Fit:
    if scope.first_date is None and scope.last_date is None:
        return Fit.MALFORMED
    if scope.title is not None and scope.title != asked.title:
        return Fit.OTHER_TITLE
    early = scope.first_date is not None and asked.cover_date < scope.first_date
    late = scope.last_date is not None and asked.cover_date > scope.last_date
    return Fit.OTHER_DATES if early or late else Fit.FITS


def _longest(grants: tuple[Grant, ...]) -> Grant | None:
    """The grant that lasts longest is the one named: what expires sooner is not what the reader reads by. Ties: the oldest."""
    return min(
        grants,
        key=lambda g: (g.until is not None, -(g.until.timestamp() if g.until else 0), g.id),
        default=None,
    )


_ELSEWHERE = {Fit.OTHER_TITLE, Fit.OTHER_DATES, Fit.OTHER_ISSUE, Fit.OTHER_ARTICLE}


def _reason(asked: Asked, asker: Asker, considered: tuple[Considered, ...]) -> Reason:
    if asked.policy is None:
        return Reason.UNKNOWN_POLICY
    if asker.reader is None:
        return Reason.NO_ACCOUNT
    fits = {c.fit for c in considered}
    if asker.claim_pending:
        return Reason.CLAIM_PENDING
    for found, reason in (
        (Fit.NOT_BEGUN, Reason.NOT_BEGUN),
        (Fit.ENDED, Reason.LAPSED),
        (Fit.REVOKED, Reason.REVOKED),
    ):
        if found in fits:
            return reason
    if asker.print_unclaimed:
        return Reason.PRINT_UNCLAIMED
    return Reason.OTHER_ISSUES if fits & _ELSEWHERE else Reason.NO_GRANT


_BUY = (Offer.BUY_ONLINE, Offer.BUY_PRINT)
_OFFERS: dict[Reason, tuple[Offer, ...]] = {
    Reason.NO_ACCOUNT: (*_BUY, Offer.SIGN_IN, Offer.CLAIM, Offer.HELP),
    Reason.NO_GRANT: (*_BUY, Offer.CLAIM, Offer.HELP),
    Reason.OTHER_ISSUES: (*_BUY, Offer.CLAIM, Offer.HELP),
    Reason.LAPSED: (Offer.RENEW, Offer.BUY_PRINT, Offer.CLAIM, Offer.HELP),
    Reason.REVOKED: (*_BUY, Offer.HELP),
    Reason.NOT_BEGUN: (Offer.HELP,),
    Reason.CLAIM_PENDING: (Offer.HELP, *_BUY),
    Reason.PRINT_UNCLAIMED: (Offer.CLAIM, *_BUY, Offer.HELP),
    Reason.UNKNOWN_POLICY: (Offer.HELP,),
}


def _offers(asked: Asked, asker: Asker, reason: Reason) -> tuple[Offer, ...]:
    if asked.policy is Policy.SIGN_IN and asker.reader is None:
        return (Offer.SIGN_UP, Offer.SIGN_IN, Offer.HELP)
    return _OFFERS[reason]
