"""The smallest expressions of time: a day, a month, a year, a century, a feast. What joins them is in `composing.py`, and what only a
neighbour can settle ("in June") in `anchors.py`. Every pattern is matched at one place, has no repetition inside a repetition, and
reaches a bounded way, so the work grows with the length of the text and no faster.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from backnumber.chronology import calendars, lexicon
from backnumber.chronology.spans import (
    Point,
    Span,
    around,
    astronomical,
    is_a_day,
    of_century,
    of_decade,
    of_millennium,
    of_year,
)

TOKEN = re.compile(r"[^\W\d_]+|[0-9]+")
ERA = r"(B\.\s?C\.(?:\s?E\.)?|BCE?\b|bce?\b|A\.\s?D\.|AD\b|C\.\s?E\.|CE\b)"
EARLIEST, LATEST = 1000, 2029  # a bare number of four figures in between is taken for a year
FAR = 70  # characters that a look back may reach


@dataclass(slots=True)
class Atom:
    """`span` is None while only a neighbour can say: then `wants` tells what is known, as (what, numbers...)."""

    start: int
    end: int
    rule: str
    span: Span | None = None
    wants: tuple[str, ...] | None = None
    numbers: tuple[int, ...] = ()
    confidence: float = 0.95
    narrative: bool = True
    part: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    word: str


def tokens_of(text: str) -> list[Token]:
    return [Token(match.start(), match.end(), match[0]) for match in TOKEN.finditer(text)]


def is_bc(era: str | None) -> bool:
    return era is not None and era[0] in "Bb"


def day_span(points: list[Point], rule_calendar: str = "") -> Span:
    unit = {1: "year", 2: "month", 3: "day"}[len(points[-1])]
    return Span(points[0], points[-1], unit, calendar=rule_calendar or calendars.calendar_of(points[-1]))


_YEAR_TAIL = re.compile(
    r"(?:,|\.)?\s{1,2}(?:(?:of|in)\s)?(?:the\syear\s)?(?:A\.?\s?D\.?\s)?([0-9]{1,4})(?:/([0-9]{1,4}))?(?![0-9]|[,.][0-9])(?:,?\s?" + ERA + r")?"
)
_REPUBLICAN_TAIL = re.compile(r",?\s(?:de\sl['’])?(?:[Aa]n|[Yy]ear|of\s(?:the\s)?[Yy]ear)?\s?([IVX]{1,5}|[0-9]{1,2})\b")
_STYLE = re.compile(r",?\s?\(?(O\.?\s?S\.?|N\.?\s?S\.?|[Oo]ld\s[Ss]tyle|[Nn]ew\s[Ss]tyle)(?![A-Za-z])\)?")


def year_tail(text: str, at: int) -> tuple[int, int, bool] | None:
    """Promise: the year after a day or a month: (astronomical year, end, whether it was written double: 1648/9)."""
    match = _YEAR_TAIL.match(text, at)
    if not match:
        return None
    figures, era = match[1], match[3]
    if len(figures) < 3 and not era and not text[match.start() : match.start(1)].rstrip().endswith(("D", "D.", "year")):
        return None
    year = int(figures)
    if year == 0 or (not era and year > LATEST):
        return None
    if match[2]:
        later = completed(figures, match[2])
        if later == year + 1:
            return later, match.end(), True
    return astronomical(year, is_bc(era)), match.end(), False


def completed(head: str, tail: str) -> int | None:
    """Promise: the year that a short right-hand year means: "1928-39", "1899-02" is 1902; None if it says nothing later."""
    first, last = int(head), int(tail)
    if len(tail) < len(head):
        last = int(head[: -len(tail)] + tail)
        if last <= first:
            last += 10 ** len(tail) if len(tail) > 1 else 0
    return last if last > first else None


_DAY_MONTH = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|d)?(?:\s?(?:[-–—/&]|to|and|or)\s?(?:the\s)?([0-9]{1,2})(?:st|nd|rd|th|d)?)?(?:\sday)?(?:\sof)?,?\s"
    r"([^\W\d_]{3,12})(\.|['’-][a-zéèô-]+)?"
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
    end = match.end() if match[4] == "." else match.end(3)
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
    return Atom(start, end, "day-anchored" if days else "month-anchored", wants=("month",), numbers=(month, *days), confidence=0.75)


def other_calendar(text: str, match: re.Match[str], name: str, days: list[int]) -> Atom | None:
    if (month := lexicon.REPUBLICAN_MONTHS.get(name)) and (tail := _REPUBLICAN_TAIL.match(text, match.end(3))):
        year = int(tail[1]) if tail[1].isdigit() else lexicon.roman(tail[1]) or 0
        if 1 <= year <= 14 and all(1 <= day <= 30 for day in days):
            points = [calendars.republican(year, month, day) for day in days]
            return Atom(match.start(), tail.end(), "republican-day", day_span(points, "republican"))
    name = (match[3] + (match[4] or "")).lower().rstrip(".")
    era = re.compile(r",?\s(?:A\.?H\.?\s)?([0-9]{1,4})\b(?:\s?A\.?H\.?)?").match(text, match.end())
    if era is None or not days:
        return None
    year = int(era[1])
    if (month := lexicon.ISLAMIC_MONTHS.get(name)) and 1 <= year <= 1500 and 1 <= days[0] <= 30:
        return Atom(match.start(), era.end(), "islamic-day", day_span([calendars.islamic(year, month, days[0])], "islamic"))
    if (month := lexicon.HEBREW_MONTHS.get(name)) and 3000 <= year <= 6000 and 1 <= days[0] <= 30:
        month += 1 if month > 6 and calendars.hebrew_leap(year) else 0
        return Atom(match.start(), era.end(), "hebrew-day", day_span([calendars.hebrew(year, month, days[0])], "hebrew"))
    return None


_MONTH_DAY = re.compile(r"\.?\s{1,2}(?:the\s)?([0-9]{1,2})(?:st|nd|rd|th|d)?(?![0-9:]|[.,][0-9])(?:\s?(?:[-–—/]|to)\s?([0-9]{1,2})(?:st|nd|rd|th)?(?![0-9]))?")
_ORDINAL_OF = re.compile(r"\b([a-z]{5,11}|[Ff]ourth)(?:-(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))?\s(?:day\s)?of\s$")
_IN_MONTH = re.compile(
    r"\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Tt]ill|[Ff]rom|[Dd]uring|[Oo]f|[Ll]ate|[Ee]arly|[Mm]id|[Tt]hrough|[Ll]ast|[Tt]hat|[Bb]efore"
    r"|[Aa]fter|and|to|[Nn]ext|[Tt]his|[Ff]ollowing|between|(?:beginning|end|middle) of)(?:\s|-)$"
)
_NEXT_MONTH = re.compile(r"\s?(?:[-–—/]|to|and|or)\s?([A-Z][a-z]{2,8})\b")


def month_first(text: str, at: int, before: str) -> Atom | None:
    """June 28, 1914; July 1-3, 1863; June 1348; and what needs its year from elsewhere: "on June 28", "in June"."""
    token = TOKEN.match(text, at)
    assert token is not None
    if not token[0][0].isupper():
        return None
    month, end = lexicon.MONTHS[token[0].lower()], token.end()
    if (match := _MONTH_DAY.match(text, end)) and is_a_day(4, month, int(match[1])) and not ("may" == token[0].lower() and match[0].startswith(".")):
        days = [int(day) for day in (match[1], match[2]) if day and is_a_day(4, month, int(day))]
        return _dated(text, at, match.end(), month, days)
    if (match := _ORDINAL_OF.search(before)) and (day := _ordinal_day(match[1], match[2])):
        return _dated(text, at - len(before) + match.start(), end, month, [day])
    if text[end : end + 1] == "." and len(token[0]) < 5 and month != 5:
        end += 1
    if (atom := _dated(text, at, end, month, [])).span is not None:
        return atom
    if _IN_MONTH.search(before) or ((after := _NEXT_MONTH.match(text, end)) and after[1].lower() in lexicon.MONTHS):
        return atom
    return None


def _ordinal_day(word: str, unit: str | None) -> int | None:
    name = f"{word}-{unit}".lower() if unit else word.lower()
    return lexicon.ORDINALS.get(name)


_DECADE = re.compile(r"([0-9]{2,4})['’]?s\b(?:\s?" + ERA + r")?")


def decade(text: str, at: int, before: str) -> Atom | None:
    """The 1930s, the 480s BC, the '30s."""
    match = _DECADE.match(text, at)
    if not match or match[1][-1] != "0":
        return None
    first, bc = int(match[1]), is_bc(match[2])
    if len(match[1]) == 2:
        if bc or match[2]:
            return Atom(at, match.end(), "decade", of_decade(first, bc))
        quoted = before[-1:] in {"'", "’", "‘"}
        if quoted or re.search(r"(?:[Tt]he|[Ee]arly|[Ll]ate|[Mm]id|\d0s,?\s(?:and|or|to))[\s-]$", before):
            return Atom(at - quoted, match.end(), "decade-anchored", wants=("decade",), numbers=(first,), confidence=0.7)
        return None
    if len(match[1]) == 3 and not (match[2] or re.search(r"\b(?:[Tt]he|[Ee]arly|[Ll]ate|[Mm]id)[\s-]$", before)):
        return None
    if first > LATEST:
        return None
    return Atom(at, match.end(), "decade", of_decade(first, bc))


