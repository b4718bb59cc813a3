"""The times of a text: the cascade over its tokens, the joining, and the settling of what leans on what stands before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from backnumber.chronology import data, historic
from backnumber.chronology.anchors import AWAY, PRESENT, WORDS, Narrative, relative
from backnumber.chronology.atoms import AT_FIGURES, AT_WORDS, COUNTED, Atom, Token, counted
from backnumber.chronology.composing import composed
from backnumber.chronology.data import Period, Ruler
from backnumber.chronology.phrases import longest
from backnumber.chronology.spans import Span, of_year
from backnumber.chronology.years import year

BEFORE = 48
RELATIVE = WORDS | AWAY | PRESENT
_EDITION = re.compile(
    r"(?:\b(?:ed(?:it|n|s)?\.|[Ee]ditions?|[Pp]rinted|[Ii]mprint(?:ed)?|[Rr]eprint(?:ed)?|8vo|4to|12mo|[Ff]ol\.|[Ff]olio|Press|[Pp]ublished|[Pp]ublication|Lond\.|Oxon\.|Paris\.|"
    r"[Tt]om\.|[Vv]ols?\.|Publishers?|Books|ISBN|Penguin|Routledge|Macmillan|Faber|Journal|Review|Magazine)\b|\d[0-9a-z]*\.?,\sp+\.)"
)
_CITED = re.compile(r"\(\s?(?:[A-Z][\w.]+(?:\s(?:and|&|of)?\s?[A-Z][\w.]+){0,4},\s)?$")
_PLACE_YEAR = re.compile(r"\b(?:London|Oxford|Cambridge|Paris|Leipzig|Venice|Amsterdam|Edinburgh|Dublin|New York|Frankfort|Antwerp|Basle|Rome|Lugd|Lond|Oxf|Berlin|Boston),?\s$")
_EDITION_AFTER = re.compile(r"\s(?:edition|reprint|ed\.)")


@dataclass(slots=True)
class Told:
    """What the cascade found in one text: its times, and the events and rulers whose names it met on the way."""

    atoms: list[Atom]
    periods: list[tuple[int, int, Period]]
    rulers: list[tuple[int, int, Ruler]]


def times_of(text: str, tokens: list[Token], issue: date | None, sections: Sequence[int]) -> Told:
    """Promise: the settled times in the order of the text. `sections` are the places where a block begins."""
    told = Told([], [], [])
    names: list[tuple[int, int, list[Period], list[str]]] = []
    raw = _scanned(text, tokens, told, names)
    atoms = composed(text, raw)
    atoms = _eras(atoms)
    years = [atom.span.lo[0] for atom in atoms if atom.span is not None and atom.span.lo is not None]
    glosses = _glosses(text, atoms)
    for start, end, candidates, _ in names:
        period = historic.chosen(candidates, years)
        told.periods.append((start, end, period))
        rule = "event" if period.key.startswith("event:") else "period"
        atoms.append(Atom(start, end, rule, period.span, confidence=0.85 if rule == "event" or len(candidates) == 1 else 0.7))
    atoms = _without_overlap(_learnt(text, atoms, glosses))
    told.atoms = _settled(text, atoms, issue, sections)
    return told


def _scanned(text: str, tokens: list[Token], told: Told, names: list[tuple[int, int, list[Period], list[str]]]) -> list[Atom]:
    atoms: list[Atom] = []
    reached = 0
    first = {phrases: phrases.longest for phrases in (data.titles(), data.periods(), data.rulers()[0], data.feasts())}
    titles, periods, rulers, feasts = first.values()
    i, count = 0, len(tokens)
    while i < count:
        token = tokens[i]
        word = token.word
        if token.start < reached:
            i += 1
            continue
        if word in titles and (match := longest(text, tokens, i, data.titles())):
            reached = tokens[i + match[0] - 1].end
        elif word[0].isdigit():
            if atom := _at_figures(text, token):
                atoms.append(atom)
                reached = atom.end
        elif (lower := word.lower()) in COUNTED:
            for atom in counted(text, tokens, i):
                atoms.append(atom)
                reached = atom.end
        else:
            if word in periods and (found := longest(text, tokens, i, data.periods())) and _whole(text, token.start, tokens[i + found[0] - 1].end):
                names.append((token.start, tokens[i + found[0] - 1].end, found[1], []))
                i += found[0]
                continue
            if word in feasts and (feast := historic.feast(text, tokens, i)) and (feast[1].span is not None or _at_feast(text, token.start)):
                atoms.append(feast[1])
                reached = feast[1].end
            elif word in rulers and (ruler := longest(text, tokens, i, data.rulers()[0])):
                end = tokens[i + ruler[0] - 1].end
                told.rulers.append((token.start, end, ruler[1][0]))
                if atom := historic.reign(text, token.start, end, ruler[1]):
                    atoms.append(atom)
                    reached = atom.end
                i += ruler[0]
                continue
            elif lower in AT_WORDS:
                before = text[max(0, token.start - BEFORE) : token.start]
                for rule in AT_WORDS[lower]:
                    if atom := rule(text, token.start, before):
                        atoms.append(atom)
                        reached = atom.end
                        break
            if token.start >= reached and word in RELATIVE:
                before = text[max(0, token.start - BEFORE) : token.start]
                if atom := relative(text, token.start, before, word):
                    atoms.append(atom)
                    reached = atom.end
        i += 1
    return atoms


def _whole(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] != "-" and not (text[start - 1 : start] == "-" and text[start - 2 : start - 1].islower())


def _at_feast(text: str, start: int) -> bool:
    return bool(re.compile(r"\b(?:[Aa]t|[Oo]n|[Bb]y|[Bb]efore|[Aa]fter|[Ss]ince|[Uu]ntil|[Tt]hat|[Ff]east\sof|[Dd]uring)\s(?:the\s)?$").search(text, max(0, start - 16), start))


def _at_figures(text: str, token: Token) -> Atom | None:
    at = token.start
    before = text[max(0, at - BEFORE) : at]
    if len(token.word) > 5:
        return None
    for rule in (*AT_FIGURES, historic.regnal_year):
        if atom := rule(text, at, before):
            return atom
    return year(text, at, before)


def _eras(atoms: list[Atom]) -> list[Atom]:
    """Numbers of one to three figures in a text that counts before Christ: "in 431" beside "404 BC"; else they are not times."""
    bc = sum(atom.rule in {"year-bc", "range-bc"} or "-bc" in atom.rule for atom in atoms)
    ad = sum(atom.rule in {"year", "range", "year-era"} for atom in atoms)
    lows = [-atom.span.lo[0] for atom in atoms if "-bc" in atom.rule and atom.span is not None and atom.span.lo is not None]
    kept: list[Atom] = []
    for atom in atoms:
        if atom.wants != ("number",):
            kept.append(atom)
            continue
        value = atom.numbers[0]
        near = bool(lows) and min(lows) - 120 <= value <= max(lows) + 120
        if atom.rule == "year-short" and atom.span is not None:
            before_christ = bc > ad and near and value > 31
            kept.append(replace(atom, span=of_year(1 - value), rule="year-bc-implied") if before_christ else atom)
        elif atom.span is not None:
            kept.append(atom)
    return kept


_GLOSS = re.compile(r"\s\(\s?$")


def _glosses(text: str, atoms: list[Atom]) -> list[tuple[int, str, Span]]:
    """Labels that the text itself dates: "the Stalin years (1929-53)", "the Long Parliament (1640-60)"."""
    found = []
    for atom in atoms:
        if atom.span is None or atom.span.lo is None or text[atom.start - 1 : atom.start] != "(" or text[atom.end : atom.end + 1] != ")":
            continue
        label = _GLOSSED.search(text, max(0, atom.start - 60), atom.start - 1)
        if label:
            found.append((atom.end, label[1], replace(atom.span, unit="period")))
    return found


_GLOSSED = re.compile(
    r"\b[Tt]he\s((?:[A-Z][\w'’-]{1,20}\s(?:of\s(?:the\s)?)?){1,4}(?:years|era|period|age|decades|regime|dynasty|interlude|ministry|administration|crisis|war|rebellion|rising))\s\(?$"
    .replace("{1,4}", "{1,3}")
)


def _learnt(text: str, atoms: list[Atom], glosses: list[tuple[int, str, Span]]) -> list[Atom]:
    """The labels found again further on, each with the span it was given."""
    for after, label, span in glosses:
        at = text.find(label, after)
        while at >= 0:
            atoms.append(Atom(at, at + len(label), "gloss", span, confidence=0.85))
            at = text.find(label, at + len(label))
    return atoms


def _without_overlap(atoms: list[Atom]) -> list[Atom]:
    """In the order of the text; of two that overlap the longer stays."""
    atoms.sort(key=lambda atom: (atom.start, -atom.end))
    kept: list[Atom] = []
    for atom in atoms:
        if kept and atom.start < kept[-1].end:
            if atom.end - atom.start > kept[-1].end - kept[-1].start:
                kept[-1] = atom
            continue
        kept.append(atom)
    return kept


def _settled(text: str, atoms: list[Atom], issue: date | None, sections: Sequence[int]) -> list[Atom]:
    narrative = Narrative(None, issue)
    done = []
    for atom in atoms:
        if atom.rule == "quantity" or atom.wants == ("nothing",):
            continue
        if atom.span is None:
            if atom.wants is not None and atom.wants[0] == "feast":
                atom = replace(atom, span=historic.feast_day(narrative.at[0], atom.wants[1]) if narrative.at else None)
            else:
                atom = narrative.settled(atom)
            if atom.span is None and atom.rule not in {"relative", "present"}:
                continue
        elif atom.narrative and _is_cited(text, atom):
            atom = replace(atom, narrative=False)
        narrative.heard(atom)
        done.append(atom)
    return done


def _is_cited(text: str, atom: Atom) -> bool:
    """A year of an edition or a citation: "(London, 1829)", "8vo. 1720", "the edition of 1604"."""
    if atom.span is None or atom.span.unit not in {"year", "years"} or atom.rule in {"event", "period", "reign", "gloss"}:
        return False
    before = text[max(0, atom.start - 40) : atom.start]
    if _EDITION_AFTER.match(text, atom.end):
        return True
    near = before[max(before.rfind(". ") if not _ABBREVIATED.search(before) else -1, before.rfind("\n"), before.rfind(";")) + 1 :]
    return bool(_EDITION.search(near) or (_PLACE_YEAR.search(before) and text[atom.end : atom.end + 1] in {".", ")", ",", ";"}))


_ABBREVIATED = re.compile(r"\b(?:ed|edit|edn|vols?|tom|fol|8vo|4to|12mo|Lond|p|pp)\.\s")
