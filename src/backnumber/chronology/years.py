"""Numbers that are years, and numbers that are not: pages, money, quantities, times of day, marks of manuscripts."""

import re

from backnumber.chronology.atoms import EARLIEST, ERA, LATEST, Atom, completed, is_bc
from backnumber.chronology.spans import Span, astronomical, of_year

_YEAR = re.compile(
    r"([0-9]{1,5})(?:,?\s?" + ERA + r")?"
    r"(?:(\s?[-–—/]\s?|\s[-–—]\s)(A\.\s?D\.\s?|AD\s)?([0-9]{1,4})(?![0-9]|[,.][0-9]|[a-z]|[’'])(?:,?\s?"
    + ERA
    + r")?)?"
)
_ANNO = re.compile(r"(?<![A-Za-z])(A\.\s?D\.|AD|[Aa]nno(?:\s[Dd]omini|\s[Dd]om\.)?|[Aa]nn?\.)\s?$")
_CUE = re.compile(
    r"\b(?:[Ii]n\s(?:the\syear\s(?:of\s(?:our\sLord|grace)\s)?)?|[Tt]he\syears?\s(?:of\s(?:our\sLord|grace)\s)?|[Yy]ears?\s|[Ss]ince\s|[Uu]ntil\s|"
    r"[Bb]y\s|[Ff]rom\s|[Bb]efore\s|[Aa]fter\s|[Bb]etween\s|[Dd]uring\s|(?<![&\w])ca?\.\s?|circa\s|[Bb]orn\s(?:in\s)?|[Dd]ied\s(?:in\s)?|[Ss]pring\s|[Ss]ummer\s)$"
)
_REIGN = re.compile(
    r"(?:\b(?:r|fl|reg|ruled|reigned)\.?\s?(?:c\.\s?|ca\.\s?)?|[(\[;,]\s?(?:c\.\s?|ca\.\s?)?|\b[bd]\.\s?(?:c\.\s?)?)$"
)
# What before a number says that it is no year.
_NOT_BEFORE = re.compile(
    r"(?:[£$€¥#§=×+<>%/@]\s?|\b(?!c\.)[ivxlc]{1,6}\.\s|\b(?:pp?|[Vv]ols?|[Nn]os?|fols?|ff?|chaps?|caps?|lib|bk|sect?|figs?|pl|lines?|verses?|vv?|n|MSS?|Add|Harl|Cott|Roy|Sloane|"
    r"Lansd|Egerton|tom|Tel|tel|ibid|Ps|Rs|l|Cod|cod)\.?,?\s?|\b(?:[Pp]ages?|[Vv]olumes?|[Nn]umbers?|[Ff]olios?|[Cc]hapters?|[Ss]ections?|[Ff]igures?|[Ll]ines?|"
    r"[Vv]erses?|[Pp]art|[Rr]oom|[Pp]lates?|[Ll]ot|[Ss]heet|[Mm]anuscript|[Rr]oute|[Ff]light|[Bb]ox|[Ii]tem|[Tt]able|[Cc]ode|[Tt]elephone|"
    r"[Ss]quadron|[Ll]ocomotive|[Pp]opulation(?:\sof)?|[Aa]ltitude|[Hh]eight(?:\sof)?|[Ss]ome|[Oo]ver|[Nn]early|[Aa]lmost|[Aa]t\sleast|[Uu]pwards\sof|"
    r"[Mm]ore\sthan|[Ff]ewer\sthan|[Ll]ess\sthan|[Aa]nother|[Tt]otal(?:l?ing)?(?:\sof)?|[Cc]olt|[Bb]oeing|[Pp]orsche|Windows|Unit|Camp|Stalag|U-|HMS\s[A-Z]\w+|"
    r"[Oo]nly)\s|(?:Vict|Eliz|Car|Jac|Geo|Will|Hen|Edw|Ann|Anne|[IVX]{1,4})\.?,?\sc\.\s)$"
)
_NOUNS = (
    r"men|women|people|persons|souls|soldiers|troops|infantry|cavalry|horse|horsemen|foot|knights|archers|prisoners|ships|vessels|guns|cannons?|tons?|tonnes|"
    r"miles?|yards?|feet|ft|metres?|meters?|inches|in\.|acres?|hectares|pounds|lbs?|shillings|pence|francs|livres|ducats|florins|marks|crowns|dollars|"
    r"years?|months?|weeks?|days|hours?|hrs|minutes|seconds|times|copies|volumes|pages|books|houses|homes|families|inhabitants|members|"
    r"students|children|workers|slaves|casualties|dead|killed|wounded|deaths|victims|Jews|civilians|refugees|sailors|marines|officers|rifles|muskets|"
    r"aircraft|planes|tanks|bombers|horses|cattle|sheep|head|bushels|barrels|gallons|litres|degrees|percent|per\scent|cent|million|billion|thousand|"
    r"km|kg|mph|rpm|cc|hp|words|lines|verses|others|Turks|Saxons|Danes|Frenchmen|Englishmen|Germans|Russians|Americans|Japanese|Spaniards|more|a\.m|p\.m|am|pm"
)
_NOT_AFTER = re.compile(
    r"(?:[%°′″²³$€£]|\s?[×=]|:[0-9]|[-–](?:" + _NOUNS + r"|strong|year|foot|ton|man|mile|acre|page)\b"
    r"|\s(?:or\sso\s|or\smore\s|armed\s|French\s|British\s|English\s|German\s|square\s|cubic\s|mounted\s|Roman\s|Spanish\s|Russian\s|American\s|enemy\s|nautical\s|dead\s|"
    r"[a-z]{4,10}ed\s|foot\s)?(?:" + _NOUNS + r")(?:\b|(?=\.)))"
)
_STRONG = re.compile(r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Tt]he|[Yy]ear|[A-Z][a-z]{2,8}|\))[,]?\s$")
_PREDICATE = re.compile(r"\s(?:were|are|had|have|who|of\s(?:them|the|whom|his|their|these))\b")
_COUNTED = re.compile(r"\sof\s(?:them|whom|which|these|those|his|their)\b")
_VAGUE = re.compile(
    r"\b(?:[Aa]bout|[Aa]round|[Aa]\sforce\sof|[Aa]n\sarmy\sof|[Ss]ome|[Rr]oughly|[Aa]nd|[Oo]f|[Tt]o|[Ww]ith)\s$"
)
_SHORT_CUE = re.compile(
    r"\b(?:[Ii]n\s(?:the\syear\s(?:of\s(?:our\sLord|grace)\s)?)?|[Tt]he\syear\s|[Uu]ntil\s|[Ss]ince\s|(?<![&\w])ca?\.\s?|circa\s)$"
)
_SHORT_AFTER = re.compile(
    r"(?:\.?$|[,;:)]\s|\.\s|\.?\n|\s(?:and|but|the|he|she|it|they|when|after|by|with|that|his|a|an|to|at|was|were|in|on|[A-Z][a-z]+)\b)"
)


