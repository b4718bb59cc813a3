"""Two accounts of one person become one. What moves is shown before, nothing of it is lost, and what moved is kept, so that it can be
undone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from backnumber.audit.queries import name_of
from backnumber.checkout.models import Order
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.circulation.rules import number_key
from backnumber.readers import devices
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import LIVING
from backnumber.staff.models import Merging

# What stays with the account that is closed: how one signed in there, and what the machine counts.
_STAYS = {
    "readers.device",
    "readers.reader_groups",
    "readers.reader_user_permissions",
    "account.emailaddress",
    "mfa.authenticator",
    "circulation.claimattempt",
    "checkout.formkey",
    "staff.merging",
    "staff.deceased",
}


class NotMerged(ValueError):
    """The two cannot be merged as they stand; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two accounts are, from 0 to 100, and what says so."""

    score: int
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, by name and number; what stands against it, empty when nothing does."""

    likeness: Likeness
    moves: tuple[tuple[str, int], ...]
    against: tuple[str, ...]


def likeness(one: Reader, other: Reader) -> Likeness:
    """Promise: the sum of what agrees: name 40, postcode 30, surname 20, the part of the address before the @ 20; two queries."""
    told: list[str] = []
    score = 0
    prints = [list(PrintSubscription.objects.filter(reader=who)) for who in (one, other)]
    if one.get_full_name().strip() and one.get_full_name().casefold() == other.get_full_name().casefold():
        score, told = score + 40, [*told, "the same name"]
    elif one.last_name.strip() and one.last_name.casefold() == other.last_name.casefold():
        score, told = score + 20, [*told, "the same surname"]
    postcodes = [{number_key(p.postcode) for p in held if p.postcode} for held in prints]
    if postcodes[0] & postcodes[1]:
        score, told = score + 30, [*told, "the same postcode"]
    if one.email.partition("@")[0] == other.email.partition("@")[0]:
        score, told = score + 20, [*told, "the same part before the @"]
    return Likeness(min(score, 100), tuple(told))


def preview(kept: Reader, merged: Reader) -> Preview:
    """Promise: what merging would do, and change nothing; a fixed number of queries."""
    found = (
        (name_of(model._meta.label_lower), model._base_manager.filter(**{column: merged.pk}).count())
        for model, column in _referring()
    )
    counts: dict[str, int] = {}
    for name, count in found:
        counts[name] = counts.get(name, 0) + count
    moves = tuple((name, count) for name, count in counts.items() if count)
    return Preview(likeness(kept, merged), moves, tuple(_against(kept, merged)))


def _against(kept: Reader, merged: Reader) -> Iterator[str]:
    if merged.is_staff or merged.is_superuser or merged.groups.exists():
        yield "The other account is of staff: an administrator closes it first."
    if Merging.objects.filter(merged__in=[kept, merged], undone_at=None).exists():
        yield "One of the two was merged already."
    living = (
        set(Subscription.objects.filter(reader=one, state__in=LIVING).values_list("product", flat=True))
        for one in (kept, merged)
    )
    if set.intersection(*living):
        yield "Both have a subscription to the same product: cancel or refund one first."
    if Claim.objects.filter(reader__in=[kept, merged], state=Claim.State.PENDING).count() > 1:
        yield "Both have an open case: close one first."


def _referring() -> Iterator[tuple[type[models.Model], str]]:
    """Each model of ours that refers to a reader, with the column; each once."""
    for model in apps.get_models():
        ours = model.__module__.startswith("backnumber.")
        if not ours or model._meta.label_lower in _STAYS or not model._meta.managed:
            continue
        for field in model._meta.get_fields():
            if (
                field.concrete
                and field.is_relation
                and field.related_model is Reader
                and not field.many_to_many
            ):
                yield model, field.attname


@transaction.atomic
def merge(kept: Reader, merged: Reader, *, because: str, by: Reader, now: datetime) -> Merging:
    """Promise: all that referred to `merged` refers to `kept`; the other account is closed and signed out, with its address kept; what
    moved is written down. Errors: NotMerged; nothing is changed then.
    """
    list(Reader.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk"))
    against = list(_against(kept, merged))
    if against:
        raise NotMerged(" ".join(against))
    Order.objects.filter(reader=merged, state=Order.State.OPEN).update(state=Order.State.CANCELLED)
    moved: dict[str, list[Any]] = {}
    for model, column in _referring():
        rows = model._base_manager.filter(**{column: merged.pk})
        keys = list(rows.values_list("pk", flat=True))
        if keys:
            _move(model, column, keys, kept.pk)
            moved[f"{model._meta.label_lower}.{column}"] = keys
    devices.end_others(merged, but="", now=now)
    Reader.objects.filter(pk=merged.pk).update(is_active=False)
    return Merging.objects.create(kept=kept, merged=merged, moved=moved, because=because, by=by.email, at=now)


def _move(model: type[models.Model], column: str, keys: list[Any], to: int) -> None:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk__in=keys).update(**{column: to})
    except IntegrityError as why:
        name = name_of(model._meta.label_lower).lower()
        raise NotMerged(f"Both have what only one reader can have: {name}. Put it right first.") from why


@transaction.atomic
def part(merging: Merging, *, now: datetime) -> None:
    """Promise: what moved, and still is the kept reader's, goes back, and the other account is open again. Errors: NotMerged when it was
    done before, or a row can no longer go back.
    """
    held = Merging.objects.select_for_update().get(pk=merging.pk)
    if held.undone_at is not None:
        raise NotMerged("They were parted already.")
    for place, keys in held.moved.items():
        label, _, column = place.rpartition(".")
        model = apps.get_model(label)
        there = model._base_manager.filter(pk__in=keys, **{column: held.kept_id})
        _move(model, column, list(there.values_list("pk", flat=True)), held.merged_id)
    Reader.objects.filter(pk=held.merged_id).update(is_active=True)
    held.undone_at = now
    held.save(update_fields=["undone_at"])


def accounts_of(reader: Reader) -> list[int]:
    """Promise: the reader's number, and those of the accounts that were merged into it, also by way of another; one query a step."""
    keys, step = [reader.pk], [reader.pk]
    while step:
        found = Merging.objects.filter(kept__in=step, undone_at=None).values_list("merged", flat=True)
        step = [key for key in found if key not in keys]
        keys += step
    return keys
