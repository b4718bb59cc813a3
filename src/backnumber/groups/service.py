"""Commands of groups: what is paid for, invitations, seats taken and taken back, and who owns them.

Everything that counts seats holds the group's row, so that there are never more than were paid for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from django.db import transaction

from backnumber.access import Evidence
from backnumber.grants import service as grants
from backnumber.groups import mails
from backnumber.groups.models import Group, GroupTerm, Seat
from backnumber.groups.queries import digest_of, group_by_heir, occupancy, running, seat_by
from backnumber.groups.rules import BadLine, seated
from backnumber.products.models import Product
from backnumber.readers.models import Reader


class NoSeat(Exception):
    """It cannot be taken, or given; the message says why to who asked."""


@dataclass(frozen=True, slots=True)
class Invited:
    """How many were invited, and the addresses that were not, each with why."""

    invited: int
    bad: tuple[BadLine, ...]


def hold(key: int) -> Group:
    """Promise: the group, locked until the transaction ends. Errors: Group.DoesNotExist."""
    return Group.objects.select_for_update(of=("self",)).select_related("product", "owner").get(pk=key)


def begin(owner: Reader, product: Product, now: datetime) -> Group:
    """Promise: the one group of this owner for this product."""
    made, _ = Group.objects.get_or_create(owner=owner, product=product, defaults={"made_at": now})
    return made


@transaction.atomic
def open_term(
    group: Group, product: Product, *, key: str, seats: int, starts: datetime, until: datetime, label: str, now: datetime
) -> None:  # fmt: skip
    """Promise: every seat that is taken, and for which there is room, is open for this term; once for its key. Who has no room is told."""
    held = hold(group.pk)
    term, is_new = GroupTerm.objects.get_or_create(
        key=key,
        defaults={
            "group": held, "product": product, "seats": seats, "starts": starts, "until": until, "label": label
        },
    )  # fmt: skip
    if not is_new:
        return
    if held.product_id != product.pk and not Group.objects.filter(owner=held.owner, product=product).exists():
        held.product = product
        held.save(update_fields=["product"])
    _fill(term, now)
    taken = _taken(held)
    for seat in taken[seats:]:
        mails.no_room(seat, term)


def _taken(group: Group) -> list[Seat]:
    rows = Seat.objects.filter(group=group, ended_at=None, reader__isnull=False)
    return list(rows.select_related("reader", "group__product").order_by("taken_at", "pk"))


def _fill(term: GroupTerm, now: datetime) -> None:
    """Grants of the term for those who have room in it, once each."""
    taken = {seat.pk: seat for seat in _taken(term.group)}
    for key in seated(list(taken), term.seats):
        seat = taken[key]
        if seat.reader is None or term.until <= now:
            continue
        grants.grant(
            seat.reader,
            term.product.scope_on(article=None, issue=None),
            starts=max(term.starts, seat.taken_at or now),
            until=term.until,
            evidence=Evidence.PAYMENT,
            evidence_key=_evidence(term, seat),
            label=f"{term.label}, a seat of {term.group}"[:200],
            now=now,
        )


def _evidence(term: GroupTerm, seat: Seat) -> str:
    return f"{term.key}.seat.{seat.pk}"


@transaction.atomic
def end_term(key: str, *, because: str, at: datetime) -> None:
    """Promise: from `at` on no seat opens anything by this term. Asked again, nothing changes; nothing for a key of none."""
    found = GroupTerm.objects.filter(key=key).first()
    if found is None:
        return
    hold(found.group_id)
    GroupTerm.objects.filter(pk=found.pk, ended_at=None).update(ended_at=at)
    for seat in Seat.objects.filter(group=found.group_id):
        grants.revoke(Evidence.PAYMENT, _evidence(found, seat), because=because, now=at)


@transaction.atomic
def bring_forward(key: str, *, starts: datetime, until: datetime, now: datetime) -> None:
    """Promise: a term that has not begun runs from `starts` until just before `until`, for every seat."""
    term = GroupTerm.objects.select_related("group").filter(key=key, starts__gt=now).first()
    if term is None:
        return
    hold(term.group_id)
    term.starts, term.until = starts, until
    term.save(update_fields=["starts", "until"])
    for seat in _taken(term.group):
        grants.bring_forward(
            Evidence.PAYMENT, _evidence(term, seat), starts=starts, until=until, kept=None, now=now
        )


@transaction.atomic
def invite(group: Group, emails: Iterable[str], now: datetime) -> Invited:
    """Promise: each address has a mail with a link of its own, and a seat is kept for it. Addresses that are invited already, or for which there is
    no seat, are named.
    """
    held = hold(group.pk)
    stands = occupancy(held, now)
    free = stands.free
    there = {address.lower() for seat in stands.seats for address in _addresses(seat)}
    bad, invited = [], 0
    for email in emails:
        if email.lower() in there:
            bad.append(BadLine(email, "has a seat, or was invited already."))
        elif free <= invited:
            why = "has no seat: all that are paid for are taken or kept for somebody."
            bad.append(BadLine(email, why if stands.paid else "has no seat: nothing is paid for at present."))
        else:
            _invite(held, email, now)
            there.add(email.lower())
            invited += 1
    return Invited(invited, tuple(bad))


def _addresses(seat: Seat) -> tuple[str, ...]:
    return (seat.email, seat.reader.email) if seat.reader else (seat.email,)


def _invite(group: Group, email: str, now: datetime) -> None:
    token = token_urlsafe(20)
    made = Seat.objects.create(group=group, email=email, token_digest=digest_of(token), invited_at=now)
    mails.invitation(made, token)


@transaction.atomic
def take(token: str, reader: Reader, now: datetime) -> Seat:
    """Promise: the seat is the reader's, and all that is paid for is open to them; asked again, nothing changes. Errors: NoSeat."""
    found = seat_by(token)
    if found is None:
        raise NoSeat(
            "This invitation was taken back, or there is none like it. Ask who invited you for another."
        )
    held = hold(found.group_id)
    seat = Seat.objects.select_for_update().get(pk=found.pk)
    if seat.ended_at is not None:
        raise NoSeat("This invitation was taken back. Ask who invited you for another.")
    if seat.reader_id == reader.pk:
        return seat
    if seat.reader_id is not None:
        raise NoSeat("Somebody has taken this seat already. Ask who invited you for another invitation.")
    if Seat.objects.filter(group=held, reader=reader, ended_at=None).exists():
        raise NoSeat("You have a seat of this group already.")
    stands = occupancy(held, now)
    if not stands.paid:
        raise NoSeat("Nothing is paid for at present. Ask who invited you.")
    if stands.taken >= stands.paid:
        raise NoSeat("All seats are taken. Ask who invited you.")
    seat.reader, seat.taken_at = reader, now
    seat.save(update_fields=["reader", "taken_at"])
    for term in running(held, now):
        _fill(term, now)
    return seat


