"""Random questions for the rule: few days and few steps round them, so that starts, ends and now often fall together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from backnumber.access import (
    Anniversary,
    Asked,
    Asker,
    Evidence,
    FreeWindow,
    Gift,
    Grant,
    Meter,
    Place,
    Policy,
    Read,
    Scope,
    ScopeKind,
    Wall,
)

T = TypeVar("T")
ZONES = [UTC, *map(ZoneInfo, ("Europe/London", "America/New_York", "Pacific/Auckland"))]
DAYS = [date(2026, 11, 18), date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29), date(2028, 3, 1)]
COVERS = [date(1999, 9, 1), date(2004, 2, 29), date(2026, 10, 21), date(2026, 1, 1), date(2028, 2, 29)]
STEPS = [timedelta(microseconds=n) for n in (-1, 0, 0, 1)] + [timedelta(hours=5), timedelta(days=1)]
MIDNIGHTS = [datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in DAYS for zone in ZONES]
PERIOD = timedelta(days=30)


@dataclass(frozen=True)
class Case:
    """What is asked, who asks, when."""

    asked: Asked
    asker: Asker
    now: datetime


def random_cases(seed: int, number: int) -> Iterator[Case]:
    """Promise: the same cases for the same seed."""
    random = Random(seed)
    for _ in range(number):
        yield Case(_asked(random), _asker(random), _moment(random))


def _moment(random: Random) -> datetime:
    return random.choice(MIDNIGHTS) + random.choice(STEPS)


def _perhaps(random: Random, make: Callable[[Random], T], chance: float = 0.5) -> T | None:
    return make(random) if random.random() < chance else None


def _several(random: Random, make: Callable[[Random], T], most: int) -> tuple[T, ...]:
    return tuple(make(random) for _ in range(random.randint(0, most)))


def _cover(random: Random) -> date:
    return random.choice(COVERS)


def _scope(random: Random) -> Scope:
    return Scope(
        random.choice(list(ScopeKind)),
        title=random.choice([None, 1, 1, 2]),
        issue=random.choice([None, 70, 70, 71]),
        article=random.choice([None, 7, 7, 8]),
        first_date=_perhaps(random, _cover),
        last_date=_perhaps(random, _cover),
        years=random.choice([None, 0, 1, 2, 28]),
    )


def a_grant(random: Random) -> Grant:
    return Grant(
        random.randint(1, 9),
        _scope(random),
        starts=_moment(random) - random.choice([timedelta(0), timedelta(days=900)]),
        until=_perhaps(random, _moment, 0.7),
        evidence=random.choice([None, *Evidence]),
        revoked_at=_perhaps(random, _moment, 0.2),
        kept=_perhaps(random, _scope),
    )


def _place(random: Random) -> Place:
    return Place(3, "A library", _several(random, a_grant, 2))


def _gift(random: Random) -> Gift:
    return Gift(1, random.choice([7, 8]), _moment(random))


def _meter(random: Random) -> Meter:
    return Meter(random.randint(-1, 4), PERIOD, _several(random, _read, 5))


def _read(random: Random) -> Read:
    return Read(random.randint(5, 9), _moment(random) - random.choice([timedelta(0), PERIOD]))


def _asker(random: Random) -> Asker:
    return Asker(
        reader=random.choice([None, 5]),
        grants=_several(random, a_grant, 2),
        claim_pending=random.random() < 0.1,
        print_unclaimed=random.random() < 0.1,
        place=_perhaps(random, _place, 0.3),
        gift=_perhaps(random, _gift, 0.3),
        meter=_perhaps(random, _meter, 0.6),
    )


def _window(random: Random) -> FreeWindow:
    return FreeWindow(_moment(random), _moment(random), "a week")


def _anniversary(random: Random) -> Anniversary:
    """31 February, month 0 and 13 too: what makes no sense opens nothing."""
    return Anniversary(random.choice([0, 2, 2, 3, 11, 13]), random.choice([1, 18, 28, 29, 29, 31]), "a day")


def _asked(random: Random) -> Asked:
    return Asked(
        article=7,
        issue=70,
        title=1,
        cover_date=_cover(random),
        policy=random.choice([None, *Policy, Policy.METERED, Policy.SUBSCRIBERS]),
        windows=_several(random, _window, 2),
        anniversaries=_several(random, _anniversary, 2),
        wall=Wall(
            random.choice([None, None, 0, 1, 4, 1421]), random.choice([None, None, 0, 1, 23, 24, 28, 9000])
        ),
        on_sale=_perhaps(random, _moment, 0.3),
        zone=random.choice(ZONES),
    )
