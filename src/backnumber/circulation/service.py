"""Commands of circulation: a print subscription begins, ends, moves, and follows its term into the ledger of
grants.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.names import surname_of
from backnumber.circulation.rules import ends_at, starts_at
from backnumber.grants import service as ledger
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader


@transaction.atomic
def begin_print_subscription(
    reader: Reader,
    *,
    name: str,
    address_lines: list[str],
    postcode: str,
    country: str,
    starts_on: date,
    ends_on: date,
    order_key: str,
    title: int | None = None,
    issues: int | None = None,
    paid_region: str = "",
) -> PrintSubscription:
    """Promise: exactly one print subscription for this order, with a number of its own; asked again, the
    first is returned unchanged. `issues`: the term is so many issues, not counted by its dates.

    One that follows another of the reader's without a gap continues it: where the reader moved meanwhile, it goes to the new
    address. It gives no grant: the order's payment does. Errors: ValueError without an order key, or when the order
    was another reader's.
    """
    if not order_key.strip():
        raise ValueError("no print subscription without an order")
    found = PrintSubscription.objects.filter(order_key=order_key).first()
    if found is None:
        before = _before(reader, starts_on, title)
        moved = before is not None and before.address_changed_at is not None
        found = PrintSubscription.objects.get_or_create(
            order_key=order_key,
            defaults={
                "first_id": (before.first_id or before.pk) if before else None,
                "title_id": title,
                "issues": issues,
                "paid_region": paid_region,
                "copies": before.copies if before else 1,
                "given_by": before.given_by if before else "",
                "number": f"W-{_next_key():06d}",
                "name": name,
                "surname": surname_of(name),
                "email": reader.email,
                "address": "\n".join(line.strip() for line in address_lines if line.strip()),
                "postcode": postcode,
                "country": country,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "source": PrintSubscription.Source.CHECKOUT,
                "reader": reader,
                **({name: getattr(before, name) for name in _WHERE} if moved else {}),
            },
        )[0]
    if found.reader_id not in (None, reader.pk):
        raise ValueError(f"order {order_key} already serves another reader")
    return found


_WHERE = ("name", "surname", "address", "postcode", "country", "address_changed_at")


def _before(reader: Reader, starts_on: date, title: int | None) -> PrintSubscription | None:
    """The reader's print subscription that ends on the day before, or on that day."""
    return (
        PrintSubscription.objects.filter(
            reader=reader,
            title=title,
            source=PrintSubscription.Source.CHECKOUT,
            status=PrintSubscription.Status.ACTIVE,
            starts_on__lt=starts_on,
            ends_on__range=(starts_on - timedelta(days=1), starts_on),
        )
        .order_by("-ends_on", "-pk")
        .first()
    )


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('circulation_printsubscription', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def end_print_subscription(order_key: str, *, on: date) -> bool:
    """Promise: the order's print subscription sends no copy after `on`, and is cancelled; whether this call
    did it.

    Asked again, nothing changes; a term that ended earlier stays as it was.
    """
    found = PrintSubscription.objects.select_for_update().filter(order_key=order_key).first()
    if found is None or found.status == PrintSubscription.Status.CANCELLED:
        return False
    found.status = PrintSubscription.Status.CANCELLED
    found.ends_on = max(found.starts_on, min(found.ends_on, on))
    found.save(update_fields=["status", "ends_on"])
    follow_term(found, starts_at(on, _zone()))
    return True


@transaction.atomic
def stop_copies(subscription: PrintSubscription, *, on: date, now: datetime) -> None:
    """Promise: whoever sends it, no copy goes out after `on`, and nobody reads by it from `now` on; one that had ended stays as it was."""
    held = PrintSubscription.objects.select_for_update().get(pk=subscription.pk)
    if held.status == PrintSubscription.Status.CANCELLED:
        return
    held.status = PrintSubscription.Status.CANCELLED
    held.ends_on = max(held.starts_on, min(held.ends_on, on))
    held.save(update_fields=["status", "ends_on"])
    follow_term(held, now)


@transaction.atomic
def bring_forward_print_subscription(order_key: str, *, starts_on: date, ends_on: date) -> bool:
    """Promise: the order's print subscription, unless it is cancelled, runs over these days; whether this call did it."""
    return bool(
        PrintSubscription.objects.filter(order_key=order_key, starts_on__gt=starts_on)
        .exclude(status=PrintSubscription.Status.CANCELLED)
        .update(starts_on=starts_on, ends_on=ends_on)
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """How many grants `follow_term` made and revoked."""

    granted: int
    revoked: int


@transaction.atomic
def follow_term(subscription: PrintSubscription, now: datetime) -> Followed:
    """Promise: the reader who has claimed the subscription may read until its term's last day is over, and
    nobody else by it.

    A longer term is a new grant after the old one; a shorter one, a cancellation or another reader revokes
    what went too far. Asked again, nothing changes. The caller holds the row.
    """
    until = ends_at(subscription.ends_on, _zone())
    runs = subscription.status == PrintSubscription.Status.ACTIVE and until > now
    revoked = 0
    running: list[Grant] = []
    for grant in _live_grants(subscription, now):
        if (
            runs
            and grant.reader_id == subscription.reader_id
            and grant.until is not None
            and grant.until <= until
        ):
            running.append(grant)
        else:
            why = "the print subscription now ends earlier" if runs else "the print subscription has ended"
            revoked += ledger.revoke(Evidence.PRINT_SUBSCRIPTION, grant.evidence_key, because=why, now=now)
    if not runs or subscription.reader is None or any(grant.until == until for grant in running):
        return Followed(0, revoked)
    starts = max(
        [now, starts_at(subscription.starts_on, _zone()), *(grant.until for grant in running if grant.until)]
    )
    ledger.grant(
        subscription.reader,
        Scope(ScopeKind.ARCHIVE),
        starts=starts,
        until=until,
        evidence=Evidence.PRINT_SUBSCRIPTION,
        evidence_key=_free_key(subscription),
        label=f"Print subscription {subscription.number}",
        now=now,
    )
    return Followed(1, revoked)


def _live_grants(subscription: PrintSubscription, now: datetime) -> list[Grant]:
    return list(
        Grant.objects.filter(
            evidence=Evidence.PRINT_SUBSCRIPTION.value,
            evidence_key__startswith=f"{subscription.number}:",
            revoked_at=None,
            until__gt=now,
        ).order_by("starts")
    )


def _free_key(subscription: PrintSubscription) -> str:
    """Number and term; a third part when that grant was revoked once and the term came back."""
    key = f"{subscription.number}:{subscription.ends_on.isoformat()}"
    taken = set(
        Grant.objects.filter(
            evidence=Evidence.PRINT_SUBSCRIPTION.value, evidence_key__startswith=key
        ).values_list("evidence_key", flat=True)
    )
    return next(k for k in (key, *(f"{key}:{n}" for n in range(2, len(taken) + 3))) if k not in taken)


@transaction.atomic
def change_address(
    subscription: PrintSubscription, *, address: str, postcode: str, country: str, now: datetime
) -> None:
    """Promise: copies go to the new address from now on, those of terms that continue this one too; the bureau's
    next file does not put the old one back.
    """
    later = PrintSubscription.objects.filter(
        first=subscription.first_id or subscription.pk, starts_on__gt=subscription.starts_on
    )
    later.update(address=address, postcode=postcode, country=country, address_changed_at=now)
    subscription.address, subscription.postcode, subscription.country = address, postcode, country
    subscription.address_changed_at = now
    subscription.save(update_fields=["address", "postcode", "country", "address_changed_at"])


@transaction.atomic
def release(reader: Reader) -> int:
    """Promise: the reader's print subscriptions go on, and belong to no account: they can be claimed again.
    How many there were.
    """
    held = PrintSubscription.objects.filter(reader=reader)
    held.filter(source=PrintSubscription.Source.CHECKOUT).update(email="")
    return held.update(reader=None)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
