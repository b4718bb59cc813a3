"""Reads of the ledger, as the values the rule understands."""

from datetime import datetime

from django.db.models import Q

from backnumber import access
from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.grants.models import Grant


def counting(now: datetime, prefix: str = "") -> Q:
    """Promise: `access.counts` as a condition on rows that have `starts`, `until` and `revoked_at`, reached by `prefix` ("licences__")."""
    not_over = Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": now})
    not_revoked = Q(**{f"{prefix}revoked_at": None}) | Q(**{f"{prefix}revoked_at__gt": now})
    return Q(**{f"{prefix}starts__lte": now}) & not_over & not_revoked


def grants_of(reader: int) -> tuple[access.Grant, ...]:
    """Promise: every grant of the reader, ended and revoked ones too, so that a decision can say why each did or did not fit."""
    return tuple(as_rule(grant) for grant in Grant.objects.filter(reader=reader).order_by("id"))


def as_rule(grant: Grant) -> access.Grant:
    """Promise: the grant as the rule sees it; unknown evidence becomes none, which opens nothing, and half a kept span
    keeps nothing.
    """
    return access.Grant(
        id=grant.pk,
        scope=_scope(grant),
        starts=grant.starts,
        until=grant.until,
        evidence=Evidence(grant.evidence) if grant.evidence in set(Evidence) and grant.evidence_key else None,
        label=grant.label,
        revoked_at=grant.revoked_at,
        kept=_kept(grant),
    )


def _scope(grant: Grant) -> Scope:
    """A kind that nobody knows becomes a title that is not named: the rule finds it malformed."""
    if grant.scope not in set(ScopeKind):
        return Scope(ScopeKind.TITLE)
    return Scope(
        kind=ScopeKind(grant.scope),
        title=grant.title_id,
        issue=grant.issue_id,
        article=grant.article_id,
        first_date=grant.first_date,
        last_date=grant.last_date,
        years=grant.years,
    )


def _kept(grant: Grant) -> Scope | None:
    first, last = grant.kept_first_date, grant.kept_last_date
    if first is None or last is None or first > last:
        return None
    return Scope(ScopeKind.SPAN, title=grant.kept_title_id, first_date=first, last_date=last)
