"""Whether a grant opens an article at a moment, and if not, the first thing that stands in its way."""

from datetime import datetime

from backnumber.access.types import Asked, Evidence, Fit, Grant, Scope, ScopeKind


def fit(grant: Grant, asked: Asked, now: datetime) -> Fit:
    """Promise: `FITS` or `KEPT` when `grant` opens `asked` at `now`, else why not. Scope is looked at before time.

    Before an issue is on sale only a staff decision opens it.
    """
    if grant.evidence is None:
        return Fit.NO_EVIDENCE
    covers = _covers(grant.scope, asked, now)
    if covers is not Fit.FITS and not _kept(grant, asked, now):
        return covers
    if grant.revoked_at is not None and grant.revoked_at <= now:
        return Fit.REVOKED
    if now < grant.starts:
        return Fit.NOT_BEGUN
    if asked.on_sale is not None and now < asked.on_sale and grant.evidence is not Evidence.STAFF:
        return Fit.EMBARGOED
    if grant.until is not None and now >= grant.until:
        return Fit.KEPT if _kept(grant, asked, now) else Fit.ENDED
    return covers


def _kept(grant: Grant, asked: Asked, now: datetime) -> bool:
    """Only a scope that stands still is kept; one that moves with the years would open what was never paid for."""
    if grant.kept is None or grant.until is None or now < grant.until:
        return False
    return grant.kept.kind is not ScopeKind.RECENT and _covers(grant.kept, asked, now) is Fit.FITS


def _covers(scope: Scope, asked: Asked, now: datetime) -> Fit:
    if scope.kind is ScopeKind.ARCHIVE:  # most are; the others take longer to tell apart
        return Fit.FITS
    match scope.kind:
        case ScopeKind.TITLE:
            return _same(scope.title, asked.title, Fit.OTHER_TITLE)
        case ScopeKind.ISSUE:
            return _same(scope.issue, asked.issue, Fit.OTHER_ISSUE)
        case ScopeKind.ARTICLE:
            return _same(scope.article, asked.article, Fit.OTHER_ARTICLE)
        case ScopeKind.SPAN:
            return _in_span(scope, asked)
        case ScopeKind.RECENT:
            return _is_recent(scope, asked, now)
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


def _is_recent(scope: Scope, asked: Asked, now: datetime) -> Fit:
    if scope.years is None or scope.years < 1:
        return Fit.MALFORMED
    if scope.title is not None and scope.title != asked.title:
        return Fit.OTHER_TITLE
    this_year = now.astimezone(asked.zone).year
    return Fit.FITS if asked.cover_date.year > this_year - scope.years else Fit.OTHER_DATES
