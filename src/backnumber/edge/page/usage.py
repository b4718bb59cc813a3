"""What was used: one note for each article that was shown, whole or not, kept for a moment until it is written down.

Noting never waits. The ledger is bounded: with the database away for long the oldest notes go, and how many is counted.
"""

import hashlib
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from counter_robots import is_robot_or_machine

from backnumber.access import Asked, Asker, Decision, Reason
from backnumber.access.openings import AccessType, access_type
from backnumber.edge.page.counting import LONGEST_NAME, is_a_person

MOST_WAITING = 200_000
REMEMBERED = 4_096


class UseKind(StrEnum):
    """COUNTER's words: a request is the whole text, a denial the lead-in for want of a right, an investigation anything else."""

    INVESTIGATION = "investigation"
    REQUEST = "request"
    DENIAL = "denial"


# In the order of the columns that `line` writes.
COLUMNS = (
    "at",
    "kind",
    "article",
    "issue",
    "title",
    "reason",
    "access",
    "institution",
    "reader_key",
    "is_robot",
)
_NOBODYS = r"\N"
_REQUEST, _DENIAL = UseKind.REQUEST.value, UseKind.DENIAL.value

# The rule has looked at what opens a piece to anyone before it gives one of these; beside a reader's own right it has not.
_KNOWN = {
    Reason.OPEN: AccessType.OPEN,
    Reason.FREE_NOW: AccessType.FREE_TO_READ,
    Reason.FREE_BY_AGE: AccessType.FREE_TO_READ,
    Reason.FREE_WHILE_NEW: AccessType.FREE_TO_READ,
    Reason.SIGNED_IN: AccessType.CONTROLLED,
    Reason.GIFT: AccessType.CONTROLLED,
    Reason.METERED: AccessType.CONTROLLED,
}


def line(
    asked: Asked, asker: Asker, decision: Decision, came_from: str, agent: bytes, now: datetime, key: bytes
) -> str:
    """Promise: the use as one line of PostgreSQL's COPY, in its text format: numbers and words of ours, nothing that a
    request says. `key` makes the digest of the reader.

    It is written out at once, while all of it is at hand: later, in another thread, it costs three times as much.
    """
    place = asker.place
    kind = _REQUEST if decision.allowed else _DENIAL
    institution = _NOBODYS if place is None else place.institution
    who = _who(asker.reader, came_from, agent[:LONGEST_NAME], key)
    return (
        f"{_stamp(now)}\t{kind}\t{asked.article}\t{asked.issue}\t{asked.title}\t{decision.reason}\t"
        f"{type_of(asked, decision, now)}\t{institution}\t{who}\n"
    )


def type_of(asked: Asked, decision: Decision, now: datetime) -> AccessType:
    """Promise: what `access_type` says, worked out only where the decision does not say it already."""
    if not decision.allowed:
        return AccessType.CONTROLLED
    return _KNOWN.get(decision.reason) or access_type(asked, now)


def _stamp(now: datetime) -> str:
    """As `isoformat` has it; the text of the second is kept for the next use, which is mostly in the same one."""
    global _second
    begins, ends, text = _second
    if not begins <= now < ends:
        begins = now.replace(microsecond=0)
        text = f"{begins.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        _second = begins, begins + timedelta(seconds=1), text
    return "%s.%06d+00" % (text, now.microsecond)  # noqa: UP031  (a third of the time of a format)


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_second = _LONG_AGO, _LONG_AGO, ""


@lru_cache(REMEMBERED)
def _who(reader: int | None, came_from: str, agent: bytes, key: bytes) -> str:
    return f"\\\\x{reader_key(reader, came_from, agent, key).hex()}\t{is_robot(agent)}"


class Ledger:
    """Uses that wait to be written, a line each. Any thread may note and take."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._lock = threading.Lock()
        self.lost = 0

    def note(self, use: str) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(use)

    def take(self, most: int) -> list[str]:
        """Promise: the oldest uses, taken off the ledger."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def give_back(self, uses: list[str]) -> None:
        """What could not be written waits on, in its place."""
        with self._lock:
            self._waiting.extendleft(reversed(uses))

    def __len__(self) -> int:
        return len(self._waiting)


LEDGER = Ledger()


def is_robot(agent: bytes) -> bool:
    """Promise: whether what asked says that no person is before it, or nothing at all; COUNTER's own list counts too."""
    name = agent.decode("latin-1")
    return not is_a_person(name) or is_robot_or_machine(name)


def reader_key(reader: int | None, came_from: str, agent: bytes, key: bytes) -> bytes:
    """Promise: eight bytes, the same for the same reader, or for nobody's same address and browser; they lead back to nobody."""
    named = b"reader %d" % reader if reader is not None else came_from.encode() + b" " + agent
    return hashlib.blake2b(named, key=key[:64], digest_size=8).digest()
