"""The proof of the proof: the gate is broken one check at a time, and a row that holds at the sound gate must find each break.

Each break is a changed line of the running server (`breaking.py`), and asked about by the rows that are named for it; it counts as found
only where the row's controls were shown meanwhile. `MUTANTS=all pytest tests/leaks/test_mutants.py` asks every row about each of them.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from backnumber.edge.render.models import PageRow
from backnumber.prove import clearing
from backnumber.prove.asking import Answer, door
from backnumber.prove.fixtures import plant
from backnumber.prove.row import Findings, Row, Site, Verdict
from backnumber.prove.rows import ALL
from backnumber.prove.site_under_test import Piece, SiteUnderTest
from backnumber.search.models import Tally
from tests.leaks.breaking import CONTROL
from tests.leaks.ground import committed
from tests.leaks.mutants import MUTANTS, Mutant
from tests.serving import Running, serving

pytestmark = pytest.mark.django_db
PROXY = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
ROWS = {row.number: row for row in ALL if row.check}


class Enough(Exception):
    """Something is found, and the row's controls were shown so far."""


class Impatient(Findings):
    """Asks no more as soon as it has enough."""

    def withheld(self, answer: Answer, piece: Piece, how: str) -> bool:
        is_so = super().withheld(answer, piece, how)
        return self._unless_enough(is_so)

    def expect(self, is_so: bool, otherwise: str) -> bool:
        return self._unless_enough(super().expect(is_so, otherwise))

    def control(self, is_so: bool, otherwise: str) -> bool:
        return self._unless_enough(super().control(is_so, otherwise))

    def _unless_enough(self, is_so: bool) -> bool:
        if self.has_found:
            raise Enough
        return is_so

    @property
    def has_found(self) -> bool:
        """By what came back, not by an error: a server that answers nothing proves nothing."""
        fell = any(status >= 500 or not status for status in self.statuses)
        return bool((self.leaks or self.wrong) and self.controls and not self.without_control and not fell)


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("broken")
    with (
        committed(django_db_blocker),
        override_settings(TRUSTED_PROXIES=[PROXY]),
        serving(
            folder, trusted=PROXY, module="tests.leaks.breaking", more={"PYTHONPATH": str(ROOT)}
        ) as started,
    ):
        yield started


def change(running: Running, **change: str) -> str:
    """Promise: the server is changed so, and put right again first; what it says to that."""
    asked = HTTPConnection("127.0.0.1", running.port, timeout=30)
    asked.request("POST", CONTROL, json.dumps(change))
    answer = asked.getresponse()
    said = answer.read().decode()
    asked.close()
    assert answer.status == 200, said
    return said


@contextmanager
def planted() -> Iterator[SiteUnderTest]:
    tested = plant(timezone.now())
    try:
        yield tested
    finally:
        clearing.clear(tested.mark)


@pytest.fixture(scope="module")
def tested(running: Running, django_db_blocker: DjangoDbBlocker) -> Iterator[SiteUnderTest]:
    """For the rows that leave everything as it was."""
    with django_db_blocker.unblock(), planted() as tested:
        yield tested


# What they take back, publish or ask for first is so afterwards; of new networks (28) every process hears, and reads all of them anew.
CHANGE_WHAT_IS_SOWN = {12, 16, 20, 21, 28, 29, 30, 31, 33, 34}


def found_in(row: Row, running: Running, tested: SiteUnderTest) -> Impatient:
    """Promise: what the row finds; the pages are rendered by the server as it is now."""
    PageRow.objects.all().delete()
    Tally.objects.all().delete()
    cache.clear()
    with planted() if row.number in CHANGE_WHAT_IS_SOWN else nullcontext(tested) as tested:
        found = Impatient()
        assert row.check
        with suppress(Enough):
            row.check(Site(door(running.address, running.address), tested), found)
    connection.close()
    return found


@pytest.fixture(scope="module", params=MUTANTS, ids=lambda mutant: mutant.what)
def asked(
    request: pytest.FixtureRequest,
    running: Running,
    tested: SiteUnderTest,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[dict[int, Impatient]]:
    mutant: Mutant = request.param
    numbers = tuple(ROWS) if os.environ.get("MUTANTS") == "all" else mutant.rows
    with django_db_blocker.unblock():
        change(running, module=mutant.module, before=mutant.before, after=mutant.after)
        try:
            yield {number: found_in(ROWS[number], running, tested) for number in numbers}
        finally:
            change(running)


def test_the_row_finds_that(asked: dict[int, Impatient], request: pytest.FixtureRequest) -> None:
    mutant: Mutant = request.node.callspec.params["asked"]
    for number in mutant.rows:
        found = asked[number]
        assert found.has_found, f"row {number} {found.verdict}: {found}"


@pytest.fixture(scope="module")
def sound(
    running: Running, tested: SiteUnderTest, django_db_blocker: DjangoDbBlocker
) -> dict[int, Impatient]:
    with django_db_blocker.unblock():
        change(running)
        return {number: found_in(ROWS[number], running, tested) for number in (1, 29, 37)}


def test_the_gate_that_was_broken_and_put_right_holds(sound: dict[int, Impatient]) -> None:
    assert {found.verdict for found in sound.values()} == {Verdict.HOLDS}


def test_there_are_many_and_none_twice() -> None:
    assert len(MUTANTS) >= 30
    assert len({(mutant.module, mutant.before, mutant.after) for mutant in MUTANTS}) == len(MUTANTS)
    assert len({mutant.what for mutant in MUTANTS}) == len(MUTANTS)
