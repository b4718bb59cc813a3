"""Listening to PostgreSQL: what was published, taken back, or changed, told to every front within the same second.

While the database is away nothing new can be heard: pages at hand may then be believed for a while and no longer, and as soon
as it is back everything is asked for anew.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from backnumber.front.asking import Asking
from backnumber.front.robots import Crawlers
from backnumber.front.shelf import Shelf
from backnumber.front.state import Load
from backnumber.front.store import Conninfo

log = logging.getLogger(__name__)
CHANNEL = "backnumber"
BEAT = 2.0  # how often a silent connection is asked whether it is there, in seconds
AGAIN = 0.5
STOCK_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One notification: a word and what it is about."""

    word: str
    about: list[str]


class News:
    """`load` reads the state as it is, in a thread. `believed_for`: how long pages at hand are given out while the database
    is away.
    """

    def __init__(
        self,
        conninfo: Conninfo,
        shelf: Shelf,
        asking: Asking,
        crawlers: Crawlers,
        load: Load,
        believed_for: timedelta,
    ) -> None:
        self._conninfo = conninfo
        self._shelf = shelf
        self._asking = asking
        self._believed_for = believed_for
        self._crawlers = crawlers
        self._load = load
        self._loaded_at = 0.0
        self._away_since: datetime | None = datetime(1970, 1, 1, tzinfo=UTC)
        self._told = ""
        self._task: asyncio.Task[None] | None = None

    def may_be_believed(self, now: datetime) -> bool:
        return self._away_since is None or now - self._away_since < self._believed_for

    async def begin(self) -> None:
        """Promise: listening has begun when this returns, or goes on being tried; the first page waits two seconds at most."""
        listening = asyncio.Event()
        self._task = asyncio.create_task(self._listen_always(listening))
        try:
            await asyncio.wait_for(listening.wait(), 2)
        except TimeoutError:
            log.warning("the database cannot be reached yet")

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen_always(self, listening: asyncio.Event) -> None:
        while True:
            try:
                await self._listen(listening)
            except (
                Exception
            ) as error:  # whatever it was, a front that no longer listens believes old pages for ever
                self._tell(error)
            await asyncio.sleep(AGAIN)

    def _tell(self, error: Exception) -> None:
        """Once for each time that it goes away, with why: a missing migration looks the same from here."""
        self._away_since = self._away_since or datetime.now(UTC)
        if type(error).__name__ != self._told:
            self._told = type(error).__name__
            away = isinstance(error, (psycopg.Error, OSError, TimeoutError))
            log.warning(
                "the front door cannot listen to the database: %s", error, exc_info=None if away else error
            )

    async def _listen(self, listening: asyncio.Event) -> None:
        where = await asyncio.to_thread(self._conninfo)  # an embedded server may have to be started
        connection = await psycopg.AsyncConnection.connect(where, autocommit=True, connect_timeout=3)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            await self._take_stock()  # after LISTEN, so that nothing falls between
            self._shelf.hear(["*"])
            self._away_since, self._told = None, ""
            listening.set()
            while True:
                async for notice in connection.notifies(timeout=BEAT):
                    await self._hear(notice.payload)
                await asyncio.wait_for(connection.execute("SELECT 1"), BEAT)
                if time.monotonic() - self._loaded_at > STOCK_EVERY:
                    await self._take_stock()

    async def _take_stock(self) -> None:
        """What was voided long ago is forgotten by this too: passes of that time have ended."""
        state = await asyncio.to_thread(self._load)
        self._asking.voided = state.voided
        self._asking.places = state.places
        self._crawlers.set(state.stances)
        self._loaded_at = time.monotonic()

    async def _hear(self, payload: str) -> None:
        heard = Heard(*_words(payload))
        voided = self._asking.voided
        match heard.word, heard.about:
            case "pages", keys:
                self._shelf.hear(keys)
            case "reader", [reader, number]:
                key = int(reader)
                voided.generations[key] = max(int(number), voided.generations.get(key, 0))
            case "session", [mark]:
                voided.sessions.add(bytes.fromhex(mark))
            case "gift", [gift]:
                voided.gifts.add(int(gift))
            case _:
                await self._take_stock()


def _words(payload: str) -> tuple[str, list[str]]:
    word, *about = payload.split()
    return word, about
