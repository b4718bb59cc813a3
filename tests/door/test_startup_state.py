"""What a door begins with, read by plain SQL, is what the rooms themselves would say."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from backnumber import asgi
from backnumber.edge.door.startup_state import read_state
from backnumber.edge.page.crawlers import Stance
from backnumber.gifts.models import GiftLink
from backnumber.institutions import queries as institutions
from backnumber.passes.models import EndedSession, Generation
from backnumber.syndication.crawlers import stances
from backnumber.syndication.models import CrawlerStance, CrawlerTerms
from tests import making
from tests.door_state import SITE, startup_state
from tests.institutions.campus import ASHDOWN, CLEOS_ADDRESS, institution, licence

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def passes_void() -> None:
    Generation.objects.create(reader=7, number=3, changed_at=NOW)
    Generation.objects.create(reader=8, number=2, changed_at=NOW - timedelta(days=1))
    EndedSession.objects.create(mark=b"newnewne", ended_at=NOW)
    EndedSession.objects.create(mark=b"oldoldol", ended_at=NOW - timedelta(days=1))


def gifts_revoked() -> None:
    reader, article = making.reader("ada"), making.article("The Fortress")
    made = {"reader": reader, "article": article, "made_at": NOW - timedelta(days=9)}
    day = timedelta(days=1)
    for digest, until, revoked in (
        ("a", NOW + day, None),
        ("b", NOW + day, NOW),
        ("c", NOW, NOW - day),
        ("d", NOW + day, NOW - day),
    ):
        GiftLink.objects.create(token_digest=digest, until=until, revoked_at=revoked, **made)


def libraries() -> None:
    today = timezone.localdate(NOW)
    ashdown = institution("Ashdown", f"{ASHDOWN}\n203.0.113.0/25 from {today} to {today}")
    issue = making.issue(date(2000, 1, 1))
    licence(ashdown, starts=NOW, until=NOW + timedelta(days=30), scope="recent", years=2, title=issue.title)
    licence(ashdown, starts=NOW, until=None, scope="issue", issue=issue)
    licence(ashdown, starts=NOW, until=None, scope="span", first_date=issue.sort_date, label="Span")
    institution("Barlow", "192.0.2.1")
    institution("Closed", "192.0.2.2", is_active=False)


def crawlers() -> None:
    CrawlerStance.objects.create(token="GPTBot", stance=Stance.PAID.value)
    CrawlerTerms.objects.create(words="Pay first.", address="/help/", licence_address="https://example.org/l")


def test_of_passes_it_knows_what_was_revoked_while_one_may_still_be_about() -> None:
    passes_void()
    revoked = startup_state(NOW).revocations
    assert (revoked.generations, revoked.sessions) == ({7: 3}, {b"newnewne"})


def test_of_gifts_it_knows_the_links_that_were_revoked_before_their_time_was_over() -> None:
    gifts_revoked()
    named = GiftLink.objects.in_bulk(startup_state(NOW).revocations.gifts)
    assert {link.token_digest for link in named.values()} == {"b", "d"}


def test_of_libraries_it_says_what_their_own_query_says() -> None:
    libraries()
    places, day = startup_state(NOW).places, timedelta(days=1)
    for address in (CLEOS_ADDRESS, "203.0.113.5", "203.0.113.200", "192.0.2.1", "192.0.2.2", "192.0.2.9"):
        for moment in (NOW - day, NOW, NOW + day):
            assert places.at(address, moment) == institutions.place_at(address, moment), (address, moment)
    here = places.at(CLEOS_ADDRESS, NOW)
    assert here is not None
    assert (here.name, len(here.grants)) == ("Ashdown", 3)


@pytest.mark.parametrize("arrange", [lambda: None, crawlers])
def test_of_crawlers_it_says_what_the_site_says(arrange: Callable[[], object]) -> None:
    arrange()
    assert startup_state(NOW).stances == stances()
    assert (stances().terms_path == "/help/") is (arrange is crawlers)


def test_it_is_read_in_seven_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries()
    made, execute = [], psycopg.Cursor.execute

    def counted(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        made.append(query)
        return execute(self, query, *given, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    startup_state(NOW)
    assert len(made) == 7


@pytest.mark.django_db(transaction=True)
def test_it_is_read_over_a_connection_of_its_own_and_its_times_are_utc() -> None:
    libraries()
    with psycopg.connect(**connection.get_connection_params()) as other:
        assert read_state(other, SITE, NOW).places.rows == startup_state(NOW).places.rows != ()


@pytest.mark.parametrize(
    ("database", "said"),
    [
        (
            {"ENGINE": "django.db.backends.postgresql", "NAME": "bn", "USER": "u", "PASSWORD": "p w", "HOST": "h",
             "PORT": "5433", "OPTIONS": {"connect_timeout": 5, "sslmode": "verify-full"}},
            {"dbname": "bn", "user": "u", "password": "p w", "host": "h", "port": "5433", "connect_timeout": "5",
             "sslmode": "verify-full"},
        ),
        (
            {"ENGINE": "django.db.backends.postgresql", "NAME": "bn", "USER": "", "PASSWORD": "", "HOST": "", "PORT": "",
             "OPTIONS": {}},
            {"dbname": "bn"},
        ),
    ],
)  # fmt: skip
def test_the_front_reaches_the_database_as_django_does_by_the_same_words(
    monkeypatch: pytest.MonkeyPatch, database: dict[str, Any], said: dict[str, str]
) -> None:
    monkeypatch.setattr(asgi.settings, "DATABASES", {"default": database})
    assert psycopg.conninfo.conninfo_to_dict(asgi.conninfo()) == said
