"""Writes down what was used, in batches, in a thread of its own: no page waits for it, and a crash loses half a second."""

import logging
import threading
from datetime import datetime

import psycopg

from backnumber.access import Asked, Asker, Decision
from backnumber.front.store import Conninfo
from backnumber.pages.uses import COLUMNS, LEDGER, Ledger, line

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds
AT_ONCE = 5_000
COPY = f"COPY uses_use ({', '.join(COLUMNS)}) FROM STDIN"


class Writer:
    """`key` makes the digests of readers; `began` to `end` a thread writes."""

    def __init__(self, conninfo: Conninfo, key: bytes, ledger: Ledger = LEDGER) -> None:
        self._conninfo = conninfo
        self._key = key
        self._ledger = ledger
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._connection: psycopg.Connection[object] | None = None

    def note(
        self, asked: Asked, asker: Asker, decision: Decision, came_from: str, agent: bytes, now: datetime
    ) -> None:
        self._ledger.note(line(asked, asker, decision, came_from, agent, now, self._key))

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._write_always, name="uses", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Promise: what waits is written, if the database answers."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(5)
        self.write()

    def _write_always(self) -> None:
        while not self._ended.wait(EVERY):
            self.write()

    def write(self) -> int:
        """Promise: all that waits is written, and how much it was; with the database away it waits on."""
        written = 0
        while uses := self._ledger.take(AT_ONCE):
            try:
                self._copy(uses)
            except (psycopg.Error, OSError) as error:
                self._ledger.give_back(uses)
                self._connection = None
                log.warning("%d uses wait to be written: %s", len(self._ledger), error)
                break
            written += len(uses)
        return written

    def _copy(self, uses: list[str]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo(), connect_timeout=3)
        with self._connection.transaction(), self._connection.cursor().copy(COPY) as copy:
            copy.write("".join(uses))