_COMMAS = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\s?(B\.\s?C\.(?:\s?E\.)?|BCE?\b|bce?\b))?")


def with_commas(text: str, at: int, _before: str) -> Atom | None:
    """10,000 BC is a time, and a round one; every other number with commas is a quantity."""
    match = _COMMAS.match(text, at)
    if not match:
        return None
    if not match[2]:
        return Atom(at, match.end(), "quantity", wants=("nothing",))
    year = 1 - int(match[1].replace(",", ""))
    return Atom(at, match.end(), "year-bc", Span((year,), (year,), "year", approximate=True))


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


_HIJRI = re.compile(r"([0-9]{1,4})(?:\s?[-–]\s?([0-9]{1,4}))?\s?(A\.?H\.?|A\.?M\.?|A\.?U\.?C\.?)(?![A-Za-z])")
_HIJRI_BEFORE = re.compile(r"(?<![A-Za-z])(A\.?H\.?|A\.?M\.?|A\.?U\.?C\.?)\s?$")
_PLAIN = re.compile(r"([0-9]{1,4})(?:\s?[-–]\s?([0-9]{1,4}))?(?![0-9])")


def other_era(text: str, at: int, before: str) -> Atom | None:
    """AH 656, 5708 AM, 753 AUC."""
    start, match = at, _HIJRI.match(text, at)
    if match:
        name = match[3]
    elif (era := _HIJRI_BEFORE.search(before)) and (match := _PLAIN.match(text, at)):
        start, name = at - len(before) + era.start(), era[1]
    else:
        return None
    years = [int(year) for year in (match[1], match[2]) if year]
    first, last = years[0], max(years)
    name = name.replace(".", "")
    if name == "AH" and 1 <= first and last <= 1500:
        begin, end = calendars.islamic(first)[:2], calendars.gregorian_before(calendars.islamic(last + 1))[:2]
        return Atom(start, match.end(), "islamic-year", Span(begin, end, "year", calendar="islamic"))
    if name == "AM" and 3000 <= first and last <= 6000 and text[at - 1 : at] != ":":
        begin, end = calendars.hebrew(first)[:2], calendars.gregorian_before(calendars.hebrew(last + 1))[:2]
        return Atom(start, match.end(), "hebrew-year", Span(begin, end, "year", calendar="hebrew"))
    if name == "AUC" and 1 <= first and last <= 1300:
        return Atom(start, match.end(), "roman-year", Span((first - 753,), (last - 753,), "year", calendar="roman"))
    return None


