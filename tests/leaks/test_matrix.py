"""Every row of the matrix, by `backnumber prove-gate` itself: at the real server, behind a real nginx, behind a real Varnish that looks
up everything, and behind one as it is installed.

The matrix is asked once for each set-up; each row is then a test of its own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from psycopg import sql
from pytest_django import DjangoDbBlocker

from backnumber.edge.page import passes
from backnumber.edge.page.passes import Pass
from backnumber.prove import clearing, table
from backnumber.prove.asking import Browser, door
from backnumber.prove.fixtures import plant
from backnumber.prove.proving import Result, prove
from backnumber.prove.row import Findings, Site, Verdict
from backnumber.prove.rows import ALL
from backnumber.readers.keyrings import keyring_of
from backnumber.search.models import Tally
from tests.leaks.ground import committed
from tests.leaks.proxies import nginx, stock_varnish, varnish
from tests.serving import Running, database_url, serving

pytestmark = pytest.mark.django_db

PROXIES = {"nginx": nginx, "varnish": varnish, "stock varnish": stock_varnish}
SET_UPS = ("direct", *PROXIES)
IN_SHARED_CACHES = (20, 21)
PROXY = "127.0.0.1"


@dataclass(frozen=True)
class Proof:
    """What one set-up gave, row by row; how much each table held before and after."""

    results: dict[int, Result]
    before: dict[str, int]
    after: dict[str, int]


@pytest.fixture(scope="module")
def tested(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with committed(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def open_to_all(tested: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that stands in the open: it trusts no proxy."""
    with serving(tmp_path_factory.mktemp("direct")) as running:
        yield running


@pytest.fixture(scope="module")
def behind(tested: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that trusts the proxy before it."""
    with serving(tmp_path_factory.mktemp("behind"), trusted=PROXY) as running:
        yield running


@pytest.fixture(scope="module", params=SET_UPS)
def proof(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Proof]:
    with _set_up(request, tmp_path_factory) as (address, site), django_db_blocker.unblock():
        Tally.objects.all().delete()  # the set-ups are one network: their searches are counted together,
        cache.clear()  # and so is what they tried in vain
        before = _counts()
        results = prove(address, site)
        print(f"\n{request.param}\n{table.as_table(results)}")
        yield Proof({one.row.number: one for one in results}, before, _counts())


@contextmanager
def _set_up(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Promise: where to ask, and the site's own address."""
    if request.param == "direct":
        running = request.getfixturevalue("open_to_all")
        yield running.address, running.address
        return
    running = request.getfixturevalue("behind")
    proxy = PROXIES[request.param]
    with (
        override_settings(TRUSTED_PROXIES=[PROXY]),
        proxy(folders.mktemp("proxy"), running.port) as port,
    ):
        yield f"http://127.0.0.1:{port}", running.address


# What the database notes of changes and sweeps by itself; what counts searches, limits and sign-ins.
SWEPT = {
    "edge_change", "edge_page", "search_change", "search_tally", "passes_endedsession", "readers_endeddevice",
    "backnumber_cache", "django_migrations",
    "past_tally",  # how many articles tell of a span of years: of none is a count, too
}  # fmt: skip


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name not in SWEPT]
        counts = {}
        for name in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            counts[name] = cursor.fetchone()[0]
        return counts


@pytest.mark.parametrize("number", [row.number for row in ALL])
def test_the_row_holds(proof: Proof, number: int) -> None:
    result = proof.results[number]
    assert result.is_good, table.as_table([result])
    assert result.verdict is (Verdict.HOLDS if result.row.check else Verdict.ELSEWHERE)


def test_every_row_of_the_matrix_is_there() -> None:
    assert [row.number for row in ALL] == list(range(1, 39))
    assert all(row.check or row.tests for row in ALL)


