"""What holds for an article: of article, issue, section and title, the most specific that says something. Pure."""

from dataclasses import dataclass
from datetime import date

from backnumber.access import Policy, Wall

FIRST_DAY, LAST_DAY = date(1400, 1, 1), date(2199, 12, 31)
"""The days a cover may bear: from before print to beyond anybody's plans. What lies outside is a slip of the pen."""

LEVELS = ("article", "issue", "section", "title")


@dataclass(frozen=True, slots=True)
class Placed:
    """A number of a moving wall and the level that set it: 0 says "none here"; None and no source, that none says anything."""

    number: int | None
    source: str


@dataclass(frozen=True, slots=True)
class PlacedWall:
    """Both numbers of a wall; each may come from another level."""

    paid_after_weeks: Placed
    free_after_years: Placed

    @property
    def wall(self) -> Wall:
        """As the rule takes it; a 0 moves nothing."""
        return Wall(self.paid_after_weeks.number, self.free_after_years.number)


def policy_and_source(article: str, issue: str, section: str, title: str) -> tuple[Policy | None, str]:
    """Promise: the first that is set of article, issue, section, title, and which that is; None when it is no known policy."""
    levels = zip(LEVELS, (article, issue, section, title), strict=True)
    source, named = next(((level, policy) for level, policy in levels if policy), ("title", ""))
    return (Policy(named) if named in set(Policy) else None), source


def effective_policy(article: str, issue: str, section: str, title: str) -> Policy | None:
    return policy_and_source(article, issue, section, title)[0]


def wall_and_source(article: Wall, issue: Wall, section: Wall, title: Wall) -> PlacedWall:
    """Promise: for each of the two numbers on its own, the first that is set, a 0 too, and which level set it."""
    walls = (article, issue, section, title)
    return PlacedWall(
        _first(*(wall.paid_after_weeks for wall in walls)), _first(*(wall.free_after_years for wall in walls))
    )


def _first(*numbers: int | None) -> Placed:
    levels = zip(LEVELS, numbers, strict=True)
    return next((Placed(number, level) for level, number in levels if number is not None), Placed(None, ""))


def is_day_of_some_year(month: int, day: int) -> bool:
    """Promise: 29 February is one, 31 February is none."""
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True