_SEASON = re.compile(
    r"(?:\s(?:of|in))?,?\s(?:the\syear\s)?(?:A\.?D\.?\s)?([0-9]{1,4})(?:\s?[-–/]\s?([0-9]{1,4}))?(?![0-9]|[.,][0-9])(?:\s?" + ERA + r")?"
)
_IN_SEASON = re.compile(r"\b(?:[Tt]he|[Tt]hat|[Ii]n|[Bb]y|[Dd]uring|[Ff]ollowing|[Nn]ext|[Ss]ame|[Ee]arly|[Ll]ate|[Mm]id|[Ll]ast)(?:\s|-)$")


def season(text: str, at: int, before: str) -> Atom | None:
    """Winter 1941-2, the autumn of 1414; "that summer" needs its year from elsewhere."""
    token = TOKEN.match(text, at)
    assert token is not None
    number = lexicon.SEASONS[token[0].lower()]
    if match := _SEASON.match(text, token.end()):
        year = int(match[1])
        bc = is_bc(match[3])
        if year and (match[3] or EARLIEST <= year <= LATEST or len(match[1]) == 3):
            last = completed(match[1], match[2]) if match[2] and not bc else None
            year = astronomical(year, bc)
            form = f"{Span((year,), None, 'year').edtf[:-3]}-{number}"
            return Atom(at, match.end(), "season", Span((year,), (last or year,), "season", form=form))
    if token[0].lower() != "fall" and _IN_SEASON.search(before):
        return Atom(at, token.end(), "season-anchored", wants=("season",), numbers=(number,), confidence=0.6)
    return None


