"""Commands on claims: a reader says a print subscription is theirs; what does not match at once is a case for
staff.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from wagtail.log_actions import log

from backnumber.circulation import mails
from backnumber.circulation.models import Claim, ClaimAttempt, PrintSubscription
from backnumber.circulation.queries import on_file
from backnumber.circulation.rules import Claimed, Outcome, digits_key, number_key, weigh
from backnumber.circulation.service import follow_term
from backnumber.readers.models import Reader

CLAIM_CLOSED = "circulation.claim"  # in the admin's log
HOUR = timedelta(hours=1)
BY_READER = 6
BY_NETWORK = 30
BY_NUMBER = 5
_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reader is told. `outcome` None: tried too often, `again_at` says when; a case has its
    `reference`.
    """

    outcome: Outcome | None
    reference: str = ""
    ended_on: date | None = None
    again_at: datetime | None = None


class NotResolved(ValueError):
    """Staff asked for what cannot be; the message says why."""


@transaction.atomic
def claim(reader: Reader, claimed: Claimed, *, network: str, now: datetime, message: str = "") -> Answer:
    """Promise: a match gives the grant at once; whatever is doubtful becomes the reader's one open case;
    nothing tells a guesser why.

    The reader's own tries are limited. Tries by others, at this number or from this network, never refuse the
    reader: they only make a person look at the claim first. `network` is a digest
    (`readers.client_address.network_digest`).
    """
    Reader.objects.select_for_update().get(pk=reader.pk)
    ClaimAttempt.objects.filter(made_at__lt=now - _KEPT).delete()
    recent = ClaimAttempt.objects.filter(made_at__gt=now - HOUR)
    mine = list(recent.filter(reader=reader).order_by("made_at").values_list("made_at", flat=True))
    if len(mine) >= BY_READER:
        return Answer(None, again_at=mine[-BY_READER] + HOUR)
    key = digits_key(claimed.number) or number_key(
        claimed.number
    )  # no way round the limit by letters or zeros
    others = recent.exclude(reader=reader)
    guessed = (
        others.filter(number=key).count() >= BY_NUMBER or others.filter(address=network).count() >= BY_NETWORK
    )
    ClaimAttempt.objects.create(reader=reader, address=network, number=key[:60], made_at=now)
    if guessed:
        return _open_case(reader, claimed, message, now)
    return _weighed(reader, claimed, message, now)


def _weighed(reader: Reader, claimed: Claimed, message: str, now: datetime) -> Answer:
    known = PrintSubscription.objects.select_for_update().filter(
        Q(claim_number=number_key(claimed.number), claim_number__gt="")
        | Q(claim_digits=digits_key(claimed.number), claim_digits__gt="")
    )
    found = {s.pk: s for s in known}
    verdict = weigh(
        claimed,
        [on_file(s) for s in found.values()],
        reader.pk,
        now.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
    )
    if verdict.outcome is Outcome.CASE or verdict.key is None:
        return _open_case(reader, claimed, message, now)
    if verdict.outcome is Outcome.EXPIRED:
        return Answer(verdict.outcome, ended_on=verdict.ended_on)
    _link(found[verdict.key], reader, now)
    _close_at_once(reader, claimed, found[verdict.key], now)
    return Answer(verdict.outcome)


def _link(subscription: PrintSubscription, reader: Reader, now: datetime) -> None:
    """The subscription is the reader's and its grants follow. What was bought on the site has its grant from
    the payment already.
    """
    bought_here = (
        subscription.source == PrintSubscription.Source.CHECKOUT and subscription.reader_id == reader.pk
    )
    if bought_here:
        return
    subscription.reader = reader
    subscription.save(update_fields=["reader"])
    follow_term(subscription, now)


