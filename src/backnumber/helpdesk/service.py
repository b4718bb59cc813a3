"""Rights by hand: staff give one for a case, or withdraw one, and it is written down who did."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from backnumber.access import Evidence, Scope
from backnumber.checkout import service as checkout
from backnumber.grants import service as ledger
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader


class NotDone(ValueError):
    """What was asked cannot be; the message says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A right to give: until just before `until`. `case` is the reference it rests on; the reader sees
    `reason`.
    """

    scope: Scope
    until: datetime
    case: str
    reason: str


@transaction.atomic
def give(reader: Reader, wanted: Wanted, *, by: Reader, now: datetime) -> Grant:
    """Promise: one grant for the case, logged. Errors: NotDone when the case has served already, or the time
    is over.
    """
    if wanted.until <= now:
        raise NotDone("The last day lies in the past.")
    try:
        made, is_new = ledger.grant(
            reader,
            wanted.scope,
            starts=now,
            until=wanted.until,
            evidence=Evidence.STAFF,
            evidence_key=wanted.case,
            label=wanted.reason,
            now=now,
        )
    except ValueError as why:
        raise NotDone(
            f"Case {wanted.case} has served another reader already. Use another reference."
        ) from why
    if not is_new:
        raise NotDone(
            f"Case {wanted.case} has served this reader already. Use another reference for a second right."
        )
    log(instance=made, action="helpdesk.give", user=by, data={"case": wanted.case, "reason": wanted.reason})
    return made


@transaction.atomic
def withdraw(grant: Grant, *, because: str, by: Reader, now: datetime) -> None:
    """Promise: the grant opens nothing from now on, logged. Errors: NotDone without a reason, or when it was
    withdrawn before.
    """
    if not because.strip():
        raise NotDone("Say why: the reader sees it on the account page.")
    if not ledger.revoke(Evidence(grant.evidence), grant.evidence_key, because=because.strip(), now=now):
        raise NotDone("This right was withdrawn already.")
    if grant.evidence in {Evidence.PAYMENT.value, Evidence.GIFT.value}:
        checkout.follow_withdrawal(grant.evidence_key, now)
    log(instance=grant, action="helpdesk.withdraw", user=by, data={"because": because.strip()})