_ERA_AFTER = re.compile(r",?\s?" + ERA)


def counted(text: str, tokens: list[Token], i: int) -> list[Atom]:
    """The 12th century, the fifth century BC, the XIXth century, the fourth and fifth centuries, the second millennium BC."""
    word = tokens[i].word.lower()
    found: list[tuple[int, int, int]] = []  # number, start, end
    joints: list[str] = []
    at = i
    while len(found) < 4 and (ordinal := ordinal_before(text, tokens, at)):
        number, first = ordinal
        found.insert(0, (number, tokens[first].start, tokens[at - 1].end))
        before = text[max(0, tokens[first].start - 24) : tokens[first].start]
        joint = re.search(r"(?:\s?(?:[-–—/,&]|\band|\bto|\bor|\bthrough)\s?)(?:the\s)?(?:(?:early|mid|middle|late|very)[\s-])?(?:the\s)?$", before)
        if not joint:
            break
        joints.insert(0, joint[0].strip().split(" ")[0])
        back = tokens[first].start - len(before) + joint.start()
        while at > 0 and tokens[at - 1].end > back:
            at -= 1
        if at == 0:
            break
    if not found or any(not 1 <= number <= 60 for number, _, _ in found):
        return []
    return _counted_atoms(text, tokens[i], word, found, joints[-(len(found) - 1) :] if len(found) > 1 else [])


def _counted_atoms(text: str, token: Token, word: str, found: list[tuple[int, int, int]], joints: list[str]) -> list[Atom]:
    era = _ERA_AFTER.match(text, token.end)
    bc = is_bc(era[1]) if era else False
    make = of_millennium if word.startswith("mill") else of_century
    if (not bc and found[-1][0] > 21) or (word == "cent" and not era and len(text[found[-1][1] : token.start].strip()) > 12):
        return []
    spans = [make(number, bc) for number, _, _ in found]
    end = era.end() if era else token.end
    atoms = [Atom(start, stop, "century", span) for (_, start, stop), span in zip(found, spans, strict=True)]
    atoms[-1].end = end
    if word.startswith("mill"):
        for atom in atoms:
            atom.rule = "millennium"
    return atoms


def ordinal_before(text: str, tokens: list[Token], i: int) -> tuple[int, int] | None:
    """The number in figures, words or Roman numerals that ends before token `i`, and the token that it begins with."""
    if i == 0 or text[tokens[i - 1].end : tokens[i].start].strip(" -–\n'\""):
        return None
    last = tokens[i - 1]
    word = last.word.lower()
    if word in {"st", "nd", "rd", "th", "d"} and i > 1 and tokens[i - 2].end == last.start:
        previous = tokens[i - 2].word
        number = int(previous) if previous.isdigit() and len(previous) < 3 else lexicon.roman(previous)
        return (number, i - 2) if number else None
    if word in lexicon.ORDINALS:
        if i > 1 and tokens[i - 2].word.lower() in {"twenty", "thirty"} and (tens := f"{tokens[i - 2].word.lower()}-{word}") in lexicon.ORDINALS:
            return lexicon.ORDINALS[tens], i - 2
        return lexicon.ORDINALS[word], i - 1
    if last.word.isupper() and (numeral := lexicon.roman(last.word)):
        return numeral, i - 1
    return None


