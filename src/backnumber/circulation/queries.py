"""Reads of print subscriptions and claims."""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.formats import date_format

from backnumber.circulation.countries import needs_postcode
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.circulation.rules import Claimed, Likeness, OnFile, digits_key, likeness, number_key
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class ClaimState:
    """`print_unclaimed`: the bureau knows an active subscriber with this reader's address, and nobody has
    claimed it.
    """

    claim_pending: bool
    print_unclaimed: bool


# Plain SQL: it is asked with every page of a reader's, and Django takes longer to write it than the database to answer.
_CLAIM_STATE = """
    SELECT
        EXISTS (SELECT FROM circulation_claim WHERE reader_id = %(reader)s AND state = %(pending)s),
        EXISTS (
            SELECT FROM circulation_printsubscription
            WHERE upper(email) = upper(%(email)s) AND email > '' AND reader_id IS NULL AND status = %(active)s
        )
"""


def claim_state(reader: Reader) -> ClaimState:
    """Promise: where the reader stands with print; one query."""
    asked = {
        "reader": reader.pk,
        "email": reader.email,
        "pending": Claim.State.PENDING.value,
        "active": PrintSubscription.Status.ACTIVE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_STATE, asked)
        return ClaimState(*cursor.fetchone())


def on_file(subscription: PrintSubscription) -> OnFile:
    """Promise: the print subscription as the rules compare it."""
    return OnFile(
        key=subscription.pk,
        number=subscription.number,
        name=subscription.name,
        surname=subscription.surname,
        postcode=subscription.postcode,
        postcode_needed=needs_postcode(subscription.country),
        starts_on=subscription.starts_on,
        ends_on=subscription.ends_on,
        active=subscription.status == PrintSubscription.Status.ACTIVE,
        reader=subscription.reader_id,
        country=subscription.country,
    )


def status_of(subscription: PrintSubscription, today: date) -> str:
    """Promise: how it stands on a day, for a list: one that ran out is not active, whatever the bureau calls it."""
    if subscription.status != PrintSubscription.Status.ACTIVE:
        return subscription.get_status_display()
    if subscription.ends_on < today:
        return "ran out"
    if today < subscription.starts_on:
        return f"begins on {date_format(subscription.starts_on, 'j F Y')}"
    return "runs"


def print_subscriptions_of(reader: Reader) -> "QuerySet[PrintSubscription]":
    return PrintSubscription.objects.filter(reader=reader).order_by("-ends_on", "number")


def claims_of(reader: Reader) -> "QuerySet[Claim]":
    return Claim.objects.filter(reader=reader).select_related("subscription")


def open_case_of(reader: Reader) -> Claim | None:
    return Claim.objects.filter(reader=reader, state=Claim.State.PENDING).first()


def open_cases() -> "QuerySet[Claim]":
    """Promise: the cases that wait for staff, the oldest first."""
    return Claim.objects.filter(state=Claim.State.PENDING).select_related("reader").order_by("made_at")


_LOOKED_AT = 400


def closest(case: Claim, most: int = 5) -> list[tuple[PrintSubscription, Likeness]]:
    """Promise: the print subscriptions most like what the reader typed, the likest first; one query."""
    typed = Claimed(case.number, case.surname, case.postcode)
    key = number_key(case.number)
    like = Q(email__iexact=case.reader.email, email__gt="") | Q(surname__istartswith=case.surname.strip()[:4])
    like |= Q(claim_number__startswith=key[:4]) if key else Q()
    like |= Q(claim_digits=digits_key(case.number), claim_digits__gt="")
    like |= Q(claim_number__endswith=key[-4:]) if len(key) > 3 else Q()
    like |= Q(postcode__iexact=case.postcode.strip(), postcode__gt="")
    found = PrintSubscription.objects.filter(like).select_related("reader")[:_LOOKED_AT]
    ranked = sorted(
        ((s, likeness(typed, on_file(s))) for s in found), key=lambda pair: (-pair[1].whole, pair[0].number)
    )
    return ranked[:most]
