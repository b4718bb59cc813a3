"""Whose an address is and what that opens: the query, the table for the door, the rule, and the notice to every process."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from backnumber.access import Asker, Evidence, Reason, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.gate.facts import decision_for
from backnumber.institutions import queries, rules, service
from backnumber.institutions.models import Institution, Licence
from tests import making
from tests.door_state import startup_state
from tests.institutions.campus import ASHDOWN, CLEOS_ADDRESS, institution, licence

pytestmark = pytest.mark.django_db


def test_an_address_is_its_institutions_with_the_licence_as_a_grant(ashdown: Institution) -> None:
    with CaptureQueriesContext(connection) as made:
        place = queries.place_at(CLEOS_ADDRESS, timezone.now())
    assert len(made) == 1
    assert place is not None
    assert (place.institution, place.name) == (ashdown.pk, "Ashdown University Library")
    (grant,) = place.grants
    kept = Licence.objects.get()
    assert (grant.id, grant.evidence, grant.label) == (kept.pk, Evidence.LICENCE, "Campus licence")
    assert (grant.scope, grant.starts, grant.until) == (Scope(ScopeKind.ARCHIVE), kept.starts, kept.until)


@pytest.mark.parametrize(
    "address", ["2001:db8:51:9::1", "::ffff:198.51.100.23", "198.51.100.0", "198.51.100.255"]
)
def test_ipv6_and_ipv4_written_as_ipv6_are_found(ashdown: Institution, address: str) -> None:
    assert queries.place_at(address, timezone.now()) is not None


@pytest.mark.parametrize(
    "address",
    ["198.51.101.0", "2001:db8:52::", "unknown", "", "x' OR 1=1", "198.51.100.23%eth0", "::c633:6417"],
)
def test_any_other_address_is_nobodys(ashdown: Institution, address: str) -> None:
    assert queries.place_at(address, timezone.now()) is None


def test_what_is_no_address_costs_no_query(ashdown: Institution) -> None:
    with CaptureQueriesContext(connection) as made:
        queries.place_at("unknown", timezone.now())
    assert len(made) == 0


def test_one_query_however_many_licences(ashdown: Institution) -> None:
    now = timezone.now()
    for number in range(5):
        licence(ashdown, starts=now, until=None, evidence_key=f"A-{number}")
    with CaptureQueriesContext(connection) as made:
        place = queries.place_at(CLEOS_ADDRESS, now)
    assert len(made) == 1
    assert place is not None
    assert [grant.id for grant in place.grants] == sorted(Licence.objects.values_list("pk", flat=True))


def decided(article: Article, address: str, now: datetime) -> Any:
    return decision_for(article, Asker(place=queries.place_at(address, now)), now)


def test_the_licence_opens_an_article_and_the_decision_names_it(ashdown: Institution, gated: Article) -> None:
    decision = decided(gated, CLEOS_ADDRESS, timezone.now())
    assert (decision.allowed, decision.reason) == (True, Reason.LICENCE)
    assert decision.via is not None
    assert decision.via.label == "Campus licence"
    assert not decided(gated, "203.0.113.5", timezone.now()).allowed, "the control"


def test_an_institution_without_a_licence_is_known_and_opens_nothing(gated: Article) -> None:
    barlow = institution("Barlow College", "203.0.113.0/24")
    decision = decided(gated, "203.0.113.5", timezone.now())
    assert not decision.allowed
    assert decision.place is not None
    assert decision.place.institution == barlow.pk


def test_a_licence_that_ended_begins_later_or_was_revoked_opens_nothing(
    ashdown: Institution, gated: Article
) -> None:
    one, now = Licence.objects.get(), timezone.now()
    assert one.until is not None
    for moment in (one.until, one.starts - timedelta(seconds=1)):
        decision = decided(gated, CLEOS_ADDRESS, moment)
        assert not decision.allowed
        assert decision.place is not None
    assert decided(gated, CLEOS_ADDRESS, one.until - timedelta(seconds=1)).allowed, "the control"
    assert service.revoke(one, because="Not paid", by=None, now=now)
    assert not service.revoke(one, because="Again", by=None, now=now + timedelta(days=1))
    assert not decided(gated, CLEOS_ADDRESS, now).allowed
    assert Licence.objects.get().revoked_because == "Not paid"


def test_an_institution_out_of_use_is_nowhere(ashdown: Institution) -> None:
    ashdown.is_active = False
    service.write(ashdown, ASHDOWN, by=None, now=timezone.now())
    assert queries.place_at(CLEOS_ADDRESS, timezone.now()) is None
    assert startup_state().places.rows == ()


def test_even_when_only_its_own_row_says_so(ashdown: Institution) -> None:
    Institution.objects.update(is_active=False)
    assert queries.place_at(CLEOS_ADDRESS, timezone.now()) is None
    assert startup_state().places.rows == ()


def scoped(kind: str, **fields: Any) -> Scope:
    owner = institution(f"Library {kind} {len(fields)}")
    made = licence(owner, starts=timezone.now(), until=None, scope=kind, **fields)
    return rules.as_rule(made).scope


def test_every_scope_reaches_the_rule_as_it_is() -> None:
    issue = making.issue()
    assert scoped("title", title=issue.title) == Scope(ScopeKind.TITLE, title=issue.title_id)
    assert scoped("issue", issue=issue) == Scope(ScopeKind.ISSUE, issue=issue.pk)
    assert scoped("recent", years=2, title=issue.title) == Scope(
        ScopeKind.RECENT, title=issue.title_id, years=2
    )
    assert scoped("span", last_date=issue.sort_date) == Scope(ScopeKind.SPAN, last_date=issue.sort_date)


def test_a_scope_the_rule_does_not_know_opens_nothing(gated: Article) -> None:
    """The database refuses such a row; were it there all the same, it would name no title."""
    now = timezone.now()
    odd = Licence(pk=1, scope="everything", starts=now, evidence_key="A", title=gated.issue.title)
    assert rules.as_rule(odd).scope == Scope(ScopeKind.TITLE, title=None)
    assert rules.as_rule(Licence(pk=1, starts=now, evidence_key="")).evidence is None


def test_the_table_of_the_fronts_says_what_the_query_says(ashdown: Institution) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    institution(
        "Barlow College", f"203.0.113.0/25 from {today}\n203.0.113.128/25 to {today - timedelta(days=1)}"
    )
    table = startup_state(now).places
    for address in (CLEOS_ADDRESS, "2001:db8:51::", "203.0.113.1", "203.0.113.200", "192.0.2.1"):
        assert table.at(address, now) == queries.place_at(address, now), address


def test_days_begin_and_end_in_the_publishers_zone() -> None:
    institution("Barlow College", "203.0.113.0/24 from 2026-07-01 to 2026-07-02")
    table, london = startup_state().places, ZoneInfo("Europe/London")
    begins, ends = datetime(2026, 7, 1, tzinfo=london), datetime(2026, 7, 3, tzinfo=london)
    second = timedelta(seconds=1)
    for moment, here in ((begins - second, False), (begins, True), (ends - second, True), (ends, False)):
        assert (table.at("203.0.113.1", moment) is not None) is here
        assert (queries.place_at("203.0.113.1", moment) is not None) is here


LINES = st.lists(
    st.tuples(st.sampled_from(["192.0.2.", "2001:db8:9::"]), st.integers(0, 9), st.integers(0, 3)), max_size=4
)


@effort(max_examples=30, deadline=None)
@given(
    LINES, st.lists(st.tuples(st.sampled_from(["192.0.2.", "2001:db8:9::"]), st.integers(0, 13)), max_size=6)
)
def test_query_and_table_never_differ(lines: list[Any], asked: list[Any]) -> None:
    now = timezone.now()
    Institution.objects.all().delete()
    for number, (stem, first, length) in enumerate(lines):
        try:
            institution(f"Library {number}", f"{stem}{first} - {stem}{first + length}")
        except ValueError:
            continue
    table = startup_state().places
    for stem, last in asked:
        assert table.at(f"{stem}{last}", now) == queries.place_at(f"{stem}{last}", now)


@pytest.fixture
def listener(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A second connection that has asked for notices of the database."""
    params = {
        k: v
        for k, v in connection.get_connection_params().items()
        if k in {"host", "port", "user", "password", "dbname"}
    }
    with psycopg.connect(**params, autocommit=True) as second:
        second.execute("LISTEN backnumber")
        yield second


