"""What was used: one note for each article that was shown, whole or not, kept for a moment until it is written down.

Noting never waits. The ledger is bounded: with the database away for long the oldest notes go, and how many is counted.
"""

import hashlib
import threading
from collections import deque
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from backnumber.access import Asked, Reason
from backnumber.pages.counting import is_a_person

MOST_WAITING = 200_000
REMEMBERED = 4_096


class UseKind(StrEnum):
    """COUNTER's words: a request is the whole text, a denial the lead-in for want of a right, an investigation anything else."""

    INVESTIGATION = "investigation"
    REQUEST = "request"
    DENIAL = "denial"


class Seen(NamedTuple):
    """A page that was shown, noted as it is; what is to be written of it is worked out later, away from the page."""

    at: datetime
    asked: Asked
    reader: int | None
    institution: int | None
    allowed: bool
    reason: Reason
    came_from: str
    agent: bytes


class Ledger:
    """Uses that wait to be written. Any thread may note and take."""

    def __init__(self) -> None:
        self._waiting: deque[Seen] = deque()
        self._lock = threading.Lock()
        self.lost = 0

    def note(self, seen: Seen) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(seen)

    def take(self, most: int) -> list[Seen]:
        """Promise: the oldest uses, taken off the ledger."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def give_back(self, seen: list[Seen]) -> None:
        """What could not be written waits on, in its place."""
        with self._lock:
            self._waiting.extendleft(reversed(seen))

    def __len__(self) -> int:
        return len(self._waiting)


LEDGER = Ledger()


@lru_cache(REMEMBERED)
def is_robot(agent: bytes) -> bool:
    """Promise: whether what asked says that no person is before it, or nothing at all."""
    return not is_a_person(agent.decode("latin-1"))


@lru_cache(REMEMBERED)
def reader_key(reader: int | None, came_from: str, agent: bytes, key: bytes) -> bytes:
    """Promise: eight bytes, the same for the same reader, or for nobody's same address and browser; they lead back to nobody."""
    named = b"reader %d" % reader if reader is not None else came_from.encode() + b" " + agent
    return hashlib.blake2b(named, key=key[:64], digest_size=8).digest()
