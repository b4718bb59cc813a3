"""Reads of the ledger, as the values the rule understands."""

from backnumber import access
from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.subscriptions.models import Grant


def grants_of(reader: int) -> tuple[access.Grant, ...]:
    """Promise: every grant of the reader, ended and revoked ones too, so that a decision can say why each did or did not fit."""
    return tuple(as_rule(grant) for grant in Grant.objects.filter(reader=reader).order_by("id"))


def as_rule(grant: Grant) -> access.Grant:
    """Promise: the grant as the rule sees it; unknown evidence becomes none, which opens nothing."""
    return access.Grant(
        id=grant.pk,
        scope=_scope(grant),
        starts=grant.starts,
        until=grant.until,
        evidence=Evidence(grant.evidence) if grant.evidence in set(Evidence) and grant.evidence_key else None,
        label=grant.label,
        revoked_at=grant.revoked_at,
    )


def _scope(grant: Grant) -> Scope:
    kind = ScopeKind(grant.scope) if grant.scope in set(ScopeKind) else ScopeKind.TITLE
    known = grant.scope in set(ScopeKind)
    return Scope(
        kind=kind,
        title=grant.title_id if known else None,
        issue=grant.issue_id,
        article=grant.article_id,
        first_date=grant.first_date,
        last_date=grant.last_date,
    )
