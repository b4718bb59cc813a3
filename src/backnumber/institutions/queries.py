"""Reads of institutions, as the values the rule and the door understand."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from backnumber import access
from backnumber.edge.page.places import parsed
from backnumber.grants.queries import counting
from backnumber.institutions.models import Institution, Licence, Network
from backnumber.institutions.ranges import Range
from backnumber.institutions.rules import as_rule


class LicenceRow(NamedTuple):
    """A row of the table, as `as_rule` takes it."""

    id: int
    scope: str
    title_id: int | None
    issue_id: int | None
    first_date: date | None
    last_date: date | None
    years: int | None
    starts: datetime
    until: datetime | None
    evidence_key: str
    label: str
    revoked_at: datetime | None


# Plain SQL: it is asked with every page that is not the door's, and Django takes longer to write it than the database to answer.
# PostgreSQL puts every IPv4 address before every IPv6 one, so a range never holds the other version's.
_PLACE_AT = """
    SELECT owner.id, owner.name, licence.id, licence.scope, licence.title_id, licence.issue_id, licence.first_date,
        licence.last_date, licence.years, licence.starts, licence.until, licence.evidence_key, licence.label, licence.revoked_at
    FROM institutions_network AS network
    JOIN institutions_institution AS owner ON owner.id = network.institution_id
    LEFT JOIN institutions_licence AS licence ON licence.institution_id = owner.id
    WHERE network.first <= %(address)s::inet AND network.last >= %(address)s::inet AND network.in_use AND owner.is_active
    AND (network.starts_on IS NULL OR network.starts_on <= %(today)s)
    AND (network.ends_on IS NULL OR network.ends_on >= %(today)s)
"""


def place_at(address: str, now: datetime) -> access.Place | None:
    """Promise: the institution that has `address` at `now`, with every licence it has or had; one query, none for
    what is no address. None too if two had it at once, which the database does not let be.
    """
    found = parsed(address)
    if found is None or "%" in address:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_PLACE_AT, {"address": str(found), "today": timezone.localdate(now)})
        rows = cursor.fetchall()
    owners = {(owner, name) for owner, name, *_ in rows}
    if len(owners) != 1:
        return None
    licences = {row.id: row for _, _, *columns in rows if (row := LicenceRow(*columns)).id is not None}
    return access.Place(*owners.pop(), tuple(as_rule(licences[key]) for key in sorted(licences)))


def licences_of(institution: int) -> "QuerySet[Licence]":
    """Promise: every licence, the latest first, with the names of what it opens at hand."""
    return Licence.objects.filter(institution=institution).select_related("title", "issue__title")


def runs(licence: Licence, now: datetime) -> bool:
    """Promise: whether the licence opens anything at `now`."""
    return access.counts(licence, now)


def has_addresses(institution: Institution, now: datetime) -> bool:
    """Promise: whether readers can be known by it now: it is in use and has a network that holds today; one query."""
    return institution.is_active and institution.networks.filter(_holding(timezone.localdate(now))).exists()


def _holding(today: date, prefix: str = "") -> Q:
    """The networks whose days hold today, reached by `prefix`."""
    begun = Q(**{f"{prefix}starts_on": None}) | Q(**{f"{prefix}starts_on__lte": today})
    not_over = Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": today})
    return begun & not_over


def every_institution(now: datetime) -> "QuerySet[Any]":
    """Promise: all, each with `ranges`, those of them that hold today as `held`, its licences that run as `running`, and the end of
    the longest as `last`; one query.
    """
    running, held = counting(now, "licences__"), _holding(timezone.localdate(now), "networks__")
    return Institution.objects.annotate(
        ranges=Count("networks", distinct=True),
        held=Count("networks", filter=held, distinct=True),
        running=Count("licences", filter=running, distinct=True),
        last=Max("licences__until", filter=running),
    )


def networks_with(address: str) -> list[Network]:
    """Promise: every network that has, had or will have the address, in use or not, with its institution."""
    found = parsed(address)
    if found is None:
        return []
    covering = Network.objects.filter(first__lte=str(found), last__gte=str(found))
    return list(covering.select_related("institution"))


def as_ranges(networks: Iterable[Network]) -> tuple[Range, ...]:
    """Promise: the networks as ranges in the order of their addresses. `institution` must be loaded: it is the holder."""
    return tuple(sorted(map(as_range, networks), key=lambda r: (r.first.version, int(r.first), int(r.last))))


def as_range(network: Network) -> Range:
    first, last = parsed(network.first), parsed(network.last)
    assert first is not None
    assert last is not None
    return Range(first, last, network.starts_on, network.ends_on, network.note, network.institution.name)
