"""Listens to PostgreSQL: what was published, revoked or changed is known to every process within the same second.

While the database is away nothing new can be heard: the pages of this process may then be sent for a while and no longer, and as soon
as it is back everything is asked for anew.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

from backnumber.edge.door.crawlers import Crawlers
from backnumber.edge.door.credentials import AskerFinder
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.page_store import Conninfo
from backnumber.edge.door.state import Load

log = logging.getLogger(__name__)
CHANNEL = "backnumber"
ASKED_EVERY = 2.0  # how often a silent connection is asked whether it is there, in seconds
TRIED_AGAIN_AFTER = 0.5
STATE_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One notification: a word and what it is about."""

    word: str
    about: list[str]


class ChangeListener:
    """`load` reads the state as it is, in a thread. `believed_for`: how long pages at hand are given out while the database
    is away.
    """

    def __init__(
        self,
        conninfo: Conninfo,
        cache: PageCache,
        askers: AskerFinder,
        crawlers: Crawlers,
        load: Load,
        believed_for: timedelta,
    ) -> None:
        self._conninfo = conninfo
        self._cache = cache
        self._askers = askers
        self._believed_for = believed_for
        self._crawlers = crawlers
        self._load = load
        self._loaded_at = 0.0
        self._away_since: datetime | None = datetime(1970, 1, 1, tzinfo=UTC)
        self._logged = ""
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
            ) as error:  # whatever it was, a process that no longer listens believes old pages for ever
                self._log(error)
            await asyncio.sleep(TRIED_AGAIN_AFTER)

    def _log(self, error: Exception) -> None:
        """Once for each time that it goes away, with why: a missing migration looks the same from here."""
        self._away_since = self._away_since or datetime.now(UTC)
        if type(error).__name__ != self._logged:
            self._logged = type(error).__name__
            away = isinstance(error, (psycopg.Error, OSError, TimeoutError))
            log.warning("the door cannot listen to the database: %s", error, exc_info=None if away else error)

    async def _listen(self, listening: asyncio.Event) -> None:
        where = await asyncio.to_thread(self._conninfo)  # an embedded server may have to be started
        connection = await psycopg.AsyncConnection.connect(where, autocommit=True, connect_timeout=3)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            await self._load_state()  # after LISTEN, so that nothing falls between
            self._cache.hear(["*"])
            self._away_since, self._logged = None, ""
            listening.set()
            while True:
                async for notice in connection.notifies(timeout=ASKED_EVERY):
                    await self._hear(notice.payload)
                await asyncio.wait_for(connection.execute("SELECT 1"), ASKED_EVERY)
                if time.monotonic() - self._loaded_at > STATE_EVERY:
                    await self._load_state()

    async def _load_state(self) -> None:
        """What was revoked long ago is forgotten by this too: passes of that time have ended."""
        state = await asyncio.to_thread(self._load)
        self._askers.revoked = state.revocations
        self._askers.places = state.places
        self._crawlers.set(state.stances)
        self._loaded_at = time.monotonic()

    async def _hear(self, payload: str) -> None:
        heard = Heard(*_words(payload))
        revoked = self._askers.revoked
        match heard.word, heard.about:
            case "pages", keys:
                self._cache.hear(keys)
            case "reader", [reader, number]:
                key = int(reader)
                revoked.generations[key] = max(int(number), revoked.generations.get(key, 0))
            case "session", [mark]:
                revoked.sessions.add(bytes.fromhex(mark))
            case "gift", [gift]:
                revoked.gifts.add(int(gift))
            case _:
                await self._load_state()


def _words(payload: str) -> tuple[str, list[str]]:
    word, *about = payload.split()
    return word, about
