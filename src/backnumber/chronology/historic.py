"""Times that only history dates: feasts and saints' days, regnal years, reigns, named periods, wars and events."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from backnumber.chronology import calendars, data, lexicon
from backnumber.chronology.atoms import Atom, Token, day_span, year_tail
from backnumber.chronology.data import Period, Ruler
from backnumber.chronology.phrases import longest
from backnumber.chronology.spans import Point, Span

GREGORIAN_ELSEWHERE = 1583  # the first year whose Easter the new calendar set; in England it was 1753
GREGORIAN_IN_ENGLAND = 1753

SAMPLED = 50  # years of a text that are asked which of two events of one name is meant

_REGNAL = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|d)?(?:\s?(?:&|and|[-–])\s?[0-9]{1,2}(?:st|nd|rd|th)?)?,?\s(?:(?:regnal\s)?year\s)?(?:of\s)?(?:the\sreign\sof\s)?(?:King\s|Queen\s|K\.\s|Q\.\s)?"
    r"([A-Z][a-z]{1,8})\.?(?:\s(?:and|&)\sM(?:ary|\.))?(?:,?\s(?:the\s)?([IVX]{1,4}|[1-8](?:st|nd|rd|th)?|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth)\b)?"
)
_YEAR_OF_REIGN = re.compile(
    r"(?:\b|-)([a-z]{5,11})\syear\sof\s(?:the\sreign\sof\s|his\sreign|her\sreign)?(?:King\s|Queen\s|Emperor\s)?$"
)
_REIGN = re.compile(
    r"(?:\b(?:[Rr]eigns?\sof(?:\s(?:the\s)?(?:late\s|good\s|last\s)?)?|[Tt]ime\sof|[Dd]ays\sof|[Tt]emp\.?|[Tt]empore|[Aa]ccession\sof)\s)"
    r"(?:(?:King|Queen|Emperor|Empress|Tsar|Sultan|Pope|President|our)\s)?$"
)
_REIGN_AFTER = re.compile(r"(?:['’]s?)\s(?:long\s|short\s|early\s|later\s|own\s)?(?:reign|time|accession)\b")
_NUMBER_WORDS = {
    "First": "I",
    "Second": "II",
    "Third": "III",
    "Fourth": "IV",
    "Fifth": "V",
    "Sixth": "VI",
    "Seventh": "VII",
    "Eighth": "VIII",
}
_ARABIC = {str(number): numeral for number, numeral in enumerate(_NUMBER_WORDS.values(), 1)}


def feast(text: str, tokens: list[Token], i: int) -> Atom | None:
    """Promise: a feast with its year, or one that takes its year from elsewhere."""
    match = longest(text, tokens, i, data.feasts())
    if match is None:
        return None
    length, days = match
    start, end = tokens[i].start, tokens[i + length - 1].end
    if tail := year_tail(text, end):
        year, stop, _ = tail
        return Atom(start, stop, "feast", feast_day(year, days[0]))
    return Atom(start, end, "feast-anchored", wants=("feast", days[0]), confidence=0.6)


def feast_day(year: int, day: str) -> Span:
    """Promise: the day of a feast ("09-29", "easter-46") in a year; movable ones by the calendar England kept."""
    if not day.startswith("easter"):
        return day_span([(year, int(day[:2]), int(day[3:]))])
    julian = year < GREGORIAN_IN_ENGLAND
    month, first = calendars.easter(year, julian) if year > 0 else (4, 1)
    offset = int(day.removeprefix("easter") or 0)
    if not 1 <= year <= 9998:
        return Span((year,), (year,), "year")
    moved = date(year, month, first) + timedelta(days=offset)
    return day_span([(moved.year, moved.month, moved.day)])


def regnal_year(text: str, at: int, _before: str) -> Atom | None:
    """3 Edw. I; 25 Hen. VIII; 12 Eliz.; "in the third year of Edward I" is found at the king's name."""
    match = _REGNAL.match(text, at)
    if not match:
        return None
    rulers = data.rulers()[1]
    number = _number(match[3] or "")
    ruler = rulers.get((match[2].lower(), number))
    if ruler is None and number:
        return None
    if ruler is None and (ruler := rulers.get((match[2].lower(), ""))) is None:
        return None
    if (
        match[2]
        in {
            "John",
            "Mary",
            "Anne",
            "Ann",
            "James",
            "Charles",
            "William",
            "Richard",
            "George",
            "Henry",
            "Edward",
            "Stephen",
        }
        and not number
        and "of" not in match[0]
    ):
        return None
    span = year_of_reign(ruler, int(match[1]))
    end = match.end()
    if text[end : end + 1] == "." and not number:
        end += 1
    return Atom(at, end, "regnal-year", span) if span else None