def _close_at_once(reader: Reader, claimed: Claimed, subscription: PrintSubscription, now: datetime) -> None:
    """A match closes the reader's open case; without one it leaves a record, once."""
    values = {"subscription": subscription, "state": Claim.State.GRANTED, "closed_at": now}
    if Claim.objects.filter(reader=reader, state=Claim.State.PENDING).update(**values):
        return
    if not Claim.objects.filter(reader=reader, subscription=subscription, state=Claim.State.GRANTED).exists():
        Claim.objects.create(reader=reader, reference=_reference(), made_at=now, **_typed(claimed), **values)


def _open_case(reader: Reader, claimed: Claimed, message: str, now: datetime) -> Answer:
    """One open case a reader: a further try replaces what was typed, and what was typed before is kept for
    staff to see.
    """
    case = Claim.objects.select_for_update().filter(reader=reader, state=Claim.State.PENDING).first()
    typed = _typed(claimed)
    if case is None:
        case = Claim.objects.create(
            reader=reader,
            state=Claim.State.PENDING,
            reference=_reference(),
            made_at=now,
            message=message,
            **typed,
        )
        mails.case_opened(case)
        return Answer(Outcome.CASE, reference=case.reference)
    before = ", ".join((case.number, case.surname, case.postcode))
    if typed != {"number": case.number, "surname": case.surname, "postcode": case.postcode}:
        case.earlier = "\n".join([*case.earlier.splitlines()[-9:], before])
    for field, value in typed.items():
        setattr(case, field, value)
    case.message = message or case.message
    case.save()
    return Answer(Outcome.CASE, reference=case.reference)


def _typed(claimed: Claimed) -> dict[str, str]:
    return {"number": claimed.number, "surname": claimed.surname, "postcode": claimed.postcode}


def _reference() -> str:
    return "C-" + "".join(secrets.choice("23456789BCDFGHJKMNPQRSTVWXYZ") for _ in range(7))


@transaction.atomic
def accept(
    case: Claim, subscription: PrintSubscription, *, by: Reader, take_over: bool, answer: str, now: datetime
) -> None:
    """Promise: the subscription is the claimant's, their grant is made, the case is closed and the reader has
    a mail.

    It is taken from another reader only with `take_over`; their grants on it end now. Errors: NotResolved
    when the case is closed, the subscription is another reader's, or it has run out.
    """
    case = _held(case)
    subscription = PrintSubscription.objects.select_for_update().get(pk=subscription.pk)
    if subscription.reader_id not in (None, case.reader_id) and not take_over:
        raise NotResolved("This subscription belongs to another reader. Tick the box to take it from them.")
    if (
        on_file(subscription).ends_on < now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        or not on_file(subscription).active
    ):
        raise NotResolved(
            "This subscription has run out: it opens nothing. Refuse it and say so, or correct the term."
        )
    _link(subscription, case.reader, now)
    _close(case, Claim.State.ACCEPTED, by, answer, now, subscription)
    mails.case_accepted(case)


@transaction.atomic
def refuse(case: Claim, *, by: Reader, answer: str, now: datetime) -> None:
    """Promise: the case is closed without a grant and the reader has the answer by mail. Errors: NotResolved
    when it is closed or no answer is given.
    """
    case = _held(case)
    if not answer.strip():
        raise NotResolved("Say why: the reader gets your answer by mail.")
    _close(case, Claim.State.REFUSED, by, answer, now, None)
    mails.case_refused(case)


def _held(case: Claim) -> Claim:
    held = Claim.objects.select_for_update(of=("self",)).select_related("reader").get(pk=case.pk)
    if held.state != Claim.State.PENDING:
        raise NotResolved("This case is closed already.")
    return held


def _close(
    case: Claim, state: str, by: Reader, answer: str, now: datetime, subscription: PrintSubscription | None
) -> None:
    case.state, case.answer, case.closed_at, case.closed_by, case.subscription = (
        state,
        answer.strip(),
        now,
        by,
        subscription,
    )
    case.save()
    by_which = f" by {subscription}" if subscription is not None else ""
    log(case, CLAIM_CLOSED, user=by, data={"what": f"{case}: {case.get_state_display().lower()}{by_which}"})