_SHORT_CENTURY = re.compile(r"C\.?([0-9]{1,2})(?:th|st|nd|rd)?\b(?![0-9./])(?:\s?" + ERA + r")?")


def short_century(text: str, at: int, before: str) -> Atom | None:
    """C19, C5th BC."""
    match = _SHORT_CENTURY.match(text, at)
    if not match or not 1 <= int(match[1]) <= 21 or before[-1:] in {"-", "/", "."}:
        return None
    return Atom(at, match.end(), "century", of_century(int(match[1]), is_bc(match[2])), confidence=0.7)


def worded_decade(text: str, at: int, before: str) -> Atom | None:
    """The eighteen-forties; the twenties, the 'sixties, which take their century from elsewhere."""
    token = TOKEN.match(text, at)
    assert token is not None
    tens = lexicon.DECADES[token[0].lower()]
    if (match := re.search(r"\b([A-Za-z]{3,9})[\s-]['’‘]?$", before)) and (teen := lexicon.TEENS.get(match[1].lower())):
        return Atom(at - len(before) + match.start(), token.end(), "decade", of_decade(teen * 100 + tens, False))
    if re.search(r"\b(?:[Tt]he|[Ee]arly|[Ll]ate|[Mm]id)[\s-](?:[Hh]ungry\s|[Rr]oaring\s|[Ss]winging\s|[Nn]aughty\s)?['’‘]?$", before):
        if re.search(r"\b(?:[Ii]n|[Ii]nto)\s(?:his|her|their)\s", before):
            return None
        return Atom(at, token.end(), "decade-anchored", wants=("decade",), numbers=(tens,), confidence=0.6)
    return None


_YEAR_OF = re.compile(r"[Yy]ear\s([IVX]{1,5})\b(?:\sof\sthe\s(?:French\s)?(?:Republic|Revolution))?")


def republican_year(text: str, at: int, _before: str) -> Atom | None:
    """Year II of the Republic."""
    match = _YEAR_OF.match(text, at)
    number = lexicon.roman(match[1]) if match else None
    if not match or not number or number > 14:
        return None
    begin, end = calendars.republican(number), calendars.gregorian_before(calendars.republican(number + 1))
    return Atom(at, match.end(), "republican-year", Span(begin, end, "year", calendar="republican"), confidence=0.8)


_ROMAN_DAY = re.compile(r"([IiNnKkC][a-z]{3,6})\sof\s([A-Z][a-z]{2,8})\b")
_LONG_MONTHS = {3, 5, 7, 10}


def roman_day(text: str, at: int, _before: str) -> Atom | None:
    """The Ides of March, 44 BC."""
    match = _ROMAN_DAY.match(text, at)
    month = lexicon.MONTHS.get(match[2].lower()) if match else None
    if not match or month is None:
        return None
    name = match[1].lower()
    day = 1 if name.startswith(("kal", "cal")) else (15 if month in _LONG_MONTHS else 13) if name == "ides" else 7 if month in _LONG_MONTHS else 5
    atom = _dated(text, at, match.end(), month, [day])
    atom.rule = "roman-day"
    return atom


Rule = Callable[[str, int, str], Atom | None]
AT_FIGURES: tuple[Rule, ...] = (numeric, day_month, decade, with_commas, other_era)
AT_WORDS: dict[str, tuple[Rule, ...]] = {
    **{name: (month_first,) for name in lexicon.MONTHS},
    **{name: (season,) for name in lexicon.SEASONS},
    **{name: (worded_decade,) for name in lexicon.DECADES},
    "year": (republican_year,),
    "c": (short_century,),
    **dict.fromkeys(("ides", "nones", "kalends", "calends"), (roman_day,)),
}
COUNTED = {"century", "centuries", "cent", "millennium", "millennia"}

__all__ = ["AT_FIGURES", "AT_WORDS", "COUNTED", "Atom", "Token", "around", "counted", "of_year", "tokens_of"]
