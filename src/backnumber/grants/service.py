"""Commands of the ledger: `grant`, `bring_forward` and `revoke`. Checkout, claims and staff call them in plain sight."""

from datetime import datetime

from django.db import transaction

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader


@transaction.atomic
def grant(
    reader: Reader,
    scope: Scope,
    *,
    starts: datetime,
    until: datetime | None,
    evidence: Evidence,
    evidence_key: str,
    label: str,
    now: datetime,
    kept: Scope | None = None,
) -> tuple[Grant, bool]:
    """Promise: exactly one grant for this evidence, and whether it is new; asked again, the first one is returned unchanged.

    `kept` is a span with both dates that stays open after `until`.
    Errors: ValueError without an evidence key, when the same evidence already serves another reader, or when `kept`
    is no such span or nothing ends.
    """
    if not evidence_key.strip():
        raise ValueError("no grant without evidence")
    if kept is not None and (until is None or not _is_whole_span(kept)):
        raise ValueError("what is kept is a span of cover dates with both ends, after an end")
    made, is_new = Grant.objects.get_or_create(
        evidence=evidence.value,
        evidence_key=evidence_key,
        defaults={
            "reader": reader,
            "scope": scope.kind.value,
            "title_id": scope.title,
            "issue_id": scope.issue,
            "article_id": scope.article,
            "first_date": scope.first_date,
            "last_date": scope.last_date,
            "years": scope.years,
            "kept_title_id": kept.title if kept else None,
            "kept_first_date": kept.first_date if kept else None,
            "kept_last_date": kept.last_date if kept else None,
            "starts": starts,
            "until": until,
            "label": label,
            "granted_at": now,
        },
    )
    if made.reader_id != reader.pk:
        raise ValueError(f"{evidence.value} {evidence_key} already serves another reader")
    return made, is_new


def _is_whole_span(kept: Scope) -> bool:
    return kept.kind is ScopeKind.SPAN and kept.first_date is not None and kept.last_date is not None


@transaction.atomic
def bring_forward(
    evidence: Evidence,
    evidence_key: str,
    *,
    starts: datetime,
    until: datetime,
    kept: Scope | None,
    now: datetime,
) -> bool:
    """Promise: a grant that has not begun at `now` opens from `starts` until just before `until`, and keeps `kept`;
    whether there was such a grant. It is never put off, and what has begun stays as it is.
    """
    return bool(
        Grant.objects.filter(
            evidence=evidence.value, evidence_key=evidence_key, revoked_at=None, starts__gt=max(now, starts)
        ).update(
            starts=starts,
            until=until,
            kept_title_id=kept.title if kept else None,
            kept_first_date=kept.first_date if kept else None,
            kept_last_date=kept.last_date if kept else None,
        )
    )


@transaction.atomic
def revoke(evidence: Evidence, evidence_key: str, *, because: str, now: datetime) -> bool:
    """Promise: the grant on this evidence opens nothing from `now` on; whether this call did it. Asked again, nothing changes."""
    changed = Grant.objects.filter(
        evidence=evidence.value, evidence_key=evidence_key, revoked_at=None
    ).update(revoked_at=now, revoked_because=because)
    return bool(changed)
