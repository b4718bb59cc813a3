"""What opens an article to anyone for a time: windows, days of the year, moving walls. Each is evaluated when asked."""

from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from backnumber.access.types import Anniversary, Asked, FreeWindow, Policy, Reason


class AccessType(StrEnum):
    """COUNTER's Access_Type of a piece at a moment; it does not depend on who reads."""

    CONTROLLED = "Controlled"
    OPEN = "Open"
    FREE_TO_READ = "Free_To_Read"


def access_type(asked: Asked, now: datetime) -> AccessType:
    """Promise: the type under which a use at `now` is counted; a piece behind a sign-in or a meter is controlled."""
    if asked.policy is None or not on_sale(asked, now):
        return AccessType.CONTROLLED
    if asked.policy is Policy.OPEN:
        return AccessType.OPEN
    if not asked.windows and not asked.anniversaries and not _has_wall(asked):
        return AccessType.CONTROLLED
    is_free = window_at(asked, now) is not None or wall_at(asked, now) is not None
    return AccessType.FREE_TO_READ if is_free else AccessType.CONTROLLED


def on_sale(asked: Asked, now: datetime) -> bool:
    """Promise: whether the issue's embargo, if it has one, is over."""
    return asked.on_sale is None or now >= asked.on_sale


def window_at(asked: Asked, now: datetime) -> FreeWindow | None:
    """Promise: the first window that holds `now`; a day of the year is a window from its midnight to the next."""
    for window in asked.windows:
        if window.starts <= now < window.until:
            return window
    if not asked.anniversaries:
        return None
    today = now.astimezone(asked.zone).date()
    kept = next((a for a in asked.anniversaries if _is_kept_on(a, today)), None)
    return (
        FreeWindow(_midnight(today, asked.zone), _midnight(today + timedelta(1), asked.zone), kept.why)
        if kept
        else None
    )


def wall_at(asked: Asked, now: datetime) -> Reason | None:
    """Promise: why a moving wall lets anyone through at `now`, or None. A number that makes no sense moves nothing."""
    if not _has_wall(asked):
        return None
    wall = asked.wall
    today = now.astimezone(asked.zone).date()
    if _is_count(wall.free_after_years) and (free := free_from(asked)) is not None and today >= free:
        return Reason.FREE_BY_AGE
    if _is_count(wall.paid_after_weeks) and (paid := paid_from(asked)) is not None and today < paid:
        return Reason.FREE_WHILE_NEW
    return None


def free_from(asked: Asked) -> date | None:
    """Promise: the day from which the wall opens the article for good; None when it never does."""
    years = asked.wall.free_after_years
    if years is None or not _is_count(years) or asked.cover_date.year + years > date.max.year:
        return None
    return _same_day(asked.cover_date.year + years, asked.cover_date.month, asked.cover_date.day)


def paid_from(asked: Asked) -> date | None:
    """Promise: the day from which the article's own policy holds; None when there is no such wall."""
    weeks = asked.wall.paid_after_weeks
    if weeks is None or not _is_count(weeks) or weeks > (date.max - asked.cover_date).days // 7:
        return None
    return asked.cover_date + timedelta(weeks=weeks)


def while_new(asked: Asked) -> FreeWindow | None:
    """Promise: from the cover date's midnight to that of the day from which it is paid; None when there is no such wall."""
    paid = paid_from(asked)
    if paid is None:
        return None
    return FreeWindow(_midnight(asked.cover_date, asked.zone), _midnight(paid, asked.zone), "free while new")


def _has_wall(asked: Asked) -> bool:
    return asked.wall.paid_after_weeks is not None or asked.wall.free_after_years is not None


def _is_count(number: int | None) -> bool:
    return number is not None and number > 0


def last_kept(anniversary: Anniversary, today: date) -> date | None:
    """Promise: the last day up to `today` on which it was kept; None for a day no year has."""
    try:
        days = (_same_day(year, anniversary.month, anniversary.day) for year in (today.year, today.year - 1))
        return next(day for day in days if day <= today)
    except ValueError:
        return None


def _is_kept_on(anniversary: Anniversary, today: date) -> bool:
    try:
        return _same_day(today.year, anniversary.month, anniversary.day) == today
    except ValueError:
        return False


def _same_day(year: int, month: int, day: int) -> date:
    """29 February becomes 1 March in a year without one. Errors: ValueError for a day no year has."""
    date(2000, month, day)
    return date(year, 3, 1) if (month, day) == (2, 29) and not _has_leap_day(year) else date(year, month, day)


def _has_leap_day(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
