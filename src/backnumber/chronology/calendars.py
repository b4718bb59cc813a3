"""Other calendars, by whole-day arithmetic (Dershowitz and Reingold, "Calendrical Calculations"), each checked in the tests against
the package `convertdate`. Days are numbered as Julian day numbers; Gregorian dates come out.
"""

from backnumber.chronology.spans import Point

ISLAMIC_EPOCH = 1948440  # 16 July 622, Julian
HEBREW_EPOCH = 347998
REPUBLICAN_EPOCH = 2375840  # 22 September 1792

GREGORIAN_IN_BRITAIN = (1752, 9, 14)
GREGORIAN_FIRST = (1582, 10, 15)


def gregorian(day: int) -> Point:
    """Promise: year, month and day of a Julian day number (Richards 2013)."""
    f = day + 1401 + (4 * day + 274277) // 146097 * 3 // 4 - 38
    e = 4 * f + 3
    h = 5 * (e % 1461 // 4) + 2
    month = (h // 153 + 2) % 12 + 1
    return e // 1461 - 4716 + (14 - month) // 12, month, h % 153 // 5 + 1


def easter(year: int, julian: bool) -> Point:
    """Promise: month and day of Easter Sunday, in the calendar asked for (Meeus; Butcher)."""
    if julian:
        d = (19 * (year % 19) + 15) % 30
        e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
        return (d + e + 114) // 31, (d + e + 114) % 31 + 1
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return f // 31, f % 31 + 1


def islamic(year: int, month: int = 1, day: int = 1) -> Point:
    """Promise: the Gregorian day of a day of the tabular Islamic calendar."""
    return gregorian(
        day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30 + ISLAMIC_EPOCH - 1
    )


def _hebrew_new_year(year: int) -> int:
    months = (235 * year - 234) // 19
    parts = 12084 + 13753 * months
    day = 29 * months + parts // 25920
    return day + 1 if 3 * (day + 1) % 7 < 3 else day


def _hebrew_start(year: int) -> int:
    before, this, after = (_hebrew_new_year(each) for each in (year - 1, year, year + 1))
    late = 2 if after - this == 356 else 1 if this - before == 382 else 0
    return HEBREW_EPOCH + this + late


def hebrew(year: int, month: int = 1, day: int = 1) -> Point:
    """Promise: the Gregorian day of a day of the Hebrew calendar. Month 1 is Tishri, as the year begins; in a year without a second
    Adar, month 7 is Nisan; in one with it, month 8 is.
    """
    start = _hebrew_start(year)
    length = _hebrew_start(year + 1) - start
    leap = length > 380
    months = [30, 30 if length % 10 == 5 else 29, 29 if length % 10 == 3 else 30, 29, 30]
    months += [30, 29] if leap else [29]
    months += [30, 29, 30, 29, 30, 29]
    return gregorian(start + sum(months[: month - 1]) + day - 1)


def hebrew_leap(year: int) -> bool:
    return (7 * year + 1) % 19 < 7


def republican(year: int, month: int = 1, day: int = 1) -> Point:
    """Promise: the Gregorian day of a day of the French Republican calendar; years 3, 7 and 11 had a sixth day at their end.
    Month 13 is the days that completed the year.
    """
    return gregorian(REPUBLICAN_EPOCH + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1)


def calendar_of(point: Point) -> str:
    """Promise: the calendar in which England printed a day: Julian before 14 September 1752, and "" for what has no day."""
    if len(point) < 3:
        return ""
    return "julian" if point < GREGORIAN_IN_BRITAIN else "gregorian"


def gregorian_before(point: Point) -> Point:
    """Promise: the day before a Gregorian day."""
    year, month, day = point
    if day > 1:
        return year, month, day - 1
    if month == 1:
        return year - 1, 12, 31
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return year, month - 1, (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30)[month - 2]
