"""How much of a date a cover prints: a day and a month are claimed only where they stand there. Pure."""

import re
from datetime import date

# What a number counts that is no day.
_COUNTED = re.compile(
    r"\b(?:no|nr|nos|n°|nº|№|issue|number|vol|volume|part|pt|bd|heft|band|week|series)\.?\s*\d+", re.I
)
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_NO_MONTHS = frozenset(
    [
        "spring",
        "summer",
        "autumn",
        "fall",
        "winter",
        "christmas",
        "easter",
        "midsummer",
        "michaelmas",
        "hilary",
        "trinity",
        "lent",
        "advent",
        "whitsun",
        "new",
        "year",
        "annual",
        "number",
        "issue",
        "volume",
        "vol",
        "no",
        "part",
        "special",
        "double",
        "supplement",
        "the",
        "and",
        "of",
    ]
)


def names_the_day(cover_date: str, day: date) -> bool:
    return str(day.day) in {
        number.lstrip("0") for number in _NUMBER.findall(_COUNTED.sub(" ", cover_date))
    } and (names_the_month(cover_date, day))


def names_the_month(cover_date: str, day: date) -> bool:
    """A word that is no season or feast, or the month's number beside a year."""
    text = _COUNTED.sub(" ", cover_date)
    words = {word for word in re.findall(r"[^\W\d_]{3,}", text.lower()) if word not in _NO_MONTHS}
    numbers = [number.lstrip("0") for number in _NUMBER.findall(text)]
    return bool(words) or str(day.month) in numbers


def as_printed(cover_date: str, day: date, separator: str = "-") -> str:
    """Promise: "1900-07-14", "1999-09" or "1951", as much as is printed."""
    if names_the_day(cover_date, day):
        return f"{day.year:04}{separator}{day.month:02}{separator}{day.day:02}"
    if names_the_month(cover_date, day):
        return f"{day.year:04}{separator}{day.month:02}"
    return f"{day.year:04}"
