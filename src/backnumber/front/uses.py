"""Writes down what was used, in batches, in a thread of its own: no page waits for it, and a crash loses half a second."""

import logging
import threading
from datetime import datetime

import psycopg

from backnumber.access import Asked, Asker, Decision
from backnumber.access.openings import access_type
from backnumber.front.store import Conninfo
from backnumber.pages.uses import LEDGER, Ledger, Seen, UseKind, is_robot, reader_key

log = logging.getLogger(__name__)
EVERY = 0.5  # seconds
AT_ONCE = 5_000
NULL = r"\N"
REQUEST, DENIAL = UseKind.REQUEST.value, UseKind.DENIAL.value
COPY = """COPY uses_use (at, kind, article, issue, title, reason, access, institution, reader_key, is_robot) FROM STDIN"""


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
        institution = asker.place.institution if asker.place else None
        self._ledger.note(
            Seen(now, asked, asker.reader, institution, decision.allowed, decision.reason, came_from, agent)
        )

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
        while seen := self._ledger.take(AT_ONCE):
            try:
                self._copy(seen)
            except (psycopg.Error, OSError) as error:
                self._ledger.give_back(seen)
                self._connection = None
                log.warning("%d uses wait to be written: %s", len(self._ledger), error)
                break
            written += len(seen)
        return written

    def _copy(self, seen: list[Seen]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo(), connect_timeout=3)
        rows = "".join([_row(one, self._key) for one in seen])
        with self._connection.transaction(), self._connection.cursor().copy(COPY) as copy:
            copy.write(rows)


def _row(seen: Seen, key: bytes) -> str:
    """COPY's own text format: these are numbers and words of ours, nothing that a request says."""
    asked = seen.asked
    kind = REQUEST if seen.allowed else DENIAL
    institution = NULL if seen.institution is None else seen.institution
    reader = reader_key(seen.reader, seen.came_from, seen.agent, key).hex()
    return (
        f"{seen.at.isoformat()}\t{kind}\t{asked.article}\t{asked.issue}\t{asked.title}\t{seen.reason.value}\t"
        f"{access_type(asked, seen.at).value}\t{institution}\t\\\\x{reader}\t{is_robot(seen.agent)}\n"
    )