def year_of_reign(ruler: Ruler, number: int) -> Span | None:
    """Promise: from the day of accession in that year to the day before it in the next; None if the reign was not so long."""
    last = ruler.span.hi
    begin = _moved(ruler.start, number - 1)
    if number < 1 or last is None or begin[: len(last)] > last:
        return None
    if len(begin) < 3:
        return Span(begin, _moved(ruler.start, number), "year", calendar="regnal")
    return Span(begin, calendars.gregorian_before(_moved(ruler.start, number)), "year", calendar="regnal")


def _moved(point: Point, years: int) -> Point:
    moved = (point[0] + years, *point[1:])
    return (*moved[:1], 2, 28) if moved[1:] == (2, 29) else moved


_SHORT = re.compile(
    r"([A-Z][a-z]{2,8})(?:\.?,?\s(?:the\s)?([IVX]{1,4}|[1-8](?:st|nd|rd|th)?|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth)\b(?!\sof\s))?"
)


def short_reign(text: str, at: int) -> Atom | None:
    """The reign of Elizabeth, temp. Hen. VIII, the time of Charles the Second: an English reign by its short name."""
    match, before = _SHORT.match(text, at), text[max(0, at - 48) : at]
    if not match or text[match.end() : match.end() + 4] == " of ":
        return None
    number = _number(match[2] or "")
    ruler = data.rulers()[1].get((match[1].lower(), number))
    if ruler is None:
        return None
    if (
        (found := _YEAR_OF_REIGN.search(before))
        and (count := lexicon.ORDINALS.get(found[1]))
        and (span := year_of_reign(ruler, count))
    ):
        return Atom(at - len(before) + found.start(1), match.end(), "regnal-year", span)
    if (found := _REIGN.search(before)) is None:
        return None
    return Atom(at - len(before) + found.start(), match.end(), "reign", ruler.span, confidence=0.9)


def _number(word: str) -> str:
    return _NUMBER_WORDS.get(word) or _ARABIC.get(word[:1]) or word


def reign(text: str, start: int, end: int, rulers: Sequence[Ruler]) -> Atom | None:
    """Promise: the time that a ruler's name stands for: "the reign of Henry VIII", "the third year of Edward I"; else None."""
    before = text[max(0, start - 48) : start]
    ruler = rulers[0]
    if (
        (match := _YEAR_OF_REIGN.search(before))
        and (number := lexicon.ORDINALS.get(match[1]))
        and (span := year_of_reign(ruler, number))
    ):
        return Atom(start - len(before) + match.start(1), end, "regnal-year", span)
    if match := _REIGN.search(before):
        return Atom(start - len(before) + match.start(), end, "reign", ruler.span, confidence=0.9)
    if match := _REIGN_AFTER.match(text, end):
        return Atom(start, match.end(), "reign", ruler.span, confidence=0.9)
    return None


def chosen(candidates: Sequence[Period], years: Sequence[int]) -> Period:
    """Promise: of periods with one name the one nearest to the years that the text names outright; the first of the file if none is."""
    if len(candidates) == 1 or not years:
        return candidates[0]
    years = years[:: max(1, len(years) // SAMPLED)]

    def far(period: Period) -> int:
        low = period.span.lo[0] if period.span.lo else years[0]
        high = period.span.hi[0] if period.span.hi else low
        distances = sorted(max(low - year, year - high, 0) for year in years)
        return distances[len(distances) // 2] + distances[0]

    return min(candidates, key=far)
