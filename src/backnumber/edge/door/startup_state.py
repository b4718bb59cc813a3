"""Reads the state that a door begins with, by plain SQL: Django is not loaded yet, and the first page does not wait for it.

Where a room answers the same questions one by one, a test holds that both say the same.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from backnumber.access import Place
from backnumber.edge.door.credentials import Revocations
from backnumber.edge.door.page_store import Conninfo
from backnumber.edge.door.state import State
from backnumber.edge.page import passes
from backnumber.edge.page.crawlers import Stance, Stances, stances_of
from backnumber.edge.page.places import PlaceRow, PlaceTable, parsed
from backnumber.institutions.rules import as_rule, begins, is_over

GENERATIONS = "SELECT reader, number FROM passes_generation WHERE changed_at > %s"
SESSIONS = "SELECT mark FROM passes_endedsession WHERE ended_at > %s"
GIFTS = "SELECT id FROM gifts_giftlink WHERE until > %(now)s AND revoked_at <= %(now)s"
SAID = "SELECT token, stance FROM syndication_crawlerstance"
TERMS = "SELECT words, address, licence_address FROM syndication_crawlerterms"
LICENCES = """
    SELECT id, institution_id, label, evidence_key, scope, title_id, issue_id, first_date, last_date, years, starts, until, revoked_at
    FROM institutions_licence ORDER BY id
"""
NETWORKS = """
    SELECT host(first) AS first, host(last) AS last, starts_on, ends_on, institution_id, name
    FROM institutions_network JOIN institutions_institution AS owner ON owner.id = institution_id
    WHERE in_use AND is_active ORDER BY institutions_network.first, institutions_network.last, institutions_network.id
"""
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The publisher's address and time zone."""

    address: str
    zone: tzinfo


def read_startup_state(conninfo: Conninfo, site: Site, now: datetime) -> State:
    """Promise: what the door must know, as it is. Errors: psycopg.Error with the database away."""
    with psycopg.connect(conninfo(), connect_timeout=3, options="-c TimeZone=UTC") as connection:
        return read_state(connection, site, now)


def read_state(connection: Connection, site: Site, now: datetime) -> State:
    """Promise: the state as this connection sees it; seven queries."""
    return State(
        _revoked(connection, now), PlaceTable(_places(connection, site.zone)), _stances(connection, site)
    )


def _revoked(connection: Connection, now: datetime) -> Revocations:
    since = [now - passes.LOOKED_BACK]
    return Revocations(
        dict(connection.execute(GENERATIONS, since).fetchall()),
        {bytes(mark) for (mark,) in connection.execute(SESSIONS, since)},
        {gift for (gift,) in connection.execute(GIFTS, {"now": now})},
    )


def _places(connection: Connection, zone: tzinfo) -> tuple[PlaceRow, ...]:
    cursor: psycopg.Cursor[Any] = connection.cursor(row_factory=namedtuple_row)
    licences: dict[int, list[Any]] = {}
    for licence in cursor.execute(LICENCES):
        licences.setdefault(licence.institution_id, []).append(licence)
    places: dict[int, Place] = {}
    return tuple(_place_row(row, licences, places, zone) for row in cursor.execute(NETWORKS).fetchall())


def _place_row(row: Any, licences: dict[int, list[Any]], places: dict[int, Place], zone: tzinfo) -> PlaceRow:
    first, last, owner = parsed(row.first), parsed(row.last), row.institution_id
    assert first is not None
    assert last is not None
    if owner not in places:
        places[owner] = Place(owner, row.name, tuple(as_rule(one) for one in licences.get(owner, ())))
    days = begins(row.starts_on, zone), is_over(row.ends_on, zone)
    return PlaceRow(int(first), int(last), first.version, places[owner], *days)


def _stances(connection: Connection, site: Site) -> Stances:
    said = {token: Stance(stance) for token, stance in connection.execute(SAID)}
    return stances_of(said, *(connection.execute(TERMS).fetchone() or ("", "", "")), site=site.address)
