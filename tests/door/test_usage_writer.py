"""What is noted of a page says when, to the microsecond, whatever was noted before it; and the ledger keeps its bound."""

import asyncio
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import NOBODY, Asked, Policy, decide
from backnumber.edge.door import usage_writer as writing
from backnumber.edge.page import usage
from backnumber.edge.page.usage import COLUMNS, Ledger, line
from tests import loops

ASKED = Asked(7, 70, 1, date(1999, 9, 1), Policy.SUBSCRIBERS)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
NEAR = st.integers(-3_000_000, 3_000_000).map(lambda micro: NOON + timedelta(microseconds=micro))
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5.5))])
FAR = st.datetimes(datetime(1970, 1, 2), timezones=ZONES)  # noqa: DTZ001  (hypothesis adds the zone)


def noted(now: datetime) -> dict[str, str]:
    written = line(ASKED, NOBODY, decide(ASKED, NOBODY, now), "192.0.2.9", b"Firefox", now, b"key")
    return dict(zip(COLUMNS, written.removesuffix("\n").split("\t"), strict=True))


@given(st.lists(NEAR | FAR, min_size=1, max_size=20))
def test_each_use_has_its_own_moment(moments: list[datetime]) -> None:
    assert [datetime.fromisoformat(noted(moment)["at"]) for moment in moments] == moments


def test_nothing_of_a_request_can_end_a_line_or_a_column() -> None:
    written = line(ASKED, NOBODY, decide(ASKED, NOBODY, NOON), "a\tb\n", b"x\t\\N\n", NOON, b"key")
    assert written.count("\n") == 1
    assert written.count("\t") == len(COLUMNS) - 1


def test_a_full_ledger_loses_the_oldest_and_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "MOST_WAITING", 3)
    ledger = Ledger()
    for use in "abcde":
        ledger.note(use)
    assert (ledger.take(2), ledger.lost) == (["c", "d"], 2)
    ledger.give_back(["c", "d"])
    assert ledger.take(9) == ["c", "d", "e"]


def test_whatever_keeps_a_use_from_being_written_it_waits_and_the_next_try_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writing, "EVERY", 0.001)
    tries, ledger = [], Ledger()

    def unknown() -> str:
        tries.append(1)
        raise RuntimeError("no settings")

    async def story() -> None:
        writer = writing.UsageWriter(unknown, b"key", ledger)
        ledger.note("a")
        writer.begin()
        while len(tries) < 3:
            await asyncio.sleep(0.001)
        await writer.end()

    loops.run(asyncio.wait_for(story(), 10))
    assert ledger.take(9) == ["a"]
    assert "RuntimeError: no settings" in caplog.text
