"""When a week begins and ends, and what may be done with an edition in each state. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WHY = "this week’s long read"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def window(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Promise: the instants, in UTC, at which the week of the Monday `week` begins and the next one begins, by the publisher's clock.

    Errors: ValueError when `week` is no Monday.
    """
    if week.weekday() != 0:
        raise ValueError("a week begins on a Monday")
    return tuple(
        datetime.combine(day, time.min, zone).astimezone(UTC) for day in (week, week + timedelta(days=7))
    )  # type: ignore[return-value]


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
