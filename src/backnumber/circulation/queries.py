"""Reads of print subscriptions and claims."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """`print_unclaimed`: the bureau knows an active subscriber with this reader's address, and nobody has claimed it."""

    claim_pending: bool
    print_unclaimed: bool


def claim_standing(reader: Reader) -> ClaimStanding:
    """Promise: where the reader stands with print; one query."""
    pending = Claim.objects.filter(reader=OuterRef("pk"), state=Claim.State.PENDING)
    unclaimed = PrintSubscription.objects.filter(
        email__iexact=reader.email, email__gt="", reader=None, status=PrintSubscription.Status.ACTIVE
    )
    found = Reader.objects.filter(pk=reader.pk).values_list(Exists(pending), Exists(unclaimed)).first()
    return ClaimStanding(*(found or (False, False)))