@transaction.atomic
def take_yourself(group: Group, owner: Reader, now: datetime) -> None:
    """Promise: the owner has a seat too. Errors: NoSeat."""
    held = hold(group.pk)
    stands = occupancy(held, now)
    if any(seat.reader_id == owner.pk for seat in stands.seats):
        return
    mine = next((seat for seat in stands.seats if seat.email.lower() == owner.email.lower()), None)
    if mine is not None and mine.reader_id is None:
        mine.ended_at = now
        mine.save(update_fields=["ended_at"])
        stands = occupancy(held, now)
    if not stands.free:
        raise NoSeat("No seat is left.")
    Seat.objects.create(
        group=held, email=owner.email, reader=owner, token_digest=digest_of(token_urlsafe(20)), invited_at=now, taken_at=now
    )  # fmt: skip
    for term in running(held, now):
        _fill(term, now)


@transaction.atomic
def take_back(group: Group, seat: int, now: datetime) -> bool:
    """Promise: the seat, or the invitation, opens nothing from `now` on, and is free; whether there was one. Who had it is told; what else they have stays."""
    held = hold(group.pk)
    found = (
        Seat.objects.select_related("reader", "group__product")
        .filter(group=held, pk=seat, ended_at=None)
        .first()
    )
    if found is None:
        return False
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    for term in GroupTerm.objects.filter(group=held):
        grants.revoke(Evidence.PAYMENT, _evidence(term, found), because="The seat was taken back", now=now)
    for term in running(held, now):
        _fill(term, now)
    if found.reader is not None:
        mails.taken_back(found)
    return True


@transaction.atomic
def name(group: Group, called: str) -> None:
    Group.objects.filter(pk=group.pk).update(name=called)


@transaction.atomic
def ask_heir(group: Group, email: str) -> None:
    """Promise: who has this address is asked to be the owner; the last who was asked can follow."""
    held = hold(group.pk)
    token = token_urlsafe(20)
    held.heir_email, held.heir_digest = email, digest_of(token)
    held.save(update_fields=["heir_email", "heir_digest"])
    mails.asked_to_own(held, token)


@transaction.atomic
def pass_on(token: str, heir: Reader) -> tuple[Group, Reader | None]:
    """Promise: the group is the heir's; it, and who owned it. Seats stay as they are. Errors: NoSeat."""
    found = group_by_heir(token)
    if found is None:
        raise NoSeat("This invitation was taken back, or was used. Ask who sent it.")
    held = hold(found.pk)
    if held.heir_digest != digest_of(token):
        raise NoSeat("This invitation was taken back, or was used. Ask who sent it.")
    if Group.objects.filter(owner=heir, product=held.product).exclude(pk=held.pk).exists():
        raise NoSeat("You look after a group of this kind already, and can look after one only.")
    before, held.owner = held.owner, heir
    held.heir_email = held.heir_digest = ""
    held.save(update_fields=["owner", "heir_email", "heir_digest"])
    return held, before
