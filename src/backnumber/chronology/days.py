"""Days and months: of our calendar and of others, with their year or without."""

import re

from backnumber.chronology import calendars, lexicon
from backnumber.chronology.atoms import EARLIEST, LATEST, TOKEN, Atom, day_span, year_tail
from backnumber.chronology.spans import is_a_day

_REPUBLICAN_TAIL = re.compile(
    r",?\s(?:de\sl['’])?(?:[Aa]n|[Yy]ear|of\s(?:the\s)?[Yy]ear)?\s?([IVX]{1,5}|[0-9]{1,2})\b"
)
_STYLE = re.compile(r",?\s?\(?(O\.?\s?S\.?|N\.?\s?S\.?|[Oo]ld\s[Ss]tyle|[Nn]ew\s[Ss]tyle)(?![A-Za-z])\)?")
_DAY_MONTH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|d)?(?:\s?(?:[-–—/&]|to|and|or)\s?(?:the\s)?([0-9]{1,2})(?:st|nd|rd|th|d)?)?(?:\sday)?(?:\sof)?,?\s"
    r"([^\W\d_]{3,12})(\.|['’-][a-zéèô-]{1,12}|\s(?:al-[a-z]{3,8}|II?\b))?"
)


def day_month(text: str, at: int, _before: str) -> Atom | None:
    """14 October 1066; 23-24 August 1572; 30 January 1648/9; 18 Brumaire, Year VIII; 10 Muharram 61 AH; 15 Nisan 5708."""
    match = _DAY_MONTH.match(text, at)
    if not match:
        return None
    name, days = match[3].lower(), [int(day) for day in (match[1], match[2]) if day]
    month = lexicon.MONTHS.get(name)
    if month is None or not match[3][0].isupper():
        return other_calendar(text, match, name, days)
    end = (
        match.end()
        if match[4] == "." and len(name) < 5 and name not in {"may", "june", "july"}
        else match.end(3)
    )
    if any(not is_a_day(4, month, day) for day in days):
        return None
    return _dated(text, at, end, month, days)


def _dated(text: str, start: int, end: int, month: int, days: list[int]) -> Atom:
    if tail := year_tail(text, end):
        year, end, double = tail
        calendar = "julian" if double else ""
        if style := _STYLE.match(text, end):
            end = style.end()
            calendar = "julian" if style[1][0] in "Oo" else "gregorian"
        span = day_span([(year, month, day) for day in days] or [(year, month)], calendar)
        return Atom(start, end, "day" if days else "month", span, confidence=0.98)
    return Atom(
        start,
        end,
        "day-anchored" if days else "month-anchored",
        wants=("month",),
        numbers=(month, *days),
        confidence=0.75,
    )


def other_calendar(text: str, match: re.Match[str], name: str, days: list[int]) -> Atom | None:
    if (month := lexicon.REPUBLICAN_MONTHS.get(name)) and (
        tail := _REPUBLICAN_TAIL.match(text, match.end(3))
    ):
        year = int(tail[1]) if tail[1].isdecimal() else lexicon.roman(tail[1]) or 0
        if 1 <= year <= 14 and all(1 <= day <= 30 for day in days):
            points = [calendars.republican(year, month, day) for day in days]
            return Atom(match.start(), tail.end(), "republican-day", day_span(points, "republican"))
    name = (match[3] + (match[4] or "")).lower().rstrip(".")
    era = re.compile(r",?\s(?:A\.?H\.?\s)?([0-9]{1,4})\b(?:\s?A\.?H\.?)?").match(text, match.end())
    if era is None or not days:
        return None
    year = int(era[1])
    if (month := lexicon.ISLAMIC_MONTHS.get(name)) and 1 <= year <= 1500 and 1 <= days[0] <= 30:
        return Atom(
            match.start(),
            era.end(),
            "islamic-day",
            day_span([calendars.islamic(year, month, days[0])], "islamic"),
        )
    if (month := lexicon.HEBREW_MONTHS.get(name)) and 3000 <= year <= 6000 and 1 <= days[0] <= 30:
        month += 1 if month > 6 and calendars.hebrew_leap(year) else 0
        return Atom(
            match.start(),
            era.end(),
            "hebrew-day",
            day_span([calendars.hebrew(year, month, days[0])], "hebrew"),
        )
    return None


