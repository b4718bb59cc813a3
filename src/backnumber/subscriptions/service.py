"""Commands of the ledger: `grant` and `revoke`. Checkout, claims and staff call them in plain sight."""

from datetime import datetime

from django.db import transaction

from backnumber.access import Evidence, Scope
from backnumber.readers.models import Reader
from backnumber.subscriptions.models import Grant


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
) -> tuple[Grant, bool]:
    """Promise: exactly one grant for this evidence, and whether it is new; asked again, the first one is returned unchanged.

    Errors: ValueError without an evidence key, or when the same evidence already serves another reader.
    """
    if not evidence_key.strip():
        raise ValueError("no grant without evidence")
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
            "starts": starts,
            "until": until,
            "label": label,
            "granted_at": now,
        },
    )
    if made.reader_id != reader.pk:
        raise ValueError(f"{evidence.value} {evidence_key} already serves another reader")
    return made, is_new


@transaction.atomic
def revoke(evidence: Evidence, evidence_key: str, *, because: str, now: datetime) -> bool:
    """Promise: the grant on this evidence opens nothing from `now` on; whether this call did it. Asked again, nothing changes."""
    changed = Grant.objects.filter(
        evidence=evidence.value, evidence_key=evidence_key, revoked_at=None
    ).update(revoked_at=now, revoked_because=because)
    return bool(changed)