def test_a_row_that_tests_cover_names_tests_that_are_there() -> None:
    named = [word.strip(",") for row in ALL for word in row.tests.split() if word.startswith("tests/")]
    assert named
    assert not [name for name in named if not (Path(__file__).parents[2] / name).exists()]


def test_nothing_that_was_sown_is_left(proof: Proof) -> None:
    assert proof.after == proof.before


def test_the_shared_caches_did_answer(proof: Proof, request: pytest.FixtureRequest) -> None:
    """Or the rows that are about them would prove nothing."""
    cached = {number: proof.results[number].findings.from_cache for number in IN_SHARED_CACHES}
    is_cache = request.node.callspec.params["proof"] in PROXIES
    assert all(count > 0 for count in cached.values()) is is_cache, cached
    assert any(cached.values()) is is_cache


def test_a_campus_is_known_by_the_trusted_proxy_alone(proof: Proof, request: pytest.FixtureRequest) -> None:
    is_behind = request.node.callspec.params["proof"] in PROXIES
    said = "a trusted hop was believed" if is_behind else "we are no trusted hop"
    assert said in proof.results[28].findings.remarks


@contextmanager
def _planted(running: Running, blocker: DjangoDbBlocker) -> Iterator[Site]:
    with blocker.unblock():
        tested = plant(timezone.now())
        try:
            yield Site(door(running.address, running.address), tested)
        finally:
            clearing.clear(tested.mark)


@pytest.fixture(scope="module")
def site(open_to_all: Running, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with _planted(open_to_all, django_db_blocker) as planted:
        yield planted


@pytest.fixture(scope="module")
def site_behind(behind: Running, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with _planted(behind, django_db_blocker) as planted:
        yield planted


def with_a_pass_that_ends_in(site: Site, who: str, seconds: float) -> Browser:
    """As Django issues one, only shorter."""
    browser = site.browser(who)
    browser.get(site.piece().path)
    held = passes.opened(browser.cookies[passes.COOKIE], keyring_of("pass"))
    assert held is not None
    assert held.until - timezone.now() <= passes.LASTS == timedelta(minutes=5)
    until = timezone.now() + timedelta(seconds=seconds)
    short = passes.sealed(
        Pass(held.reader, held.session, held.generation, until, held.grants), keyring_of("pass")
    )
    return Browser(
        site.at,
        {
            project.SESSION_COOKIE_NAME: browser.cookies[project.SESSION_COOKIE_NAME],
            passes.COOKIE: short or "",
        },
    )


REFUND = "UPDATE grants_grant SET revoked_at = now() WHERE reader_id = %s"


def test_a_pass_that_nobody_could_say_is_void_opens_nothing_once_it_ends(site: Site) -> None:
    """The door cannot hear of this refund: what tells it is switched off. Until the pass ends it is believed."""
    piece = site.piece()
    given = dict(with_a_pass_that_ends_in(site, "refunded", 6).cookies)
    with psycopg.connect(database_url(), autocommit=True) as beside:
        beside.execute("ALTER TABLE grants_grant DISABLE TRIGGER USER")
        try:
            beside.execute(REFUND, [site.tested.readers["refunded"].pk])
        finally:
            beside.execute("ALTER TABLE grants_grant ENABLE TRIGGER USER")
    assert not piece.planted.missing(Browser(site.at, dict(given)).get(piece.path).text)
    time.sleep(6)
    found = Findings()
    assert found.cut(Browser(site.at, dict(given)).get(piece.path), piece, "once the pass has ended"), found


def test_only_what_a_trusted_proxy_wrote_is_believed(site_behind: Site) -> None:
    piece, campus = site_behind.piece(), site_behind.tested.campus
    believed = site_behind.get(piece.path, headers={"X-Forwarded-For": campus})
    assert not piece.planted.missing(believed.text)
    by_a_stranger = site_behind.get(piece.path, headers={"X-Forwarded-For": f"{campus}, 203.0.113.9"})
    assert not piece.planted.traces(by_a_stranger.everything)
