"""What a front door begins with, read by plain SQL, is what the rooms themselves say."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from backnumber import asgi
from backnumber.allowances.models import GiftLink
from backnumber.allowances.queries import revoked_gifts
from backnumber.archive.models import Article
from backnumber.front.stock import Site, read_state
from backnumber.institutions import queries as institutions
from backnumber.institutions.models import Institution
from backnumber.pages.crawlers import Stance
from backnumber.passes import queries as passes
from backnumber.passes.models import EndedSession, Generation
from backnumber.readers.models import Reader
from backnumber.syndication.crawlers import stances
from backnumber.syndication.models import CrawlerStance, CrawlerTerms
from tests import making
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


@pytest.mark.parametrize("arrange", [lambda: None, passes_void, gifts_revoked, libraries, crawlers])
def test_it_is_what_the_rooms_say(arrange: Callable[[], object]) -> None:
    arrange()
    connection.ensure_connection()
    state = read_state(connection.connection, Site(settings.ADDRESS, ZoneInfo(settings.TIME_ZONE)), NOW)
    assert state.voided.generations == passes.generations(NOW)
    assert state.voided.sessions == passes.ended_sessions(NOW)
    assert state.voided.gifts == revoked_gifts(NOW)
    assert state.places.rows == institutions.place_rows()
    assert state.stances == stances()


def test_of_each_kind_there_is_something_to_say() -> None:
    """The control: two empty states would be alike whatever the queries were."""
    passes_void(), gifts_revoked(), libraries(), crawlers()
    said = read_state(connection.connection, Site(settings.ADDRESS, ZoneInfo(settings.TIME_ZONE)), NOW)
    assert said.voided.generations[7] == 3
    assert 8 not in said.voided.generations
    assert said.voided.sessions == {b"newnewne"}
    assert len(said.voided.gifts) == 2
    here = said.places.at(CLEOS_ADDRESS, NOW)
    assert here is not None
    assert (here.name, len(here.grants)) == ("Ashdown", 3)
    assert said.stances.terms_path == "/help/"


@pytest.mark.django_db(transaction=True)
def test_it_is_read_over_a_connection_of_its_own_and_its_times_are_utc(ada: Reader, gated: Article) -> None:
    libraries()
    with psycopg.connect(**connection.get_connection_params()) as other:
        own = read_state(other, Site(settings.ADDRESS, ZoneInfo(settings.TIME_ZONE)), NOW)
    assert own.places.rows == institutions.place_rows()
    assert Institution.objects.count() == 3


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
