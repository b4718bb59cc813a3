"""Reads of groups."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from backnumber.groups.models import Group, GroupTerm, Seat
from backnumber.readers.models import Reader


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def group_of(owner: Reader, key: str) -> Group | None:
    """Promise: the group, if it is this reader's to look after; one query."""
    return Group.objects.select_related("product", "owner").filter(owner=owner, key=key).first()


def groups_of(owner: Reader) -> list[Group]:
    return list(Group.objects.filter(owner=owner).select_related("product"))


def seats_of(reader: Reader) -> list[Seat]:
    """Promise: the seats the reader has; one query."""
    rows = Seat.objects.filter(reader=reader, ended_at=None)
    return list(rows.select_related("group__product", "group__owner"))


def seat_by(token: str) -> Seat | None:
    """Promise: the seat this token invites to, unless it was taken back; one query."""
    rows = Seat.objects.filter(token_digest=digest_of(token), ended_at=None)
    return rows.select_related("group__product", "group__owner").first()


def group_by_heir(token: str) -> Group | None:
    """Promise: the group whose owner asked the holder of this token to follow; one query."""
    rows = Group.objects.filter(heir_digest=digest_of(token)).exclude(heir_digest="")
    return rows.select_related("product", "owner").first()


def running(group: Group, now: datetime) -> "QuerySet[GroupTerm]":
    """Terms that are paid for and not over at `now`, those that have not begun among them."""
    return GroupTerm.objects.filter(group=group, ended_at=None, until__gt=now)


@dataclass(frozen=True, slots=True)
class Occupancy:
    """How many seats are paid for at this moment and until when (None: nothing is), and those that are kept, taken first."""

    paid: int
    until: datetime | None
    later: tuple[GroupTerm, ...]
    seats: tuple[Seat, ...]

    @property
    def taken(self) -> int:
        return sum(1 for seat in self.seats if seat.reader_id)

    @property
    def invited(self) -> int:
        return len(self.seats) - self.taken

    @property
    def free(self) -> int:
        return max(0, self.paid - len(self.seats))


def occupancy(group: Group, now: datetime) -> Occupancy:
    """Promise: how the group stands; two queries."""
    terms = list(running(group, now))
    present = [term for term in terms if term.starts <= now]
    rows = Seat.objects.filter(group=group, ended_at=None).select_related("reader")
    seats = sorted(rows, key=lambda one: (one.taken_at or one.invited_at, one.pk))
    seats.sort(key=lambda one: one.taken_at is None)
    return Occupancy(
        paid=max((term.seats for term in present), default=0),
        until=max((term.until for term in present), default=None),
        later=tuple(term for term in terms if term.starts > now),
        seats=tuple(seats),
    )


def kept_about(reader: int) -> dict[str, Any]:
    """Promise: what is kept of a reader's groups and seats, for their own copy of it; one query."""
    rows = Group.objects.filter(Q(owner=reader) | Q(seats__reader=reader)).values(
        "pk", "name", "product__name", "made_at", "owner",
        "seats__reader", "seats__email", "seats__taken_at", "seats__ended_at",
    )  # fmt: skip
    owned = {row["pk"]: row for row in rows if row["owner"] == reader}
    return {
        "groups": [
            {"name": row["name"], "what": row["product__name"], "since": row["made_at"]}
            for row in owned.values()
        ],
        "seats": [
            {
                "of": row["name"] or row["product__name"],
                "invited": row["seats__email"],
                "since": row["seats__taken_at"],
                "ended": row["seats__ended_at"],
            }
            for row in rows
            if row["seats__reader"] == reader
        ],
    }