_MONTH_DAY = re.compile(
    r"\.?\s{1,2}(?:the\s)?([0-9]{1,2})(?:st|nd|rd|th|d)?(?![0-9:]|[.,][0-9])(?:\s?(?:[-–—/]|to)\s?([0-9]{1,2})(?:st|nd|rd|th)?(?![0-9]))?"
)
_ORDINAL_OF = re.compile(
    r"\b([a-z]{5,11}|[Ff]ourth)(?:-(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))?\s(?:day\s)?of\s$"
)
_IN_MONTH = re.compile(
    r"\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Tt]ill|[Ff]rom|[Dd]uring|[Oo]f|[Ll]ate|[Ee]arly|[Mm]id|[Tt]hrough|[Ll]ast|[Tt]hat|[Bb]efore"
    r"|[Aa]fter|[Nn]ext|[Tt]his|[Ff]ollowing|between|(?:beginning|end|middle) of)(?:\s|-)$"
)
_NEXT_MONTH = re.compile(r"\s?(?:[-–—/]|to|and|or)\s?([A-Z][a-z]{2,8})\b")


def month_first(text: str, at: int, before: str) -> Atom | None:
    """June 28, 1914; July 1-3, 1863; June 1348; and what needs its year from elsewhere: "on June 28", "in June"."""
    token = TOKEN.match(text, at)
    assert token is not None
    if not token[0][0].isupper():
        return None
    month, end = lexicon.MONTHS[token[0].lower()], token.end()
    if (
        (match := _MONTH_DAY.match(text, end))
        and is_a_day(4, month, int(match[1]))
        and not (token[0].lower() == "may" and match[0].startswith("."))
    ):
        days = [int(day) for day in (match[1], match[2]) if day and is_a_day(4, month, int(day))]
        return _dated(text, at, match.end(), month, days)
    if (match := _ORDINAL_OF.search(before)) and (day := _ordinal_day(match[1], match[2])):
        return _dated(text, at - len(before) + match.start(), end, month, [day])
    if text[end : end + 1] == "." and len(token[0]) < 5 and month != 5:
        end += 1
    if (atom := _dated(text, at, end, month, [])).span is not None:
        return atom
    if _IN_MONTH.search(before) or (
        (after := _NEXT_MONTH.match(text, end)) and after[1].lower() in lexicon.MONTHS
    ):
        return atom
    return None


def _ordinal_day(word: str, unit: str | None) -> int | None:
    name = f"{word}-{unit}".lower() if unit else word.lower()
    return lexicon.ORDINALS.get(name)


_NUMERIC = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4})\b|([0-9]{4})-([0-9]{2})-([0-9]{2})\b")


def numeric(text: str, at: int, _before: str) -> Atom | None:
    """28/6/1914 and 28.6.1914, the day first as in Britain; 1914-06-28."""
    match = _NUMERIC.match(text, at)
    if not match:
        return None
    year, month, day = (match[4], match[3], match[1]) if match[4] else (match[5], match[6], match[7])
    point = int(year), int(month), int(day)
    if match[4] and point[1] > 12:
        point = point[0], point[2], point[1]
    if not is_a_day(*point) or not EARLIEST <= point[0] <= LATEST:
        return None
    return Atom(at, match.end(), "numeric-day", day_span([point]), confidence=0.85)


_ROMAN_DAY = re.compile(r"([IiNnKkC][a-z]{3,6})\sof\s([A-Z][a-z]{2,8})\b")
_LONG_MONTHS = {3, 5, 7, 10}


def roman_day(text: str, at: int, _before: str) -> Atom | None:
    """The Ides of March, 44 BC."""
    match = _ROMAN_DAY.match(text, at)
    month = lexicon.MONTHS.get(match[2].lower()) if match else None
    if not match or month is None:
        return None
    name = match[1].lower()
    day = (
        1
        if name.startswith(("kal", "cal"))
        else (15 if month in _LONG_MONTHS else 13)
        if name == "ides"
        else 7
        if month in _LONG_MONTHS
        else 5
    )
    atom = _dated(text, at, match.end(), month, [day])
    atom.rule = "roman-day"
    return atom


_THE_DAY = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)(?=[.,;:]|\s(?:and|the|he|she|they|it|a|an|to|at|by|in|his|their|of\sthe\s(?:same\s)?month|[A-Z])\b)"
)
_ON_THE = re.compile(r"\b(?:[Oo]n|[Bb]y|[Uu]ntil|[Tt]ill)\sthe\s(?:(?:night|morning|evening)\sof\sthe\s)?$")


def day_alone(text: str, at: int, before: str) -> Atom | None:
    """On the 8th: a day of the month last told."""
    match = _THE_DAY.match(text, at)
    if not match or not 1 <= int(match[1]) <= 31 or not _ON_THE.search(before):
        return None
    return Atom(at, match.end(), "day-alone", wants=("day",), numbers=(int(match[1]),), confidence=0.6)