def year(text: str, at: int, before: str) -> Atom | None:
    """1348; AD 79; 44 BC; 27 BC-AD 14; 1914-18; 431-404 BC; 1648/9; 1914-. A plain number becomes an atom that wants its era."""
    match = _YEAR.match(text, at)
    assert match is not None
    anno = _ANNO.search(before)
    start = at - len(before) + anno.start() if anno else at
    if match[5] and (atom := _range(text, start, match, anno is not None, before)):
        return atom
    figures, era = match[1], match[2]
    end = match.end(2) if era else match.end(1)
    if text[end : end + 1].isalpha() or (not era and re.compile(r"[.,][0-9]").match(text, end)):
        return None
    value = int(figures)
    if era or anno:
        if value == 0 or (not is_bc(era) and value > LATEST):
            return None
        rule = "year-bc" if is_bc(era) else "year-era"
        return Atom(start, end, rule, of_year(astronomical(value, is_bc(era))), confidence=0.98)
    if _NOT_BEFORE.search(before) or _NOT_AFTER.match(text, end):
        return None
    if _COUNTED.match(text, end) or before.endswith("| ") or text[end : end + 2] == " |":
        return None
    if len(figures) == 4 and EARLIEST <= value <= LATEST:
        return _bare(text, at, end, value, before)
    if len(figures) <= 4 and 0 < value < EARLIEST:
        known = len(figures) == 3 and bool(_SHORT_CUE.search(before)) and bool(_SHORT_AFTER.match(text, end))
        return Atom(at, end, "year-short", of_year(value) if known else None, ("number",), (value,), 0.7)
    return None


