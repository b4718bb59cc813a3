"""Writes down what was used, in batches, beside the pages: none waits for it, and a crash loses half a second.

It is a task of the event loop. A thread would have to take Python's lock from the pages again and again while it writes, which
cost each of them more than the writing.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime

import psycopg

from backnumber.access import Asked, Asker, Decision
from backnumber.edge.door.page_store import Conninfo
from backnumber.edge.page.usage import COLUMNS, LEDGER, Ledger, line

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds
AT_ONCE = 2_000
ENDS_WITHIN = 5.0
COPY = f"COPY usage_use ({', '.join(COLUMNS)}) FROM STDIN"


class UsageWriter:
    """`key` makes the digests of readers; from `begin` to `end` it writes."""

    def __init__(self, conninfo: Conninfo, key: bytes, ledger: Ledger = LEDGER) -> None:
        self._conninfo = conninfo
        self._key = key
        self._ledger = ledger
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: psycopg.AsyncConnection[object] | None = None
        self._told = ""

    def note(
        self, asked: Asked, asker: Asker, decision: Decision, came_from: str, agent: bytes, now: datetime
    ) -> None:
        self._ledger.note(line(asked, asker, decision, came_from, agent, now, self._key))

    def begin(self) -> None:
        self._task = asyncio.create_task(self._write_always())

    async def end(self) -> None:
        """Promise: what waits is written, if the database answers."""
        self._ended.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=ENDS_WITHIN)

    async def _write_always(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), EVERY)
            await self.write()

    async def write(self) -> int:
        """Promise: all that waits is written, and how much it was; what cannot be written, whatever the reason, waits on."""
        written = 0
        while uses := self._ledger.take(AT_ONCE):
            try:
                await self._copy("".join(uses))
            except Exception as error:
                self._ledger.give_back(uses)
                self._connection = None
                self._tell(error)
                break
            self._told = ""
            written += len(uses)
        return written

    def _tell(self, error: Exception) -> None:
        """Once for each kind of failure until writing succeeds again: it is tried twice a second."""
        if type(error).__name__ == self._told:
            return
        self._told = type(error).__name__
        away = isinstance(error, (psycopg.Error, OSError))
        log.warning(
            "%d uses wait to be written: %s", len(self._ledger), error, exc_info=None if away else error
        )

    async def _copy(self, lines: str) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(
                self._conninfo(), autocommit=True, connect_timeout=3
            )
        async with self._connection.cursor().copy(COPY) as copy:
            await copy.write(lines)