def heard(listener: psycopg.Connection[Any], seconds: float = 2.0) -> set[str]:
    return {note.payload for note in listener.notifies(timeout=seconds, stop_after=1)}


@pytest.mark.django_db(transaction=True)
def test_every_change_of_the_three_tables_is_told_to_the_fronts(listener: psycopg.Connection[Any]) -> None:
    made = institution("Barlow College", "203.0.113.0/24")
    assert "places" in heard(listener)
    one = licence(made, starts=timezone.now(), until=None)
    assert "places" in heard(listener)
    changes = (
        lambda: service.revoke(one, because="Not paid", by=None, now=timezone.now()),
        lambda: made.networks.update(note="west"),
        lambda: Institution.objects.update(name="Barlow"),
        lambda: Licence.objects.all().delete(),
        lambda: made.networks.all().delete(),
        lambda: Institution.objects.all().delete(),
    )
    for change in changes:
        list(listener.notifies(timeout=0.2))
        change()
        assert "places" in heard(listener)


@pytest.mark.django_db(transaction=True)
def test_control_what_is_rolled_back_or_is_another_table_tells_nothing(
    listener: psycopg.Connection[Any],
) -> None:
    making.reader("nobody")
    with pytest.raises(ValueError, match="nonsense"):
        institution("Barlow College", "nonsense")
    assert "places" not in heard(listener, 0.5)
