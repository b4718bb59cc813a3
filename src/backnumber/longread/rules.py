"""When a week begins and ends, and what may be done with an edition in each state. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WHY = "this week’s long read"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


LONGEST_LINK = 200


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When weeks begin by the publisher's clock; Monday is 0."""

    day: int = 0
    at: time = time.min


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    address: str


def monday_of(day: date) -> date:
    return week_of(day, Rhythm())


def week_of(day: date, rhythm: Rhythm) -> date:
    """Promise: the first day of the week that `day` lies in."""
    return day - timedelta(days=(day.weekday() - rhythm.day) % 7)


def window(week: date, zone: ZoneInfo, rhythm: Rhythm = Rhythm()) -> tuple[datetime, datetime]:
    """Promise: the instants, in UTC, at which the week that begins on `week` begins and the next one begins, by the publisher's
    clock.

    Errors: ValueError when weeks do not begin on that day.
    """
    if week.weekday() != rhythm.day:
        raise ValueError(f"a week begins on a {DAYS[rhythm.day]}")
    return tuple(
        datetime.combine(day, rhythm.at, zone).astimezone(UTC) for day in (week, week + timedelta(days=7))
    )  # type: ignore[return-value]


def links_in(text: str) -> list[Link]:
    """Promise: the links of a text that has one a line, words first. Errors: ValueError with the line that is none."""
    return [_link(line.strip()) for line in text.splitlines() if line.strip()]


def _link(line: str) -> Link:
    words, _, address = line.rpartition(" ")
    if not words.strip() or not address.startswith(("https://", "http://", "/")) or len(line) > LONGEST_LINK:
        raise ValueError(
            f"Write each link on a line of its own, words first, then its address: “{line[:60]}” has none."
        )
    return Link(words.strip(), address)


# What may be done with an edition in which state, and the state after. Stopping is the end: what is still owed is excluded.
MOVES: dict[str, dict[str, str]] = {
    "start": {"frozen": "sending"},
    "pause": {"sending": "paused"},
    "resume": {"paused": "sending"},
    "stop": {"frozen": "finished", "sending": "finished", "paused": "finished"},
}


def moves_from(state: str) -> tuple[str, ...]:
    """Promise: what may be done with an edition in this state, in the order in which it is offered."""
    return tuple(move for move, states in MOVES.items() if state in states)


def digest_of(email: str) -> str:
    """Promise: by what an address is known once it is deleted; the same as the database's own (migration 0001)."""
    return hashlib.sha256(email.encode()).hexdigest()