def _bare(text: str, at: int, end: int, value: int, before: str) -> Atom | None:
    if value % 100 == 0 and not _STRONG.search(before) and _VAGUE.search(before):
        return (
            Atom(at, end, "year-short", None, ("number",), (value,), 0.5)
            if not _PREDICATE.match(text, end)
            else None
        )
    if _PREDICATE.match(text, end) and _VAGUE.search(before) and value % 10 == 0:
        return None
    if text[at - 1 : at] in {".", ":", "-", "–", "/"} and text[at - 2 : at - 1].isdecimal():
        return None
    if re.compile(r"[-–](?:\s*\)|\s*$|\s*;|,\s)").match(text, end) and text[end : end + 2] != "--":
        return Atom(at, end + 1, "year-open", Span((value,), None, "years"))
    confidence = 0.97 if _CUE.search(before) or _STRONG.search(before) else 0.9
    return Atom(at, end, "year", of_year(value), confidence=confidence)


def _range(text: str, start: int, match: re.Match[str], anno: bool, before: str) -> Atom | None:
    head, era, joint, later_anno, tail, later_era = match.groups()
    first, last, end = int(head), int(tail), match.end()
    if not (first and last) or _NOT_BEFORE.search(before):
        return None
    if is_bc(later_era) or (is_bc(era) and not later_anno and not later_era and last < first):
        return _before_christ(start, end, head, tail, era)
    if is_bc(era) and (later_anno or later_era):
        return Atom(start, end, "range-era", Span((1 - first,), (last,), "years"), confidence=0.98)
    sure = anno or bool(era or later_era or later_anno)
    if (
        not sure
        and (not EARLIEST <= first <= LATEST)
        and not (len(head) == 3 and _REIGN.search(before) and len(tail) > 1)
    ):
        return None
    if joint.strip() == "/":
        return _double_year(start, end, head, tail)
    later = completed(head, tail) if len(tail) < len(head) else last if last > first else None
    if (
        later is None
        or later > LATEST + 30
        or (joint.strip() == "—" and len(tail) < len(head))
        or _NOT_AFTER.match(text, end)
    ):
        return None
    if not sure and later - first > 600:
        return None
    return Atom(
        start, end, "range-era" if sure else "range", Span((first,), (later,), "years"), confidence=0.96
    )


def _double_year(start: int, end: int, head: str, tail: str) -> Atom | None:
    later = completed(head, tail) if len(tail) < len(head) else int(tail)
    if later is None or not int(head) < later <= int(head) + 10:
        return None
    return Atom(start, end, "double-year", Span((int(head),), (later,), "years"))


def _before_christ(start: int, end: int, head: str, tail: str, era: str | None) -> Atom | None:
    """431-404 BC, 44-3 BC: the second number is the later year and so the smaller; a short one completes itself if that still holds."""
    first, last = int(head), int(tail)
    if len(tail) < len(head) and not era:
        full = int(head[: -len(tail)] + tail)
        last = full if full < first else last
    if last >= first:
        return None
    return Atom(start, end, "range-bc", Span((1 - first,), (1 - last,), "years"), confidence=0.98)
