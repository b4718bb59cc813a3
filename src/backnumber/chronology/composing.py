"""What stands around and between the smallest expressions: "early", "c.", "after", "between ... and", "to", "or"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from backnumber.chronology.atoms import Atom, day_span
from backnumber.chronology.spans import Point, Span, around, joined, of_year, part_of

REACH = 64
_BEFORE = re.compile(
    r"(?:\b(?P<relation>[Aa]fter|[Bb]efore|[Bb]y|[Uu]ntil|[Tt]ill|[Uu]p\sto|[Ss]ince|[Ff]rom|[Bb]etween|[Pp]ost|[Pp]re|[Pp]rior\sto|"
    r"(?:[Nn]o|[Nn]ot)\s(?:later|earlier)\sthan|[Oo]nwards\sfrom|[Ff]rom\sat\sleast)(?:\s|-|–))?"
    r"(?:\b(?P<manner>(?:fl|r|b|d|reg|temp)\.?)\s?)?"
    r"(?:the\s(?=(?:early|mid|late|first|second|third|fourth|last|final|very|begin|start|opening|clos|end|turn|middle|year|night|day|month|summer|autumn|winter|spring|period)))?"
    r"(?:(?P<part>(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ll]ast|[Ll]atter|[Ff]ormer|[Ff]inal|[Oo]pening|[Cc]losing|[Ee]arly|[Ee]arlier|[Ll]ater?)\s"
    r"(?:half|quarter|third|decades?|years|months)(?:\sof)?|(?:[Ll]atter|[Ll]ater|[Ee]arly|[Ee]arlier|[Ff]ormer)\spart\sof|(?:very\s)?(?:[Bb]eginning|[Ss]tart|[Oo]pening|[Cc]lose|[Ee]nd|[Tt]urn|[Mm]iddle)\sof|"
    r"(?:[Ll]ate|[Ee]arly)\s(?:in|or\smid)|[Mm]id-to-late|[Ee]arly|[Mm]id|[Mm]iddle|[Ll]ater|[Ll]ate)(?:\s|-|–)(?:the\s)?)?"
    r"(?:\b(?P<night>(?:the\s)?(?:night|day|evening|morning|month|period|course)\sof\s(?:the\s)?|"
    r"(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day,?\s(?:the\s)?))?"
    r"(?:(?P<about>(?<![&\w])ca?\.|\bcirca|(?<![&\w])c|[Aa]bout|[Aa]round|[Aa]pproximately|[Rr]oughly|(?<![&\w])C\.|[Cc]irca|~)\s?|(?P<doubt>\?|[Pp]robably\s(?:in\s)?|[Pp]erhaps\s(?:in\s)?|[Pp]ossibly\s(?:in\s)?))?"
    r"(?:the\s)?(?:years?\s)?(?:of\sour\sLord\s)?$"
)
_PARTS = {
    "early": "early", "mid": "mid", "middle": "mid", "late": "late", "later": "late", "first half": "first half",
    "latter half": "second half",
    "former half": "first half",
    "second half": "second half", "last half": "second half", "first quarter": "first quarter", "second quarter": "second quarter",
    "third quarter": "third quarter", "fourth quarter": "last quarter", "last quarter": "last quarter", "final quarter": "last quarter",
    "first third": "first third", "second third": "second third", "last third": "last third", "final third": "last third",
    "third third": "last third", "first decade": "first decade", "last decade": "last decade", "final decade": "last decade",
    "first decades": "early", "last decades": "late", "final decades": "late", "opening decades": "early", "closing decades": "late",
    "early years": "early", "earlier years": "early", "early decades": "early", "early months": "early", "late years": "late",
    "later years": "late", "later decades": "late", "late decades": "late", "later months": "late",
    "opening years": "early", "closing years": "late", "first years": "early", "last years": "late", "final years": "late",
    "opening months": "early", "closing months": "late", "last months": "late", "final months": "late", "first months": "early",
    "latter part": "late", "later part": "late", "early part": "early", "earlier part": "early", "former part": "early",
    "beginning": "early", "start": "early", "opening": "early", "close": "late", "end": "late", "mid-to-late": "second half",
}  # fmt: skip
_LATER = re.compile(r"(?:after|since|post|onwards|from at|(?:no|not)\searlier)", re.IGNORECASE)
_EARLIER = re.compile(r"(?:before|by|until|till|up to|pre|prior|(?:no|not)\slater)", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?P<dash>\s?[-–—]\s?(?:the\s)?)|,?\s(?P<to>to|until|till|through|up\sto|down\sto)\s(?:the\s)?|\s?(?P<and>,?\sand|&)\s(?:the\s)?|(?:,?\seither)?\s(?P<or>or)\s(?:in\s)?|(?P<comma>,\s)"
)
_ONWARDS = re.compile(r"\s(?:on|onwards?|forwards?)\b(?!\s(?:the|a|his|her|its|their|[A-Z0-9]))")
_DOUBT_AFTER = re.compile(r"\s?(?:\(\?\)|\[\?\]|\?(?=[-–,;)\]]))")


def composed(text: str, atoms: Sequence[Atom]) -> list[Atom]:
    """Promise: the atoms with what stands before each taken in, and those that make one range or choice joined."""
    done: list[Atom] = []
    i = 0
    while i < len(atoms):
        atom = atoms[i]
        floor = done[-1].end if done else 0
        before = _BEFORE.search(text, max(floor, atom.start - REACH), atom.start)
        relation = (before["relation"] or "").lower() if before else ""
        led = before.start("relation") if before and relation else atom.start
        own = _with_part(text, atom, before)
        i += 1
        if i < len(atoms) and (pair := _joined(text, own, atoms[i], relation)):
            done.extend(_finished(text, each) for each in pair)
            i += 1
        else:
            done.append(_finished(text, own, relation, led))
    return [atom for atom in done if atom.span is not None or atom.wants is not None]


def _with_part(text: str, atom: Atom, before: re.Match[str] | None) -> Atom:
    if before is None or atom.rule in {"quantity", "period", "event", "reign"}:
        return atom
    start = min(
        (before.start(name) for name in ("manner", "part", "night", "about", "doubt") if before[name]),
        default=atom.start,
    )
    about, doubt, part = before["about"], before["doubt"], before["part"]
    if about and atom.wants and atom.span is None and about.lower().rstrip(".") not in {"c", "ca", "circa"}:
        about = None
    if atom.wants == ("number",) and atom.span is None and about and about != "C." and atom.numbers[0] > 99:
        atom = replace(atom, span=of_year(atom.numbers[0]), rule="year-about", confidence=0.75)
    span = atom.span
    if span is None:
        return replace(atom, start=start, part=_part_named(part) if part else atom.part)
    if part:
        name = _part_named(part)
        span = _turn(span) if name == "turn" else part_of(span, name)
    if about and span.unit in {"year", "years", "decade", "century"}:
        span = around(span)
    if doubt or _DOUBT_AFTER.match(text, atom.end) or (atom.start < 2 and text[atom.end :].strip() == "?"):
        span = replace(span, uncertain=True)
    return replace(atom, start=min(start, atom.start), span=span)


def _part_named(words: str) -> str:
    name = " ".join(words.lower().replace("very ", "").split())
    if name.startswith("turn"):
        return "turn"
    for tail in (" of", " in", " or mid"):
        name = name.removesuffix(tail)
    return _PARTS.get(name, "")


def _turn(span: Span) -> Span:
    """The turn of the twentieth century is about 1900."""
    if span.unit != "century" or span.lo is None:
        return span
    first = span.lo[0]
    return Span((first - 6,), (first + 4,), "years", approximate=True)


def _finished(text: str, atom: Atom, relation: str = "", led: int = 0) -> Atom:
    span = atom.span
    if span is None:
        return atom
    end = onwards.end() if (onwards := _ONWARDS.match(text, atom.end)) and span.lo is not None else atom.end
    if onwards and atom.rule not in {"event", "period"}:
        return replace(atom, end=end, span=_open(span, later=True), rule=f"from-{atom.rule}")
    if not relation or relation in {"from", "between"} or span.hi is None or atom.rule in {"event", "period"}:
        return atom
    later, earlier = bool(_LATER.match(relation)), bool(_EARLIER.match(relation))
    if not (later or earlier):
        return atom
    return replace(
        atom, start=led, span=_open(span, later), rule=f"{'after' if later else 'before'}-{atom.rule}"
    )


def _open(span: Span, later: bool) -> Span:
    if later:
        return replace(span, lo=span.lo, hi=None, form="", unit="years")
    return replace(span, lo=None, hi=span.hi, form="", unit="years")


def _joined(text: str, first: Atom, second: Atom, relation: str) -> list[Atom] | None:
    """The two as one range or one choice, or as two of which the one has learnt from the other; None if nothing joins them."""
    gap = text[first.end : second.start]
    if len(gap) > 40 or second.rule == "quantity":
        return None
    match = _BETWEEN.match(gap)
    if not match or "event" in {first.rule, second.rule}:
        return None
    rest = gap[match.end() :]
    inner = _BEFORE.search(gap, match.end())
    if rest and not (inner and inner.start() == match.end() and not inner["relation"]):
        return None
    second = _with_part(text, second, inner if rest else None)
    if match["comma"]:
        return _of_reign(first, second)
    learnt = _taught(first, second)
    if learnt is None or learnt.span is None or second.span is None:
        return None
    if match["or"]:
        return _choice(learnt, second)
    if (match["and"] and relation != "between") and not (
        first.wants == ("month",) and len(first.numbers) == 1
    ):
        return [learnt, second] if learnt is not first else None
    if match["and"] and first.span is not None and relation != "between":
        return None
    span = joined(learnt.span, second.span)
    if span is None:
        return None
    return [
        replace(
            second,
            start=first.start,
            span=span,
            rule="range",
            wants=None,
            confidence=min(learnt.confidence, second.confidence),
        )
    ]


def _of_reign(first: Atom, second: Atom) -> list[Atom] | None:
    """2 January, 34 Henry VI: the day that lies in that year of the reign."""
    if (
        first.wants != ("month",)
        or len(first.numbers) != 2
        or second.rule != "regnal-year"
        or second.span is None
    ):
        return None
    lo, hi = second.span.lo, second.span.hi
    for year in {lo[0], hi[0]} if lo and hi else ():
        if lo is not None and hi is not None and lo <= (year, *first.numbers) <= hi:
            return [
                replace(
                    second, start=first.start, span=day_span([(year, *first.numbers)]), rule="day", wants=None
                )
            ]
    return None


def _taught(first: Atom, second: Atom) -> Atom | None:
    """The first of two, with the year or era that the second brings: "28 June to 3 July 1914", "431 to 404 BC"."""
    if second.span is None or second.span.lo is None:
        return None
    year = second.span.lo[0]
    if (
        first.wants == ("number",)
        and second.rule in {"year-bc", "year-bc-implied", "range-bc"}
        and first.numbers[0] > 1 - year
    ):
        return replace(first, span=of_year(1 - first.numbers[0]), rule="year-bc")
    if (
        first.rule == "year"
        and second.rule == "year-bc"
        and first.span
        and first.span.lo
        and first.span.lo[0] > 1 - year
    ):
        return replace(first, span=of_year(1 - first.span.lo[0]), rule="year-bc")
    if (
        first.wants == ("number",)
        and second.rule in {"year", "year-era", "year-short"}
        and first.span is None
    ):
        return (
            replace(first, span=of_year(first.numbers[0]))
            if first.numbers[0] < year and first.numbers[0] > 99
            else None
        )
    if first.wants == ("month",) and second.rule in {"day", "month"}:
        month, *days = first.numbers
        if len(second.span.lo) > 1 and month > second.span.lo[1]:
            return None
        points: list[Point] = [(year, month, day) for day in days]
        return replace(
            first,
            span=day_span(points or [(year, month)], second.span.calendar),
            rule=second.rule,
            wants=None,
        )
    if (
        first.rule == "century"
        and second.rule == "century"
        and first.span
        and first.span.lo
        and first.span.lo[0] > year
    ):
        return None
    return first if first.span is not None else None


def _choice(first: Atom, second: Atom) -> list[Atom] | None:
    assert first.span is not None
    assert second.span is not None
    a, b = first.span, second.span
    if (
        a.unit != b.unit
        or a.unit not in {"year", "month", "day"}
        or a.lo is None
        or b.hi is None
        or a.lo > b.hi
    ):
        return None
    form = f"[{a.edtf},{b.edtf}]"
    span = Span(a.lo, b.hi, "years", form=form, calendar=b.calendar)
    return [replace(second, start=first.start, span=span, rule="choice", wants=None)]
