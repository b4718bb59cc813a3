"""Decades, seasons, round numbers of years before Christ, years of other eras and calendars, and short centuries."""

import re

from backnumber.chronology import calendars, lexicon
from backnumber.chronology.atoms import EARLIEST, ERA, LATEST, TOKEN, Atom, completed, is_bc
from backnumber.chronology.spans import Span, astronomical, of_century, of_decade

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
            return Atom(
                at - quoted,
                match.end(),
                "decade-anchored",
                wants=("decade",),
                numbers=(first,),
                confidence=0.7,
            )
        return None
    if len(match[1]) == 3 and not (
        match[2] or re.search(r"\b(?:[Tt]he|[Ee]arly|[Ll]ate|[Mm]id)[\s-]$", before)
    ):
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
    if name == "AH" and first >= 1 and last <= 1500:
        begin, end = calendars.islamic(first)[:2], calendars.gregorian_before(calendars.islamic(last + 1))[:2]
        return Atom(start, match.end(), "islamic-year", Span(begin, end, "year", calendar="islamic"))
    if name == "AM" and first >= 3000 and last <= 6000 and text[at - 1 : at] != ":":
        begin, end = calendars.hebrew(first)[:2], calendars.gregorian_before(calendars.hebrew(last + 1))[:2]
        return Atom(start, match.end(), "hebrew-year", Span(begin, end, "year", calendar="hebrew"))
    if name == "AUC" and first >= 1 and last <= 1300:
        return Atom(
            start, match.end(), "roman-year", Span((first - 753,), (last - 753,), "year", calendar="roman")
        )
    return None


_SEASON = re.compile(
    r"(?:\s(?:of|in))?,?\s(?:the\syear\s)?(?:A\.?D\.?\s)?([0-9]{1,4})(?:\s?[-–/]\s?([0-9]{1,4}))?(?![0-9]|[.,][0-9])(?:\s?"
    + ERA
    + r")?"
)
_APOSTROPHE = re.compile(r"\sof\s'([0-9]{2})\b")
_NO_SEASON = re.compile(
    r"'s|\s(?:months|season|holidays?|quarters|residence|palace|solstice|equinox|time|wheat|corn)\b"
)
_IN_SEASON = re.compile(
    r"\b(?:[Tt]he|[Tt]hat|[Ii]n|[Bb]y|[Dd]uring|[Ff]ollowing|[Nn]ext|[Ss]ame|[Ee]arly|[Ll]ate|[Mm]id|[Ll]ast)(?:\s|-)$"
)


def season(text: str, at: int, before: str) -> Atom | None:
    """Winter 1941-2, the autumn of 1414; "that summer" needs its year from elsewhere."""
    token = TOKEN.match(text, at)
    assert token is not None
    number = lexicon.SEASONS[token[0].lower()]
    if match := _APOSTROPHE.match(text, token.end()):
        year = 1900 + int(match[1])
        return Atom(
            at,
            match.end(),
            "season",
            Span((year,), (year,), "season", form=f"{year}-{number}"),
            confidence=0.7,
        )
    if match := _SEASON.match(text, token.end()):
        year = int(match[1])
        bc = is_bc(match[3])
        if year and (match[3] or EARLIEST <= year <= LATEST or len(match[1]) == 3):
            last = completed(match[1], match[2]) if match[2] and not bc else None
            year = astronomical(year, bc)
            form = f"{Span((year,), None, 'year').edtf[:-3]}-{number}"
            return Atom(at, match.end(), "season", Span((year,), (last or year,), "season", form=form))
    if token[0].lower() != "fall" and _IN_SEASON.search(before) and not _NO_SEASON.match(text, token.end()):
        return Atom(at, token.end(), "season-anchored", wants=("season",), numbers=(number,), confidence=0.6)
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
    if (match := re.search(r"\b([A-Za-z]{3,9})[\s-]['’‘]?$", before)) and (
        teen := lexicon.TEENS.get(match[1].lower())
    ):
        return Atom(
            at - len(before) + match.start(), token.end(), "decade", of_decade(teen * 100 + tens, False)
        )
    if re.search(
        r"\b(?:[Tt]he|[Ee]arly|[Ll]ate|[Mm]id)[\s-](?:[Hh]ungry\s|[Rr]oaring\s|[Ss]winging\s|[Nn]aughty\s)?['’‘]?$",
        before,
    ):
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
    return Atom(
        at, match.end(), "republican-year", Span(begin, end, "year", calendar="republican"), confidence=0.8
    )
