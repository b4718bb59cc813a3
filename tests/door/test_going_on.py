"""What runs beside the pages goes on after a failure, whatever it was, and tells of it once."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from backnumber.edge.door import change_listener, usage_writer
from backnumber.edge.page.usage import Ledger
from tests import loops
from tests.serving import database_url

pytestmark = pytest.mark.django_db(transaction=True)


class Loads:
    """Fails as it is told, then reads an empty state."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done = 0

    def __call__(self) -> Any:
        if self.failures:
            raise self.failures.pop(0)
        self.done += 1
        return SimpleNamespace(revocations=None, places=None, stances=None)


def listener(load: Loads, address: str) -> tuple[change_listener.ChangeListener, list[list[str]]]:
    heard: list[list[str]] = []
    silent: Any = SimpleNamespace(set=lambda stances: None)
    cache: Any = SimpleNamespace(hear=heard.append)
    return change_listener.ChangeListener(
        lambda: address, cache, silent, silent, load, timedelta(minutes=1)
    ), heard


def test_the_listener_listens_again_after_a_failure_nobody_foresaw(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(change_listener, "TRIED_AGAIN_AFTER", 0.01)
    load = Loads(*[KeyError("unforeseen")] * 5)
    listens, heard = listener(load, database_url())

    async def story() -> None:
        await listens.begin()
        assert load.done == 1
        async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as other:
            await other.execute(f"NOTIFY {change_listener.CHANNEL}, 'pages one'")
        while ["one"] not in heard:
            await asyncio.sleep(0.01)
        await listens.end()

    loops.run(asyncio.wait_for(story(), 10))
    assert caplog.text.count("cannot listen to the database") == 1


def test_an_outage_is_one_line_for_all_its_attempts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(change_listener, "TRIED_AGAIN_AFTER", 0.001)
    monkeypatch.setattr(usage_writer, "EVERY", 0.001)
    tries: list[int] = []

    def away() -> str:
        tries.append(1)
        return f"postgresql:///no?host=/nowhere/{len(tries)}"  # each attempt fails with words of its own

    ledger = Ledger()
    ledger.note("a use\n")
    writer = usage_writer.UsageWriter(away, b"key", ledger)
    listens, _ = listener(Loads(), "")
    monkeypatch.setattr(listens, "_conninfo", away)

    async def story() -> None:
        writer.begin()
        listening = asyncio.create_task(listens.begin())
        while len(tries) < 20:
            await asyncio.sleep(0.01)
        await writer.end()
        listening.cancel()
        await listens.end()

    loops.run(asyncio.wait_for(story(), 10))
    assert caplog.text.count("wait to be written") == 1
    assert caplog.text.count("cannot listen to the database") == 1
