"""What was used: one note for each article that was shown, whole or not, kept for a moment until it is written down.

Noting never waits. The ledger is bounded: with the database away for long the oldest notes go, and how many is counted.
"""

import hashlib
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backnumber.access import Asked, Asker, Decision
from backnumber.access.openings import AccessType, access_type
from backnumber.pages.counting import is_a_person

MOST_WAITING = 200_000


class UseKind(StrEnum):
    """COUNTER's words: a request is the whole text, a denial the lead-in for want of a right, an investigation anything else."""

    INVESTIGATION = "investigation"
    REQUEST = "request"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Use:
    """One use. `reader_key` is a keyed digest that names nobody; `institution` is None away from any."""

    at: datetime
    kind: UseKind
    article: int
    issue: int
    title: int
    reason: str
    access: AccessType
    institution: int | None
    reader_key: bytes
    is_robot: bool


class Ledger:
    """Uses that wait to be written. Any thread may note and take."""

    def __init__(self) -> None:
        self._waiting: deque[Use] = deque()
        self._lock = threading.Lock()
        self.lost = 0

    def note(self, use: Use) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(use)

    def take(self, most: int) -> list[Use]:
        """Promise: the oldest uses, taken off the ledger."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def give_back(self, uses: list[Use]) -> None:
        """What could not be written waits on, in its place."""
        with self._lock:
            self._waiting.extendleft(reversed(uses))

    def __len__(self) -> int:
        return len(self._waiting)


LEDGER = Ledger()


def use_of(
    asked: Asked, asker: Asker, decision: Decision, came_from: str, agent: str, key: bytes, now: datetime
) -> Use:
    """Promise: what is to be noted of an article page shown by this decision."""
    return Use(
        now,
        UseKind.REQUEST if decision.allowed else UseKind.DENIAL,
        asked.article,
        asked.issue,
        asked.title,
        decision.reason.value,
        access_type(asked, now),
        asker.place.institution if asker.place else None,
        reader_key(asker.reader, came_from, agent, key),
        not is_a_person(agent),
    )


def reader_key(reader: int | None, came_from: str, agent: str, key: bytes) -> bytes:
    """Promise: eight bytes, the same for the same reader, or for nobody's same address and browser; they lead back to nobody."""
    named = f"reader {reader}" if reader is not None else f"{came_from} {agent}"
    return hashlib.blake2b(named.encode("utf-8", "replace"), key=key[:64], digest_size=8).digest()
