"""Commands of institutions. Whoever writes addresses holds one lock, so that two who type at once see each other."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log

from backnumber.institutions.models import Institution, Licence, Network
from backnumber.institutions.queries import as_ranges
from backnumber.institutions.ranges import Misread, Range, read_ranges
from backnumber.institutions.rules import faults
from backnumber.readers.models import Reader

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('backnumber.institutions.networks'))"


@transaction.atomic
def write(institution: Institution, networks: str, *, by: Reader | None, now: datetime) -> Institution:
    """Promise: the institution as given, with the networks of the text and no others, logged.

    Errors: ranges.Misread with a sentence for each line that cannot be taken or that another institution has; then
    nothing is written. One that is not in use may list what another has: it is refused when it comes back into use.
    """
    typed = read_ranges(networks)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    found = faults(typed, _others(institution), timezone.localdate(now))
    if found:
        raise Misread(*found)
    institution.slug = institution.slug or _free_slug(institution.name)
    institution.save()
    _replace(institution, typed, by)
    return institution


@transaction.atomic
def give_licence(licence: Licence, *, by: Reader | None) -> Licence:
    """Promise: the licence is kept as given, and logged. Errors: IntegrityError for one that does not say what it opens."""
    is_new = licence.pk is None
    licence.save()
    _log(licence.institution, "licence", by, ("Given: " if is_new else "Changed: ") + str(licence))
    return licence


@transaction.atomic
def revoke(licence: Licence, *, because: str, by: Reader | None, now: datetime) -> bool:
    """Promise: the licence opens nothing from `now` on; whether this call did it. Asked again, nothing changes."""
    changed = Licence.objects.filter(pk=licence.pk, revoked_at=None).update(
        revoked_at=now, revoked_because=because.strip()
    )
    if changed:
        _log(licence.institution, "licence", by, f"Revoked: {licence}. {because.strip()}")
    return bool(changed)


def _others(institution: Institution) -> tuple[Range, ...]:
    if not institution.is_active:
        return ()
    return as_ranges(
        Network.objects.filter(in_use=True).exclude(institution=institution.pk).select_related("institution")
    )


def _replace(institution: Institution, typed: tuple[Range, ...], by: Reader | None) -> None:
    before = tuple(one.line for one in as_ranges(institution.networks.select_related("institution")))
    institution.networks.all().delete()
    Network.objects.bulk_create(
        Network(
            institution=institution,
            first=str(one.first),
            last=str(one.last),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            note=one.note,
            in_use=institution.is_active,
        )
        for one in typed
    )
    gone, new = set(before) - {one.line for one in typed}, {one.line for one in typed} - set(before)
    use = "in use" if institution.is_active else "not in use"
    changes = [*(f"+ {line}" for line in sorted(new)), *(f"- {line}" for line in sorted(gone))]
    _log(institution, "write", by, "\n".join([use, *changes]))


def _log(institution: Institution, action: str, by: Reader | None, what: str) -> None:
    log(instance=institution, action=f"institutions.{action}", user=by, data={"what": what})


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:90] or "institution"
    taken = set(Institution.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in candidates if one not in taken)
