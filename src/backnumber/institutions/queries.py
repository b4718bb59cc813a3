"""Reads of institutions, as the values the rule and the door understand."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from backnumber import access
from backnumber.edge.page.places import parsed
from backnumber.grants.queries import counting
from backnumber.institutions.models import Institution, Licence, Network
from backnumber.institutions.ranges import IPAddress, Range
from backnumber.institutions.rules import as_rule

_LICENCE = (
    "scope", "title_id", "issue_id", "first_date", "last_date", "years", "starts", "until", "evidence_key", "label", "revoked_at",
)  # fmt: skip


def place_at(address: str, now: datetime) -> access.Place | None:
    """Promise: the institution that has `address` at `now`, with every licence it has or had; one query, none for
    what is no address. None too if two had it at once, which the database does not let be.
    """
    found = parsed(address)
    if found is None or "%" in address:
        return None
    rows = list(_with_licences(_covering(found, now).filter(in_use=True, institution__is_active=True)))
    if len({row["institution"] for row in rows}) != 1:
        return None
    licences = {row["licence"]: row for row in rows if row["licence"] is not None}
    return access.Place(
        rows[0]["institution"], rows[0]["name"], tuple(_grant(licences[key]) for key in sorted(licences))
    )


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
    return list(_covering(found, None).select_related("institution")) if found is not None else []


def as_ranges(networks: Iterable[Network]) -> tuple[Range, ...]:
    """Promise: the networks as ranges in the order of their addresses. `institution` must be loaded: it is the holder."""
    return tuple(sorted(map(as_range, networks), key=lambda r: (r.first.version, int(r.first), int(r.last))))


def as_range(network: Network) -> Range:
    first, last = parsed(network.first), parsed(network.last)
    assert first is not None
    assert last is not None
    return Range(first, last, network.starts_on, network.ends_on, network.note, network.institution.name)


def _covering(address: IPAddress, now: datetime | None) -> "QuerySet[Network]":
    """PostgreSQL puts every IPv4 address before every IPv6 one, so a range never holds the other version's."""
    covering = Network.objects.filter(first__lte=str(address), last__gte=str(address))
    if now is None:
        return covering
    return covering.filter(_holding(timezone.localdate(now)))


def _with_licences(networks: "QuerySet[Network]") -> "QuerySet[Network, Any]":
    columns = {f"licence_{name}": F(f"institution__licences__{name}") for name in _LICENCE}
    return networks.order_by("pk").values(
        "institution", name=F("institution__name"), licence=F("institution__licences__pk"), **columns
    )


def _grant(row: dict[str, Any]) -> access.Grant:
    return as_rule(Licence(pk=row["licence"], **{name: row[f"licence_{name}"] for name in _LICENCE}))
