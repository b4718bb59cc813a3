"""The times of a text: the cascade over its tokens, the joining, and the settling of what leans on what stands before."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from backnumber.chronology import data, historic
from backnumber.chronology.anchors import AWAY, ENDS, PRESENT, WORDS, Narrative, relative
from backnumber.chronology.atoms import Atom, Token, day_span
from backnumber.chronology.cascade import AT_FIGURES, AT_WORDS, COUNTED
from backnumber.chronology.composing import composed
from backnumber.chronology.counting import counted
from backnumber.chronology.data import Period, Ruler
from backnumber.chronology.phrases import longest
from backnumber.chronology.spans import Span, of_year
from backnumber.chronology.years import year

BEFORE = 48
SHORT_NAMES = frozenset(
    [
        "Hen",
        "Henry",
        "Edw",
        "Edward",
        "Ric",
        "Rich",
        "Richard",
        "Eliz",
        "Elizabeth",
        "Jac",
        "Jas",
        "James",
        "Car",
        "Chas",
        "Charles",
        "Geo",
        "George",
        "Will",
        "Wm",
        "William",
        "Vict",
        "Victoria",
        "Ann",
        "Anne",
        "Mary",
        "Mar",
        "John",
        "Stephen",
    ]
)
RELATIVE = WORDS | AWAY | PRESENT | ENDS
_EDITION = re.compile(
    r"(?:\b(?:[Ee]d(?:it|n|s)?\.|[Ee]ditions?|[Pp]rinted|[Ii]mprint(?:ed)?|[Rr]eprint(?:ed)?|8vo|4to|12mo|[Ff]ol\.|[Ff]olio|Press|[Pp]ublished|[Pp]ublication|Lond\.|Oxon\.|Paris\.|"
    r"[Tt]om\.|[Vv]ols?\.|Publishers?|Books|ISBN|Penguin|Routledge|Macmillan|Faber|Journal|Review|Magazine)(?!\w)|\d[0-9a-z]*\.?,\sp+\.)"
)
_CITED = re.compile(r"\(\s?(?:[A-Z][\w.]+(?:\s(?:and|&|of)?\s?[A-Z][\w.]+){0,4},\s)?$")
_PLACE_YEAR = re.compile(
    r"\b(?:London|Oxford|Cambridge|Paris|Leipzig|Venice|Amsterdam|Edinburgh|Dublin|New York|Frankfort|Francf\.|Antwerp|Basle|Romæ?|Longman|Murray|Lugd|Lond|Edin\.|Oxf|Berlin|Boston),?\s$"
)
_EDITION_AFTER = re.compile(r"\s(?:edition|reprint|ed\.)")


@dataclass(slots=True)
class Told:
    """What the cascade found in one text: its times, and the events and rulers whose names it met on the way."""

    atoms: list[Atom]
    periods: list[tuple[int, int, Period]]
    rulers: list[tuple[int, int, list[Ruler]]]


def times_of(text: str, tokens: list[Token], issue: date | None) -> Told:
    """Promise: the settled times in the order of the text, and the named periods and rulers met on the way."""
    told = Told([], [], [])
    scan = _Scan(text, tokens, told)
    scan.run()
    atoms = _without_numbers(composed(text, _eras(text, scan.atoms)))
    names = scan.names
    years = [atom.span.lo[0] for atom in atoms if atom.span is not None and atom.span.lo is not None]
    glosses = _glosses(text, atoms)
    said = {atom.start: atom for atom in atoms if atom.span is not None}
    for start, end, candidates in names:
        beside = _beside(text, end, said)
        period = historic.chosen(candidates, [beside] if beside is not None else years)
        if _is_another(text[start:end], period, years):
            continue
        told.periods.append((start, end, period))
        event = period.key.startswith("event:")
        if beside is None or not event:
            atoms.append(
                Atom(
                    start,
                    end,
                    "event" if event else "period",
                    period.span,
                    confidence=0.85 if len(candidates) == 1 else 0.7,
                )
            )
    atoms = _without_overlap(_learnt(text, atoms, glosses))
    told.atoms = _settled(text, atoms, issue)
    return told


FOREIGN = 250  # years that a name of one word ("the Troubles") may lie from every year that its text names


def _is_another(name: str, period: Period, years: list[int]) -> bool:
    """Whether a name of one word means something else here, for the text tells of quite another time."""
    lo, hi = period.span.first_year, period.span.last_year
    if " " in name or period.kind != "period" or not years or lo is None or hi is None:
        return False
    return all(year < lo - FOREIGN or year > hi + FOREIGN for year in years)


_GAP = re.compile(r",?\s?\(?\s?(?:in|of|from|on)?\s?(?:[0-9]{1,2}\s)?")


def _beside(text: str, end: int, said: dict[int, Atom]) -> int | None:
    """The year that the text itself gives right after a name: "the Treaty of Paris (1783)", "the Boer War, 1899-02"."""
    gap = _GAP.match(text, end)
    assert gap is not None
    for at in (gap.end(), end + 1, end + 2):
        if (atom := said.get(at)) is not None and atom.span is not None and atom.span.lo is not None:
            return atom.span.lo[0]
    return None


@dataclass(slots=True)
class _Scan:
    """One pass over the tokens; each stage takes the tokens it reads, so that the longest reading comes first."""

    text: str
    tokens: list[Token]
    told: Told
    atoms: list[Atom] = field(default_factory=list)
    names: list[tuple[int, int, list[Period]]] = field(default_factory=list)
    reached: int = 0

    def run(self) -> None:
        titles, periods = data.titles().longest, data.periods().longest
        for i, token in enumerate(self.tokens):
            word = token.word
            if token.start < self.reached:
                continue
            if word in titles and (match := longest(self.text, self.tokens, i, data.titles())):
                self.reached = self.tokens[i + match[0] - 1].end
            elif word[0].isdecimal():
                self._take(_at_figures(self.text, token))
            elif not (word in periods and self._period(i)) and not self._historic(i, word):
                self._plain(i, token, word)

    def _take(self, atom: Atom | None) -> bool:
        if atom is None:
            return False
        self.atoms.append(atom)
        self.reached = atom.end
        return True

    def _period(self, i: int) -> bool:
        found = longest(self.text, self.tokens, i, data.periods())
        if found is None:
            return False
        start, end = self.tokens[i].start, self.tokens[i + found[0] - 1].end
        if not _whole(self.text, start, end, found):
            return False
        self.names.append((start, end, found[1]))
        self.reached = end
        return True

    def _historic(self, i: int, word: str) -> bool:
        """A feast, or a ruler and with the ruler perhaps a reign."""
        start = self.tokens[i].start
        if word in data.feasts().longest and (feast := historic.feast(self.text, self.tokens, i)):
            return (feast.span is not None or _at_feast(self.text, start)) and self._take(feast)
        ruler = (
            longest(self.text, self.tokens, i, data.rulers()[0]) if word in data.rulers()[0].longest else None
        )
        end = self.tokens[i + ruler[0] - 1].end if ruler else start
        if ruler:
            self.told.rulers.append((start, end, ruler[1]))
        if word in SHORT_NAMES and self._take(historic.short_reign(self.text, start)):
            return True
        if ruler is None:
            return False
        if not self._take(historic.reign(self.text, start, end, ruler[1])):
            self.reached = end
        return True

    def _plain(self, i: int, token: Token, word: str) -> None:
        lower = word.lower()
        if lower in COUNTED:
            for atom in counted(self.text, self.tokens, i):
                self._take(atom)
            return
        if lower not in AT_WORDS and word not in RELATIVE:
            return
        before = self.text[max(0, token.start - BEFORE) : token.start]
        for rule in AT_WORDS.get(lower, ()):
            if self._take(rule(self.text, token.start, before)):
                return
        if word in RELATIVE:
            self._take(relative(self.text, token.start, before, word))


_ARTICLE = re.compile(
    r"\b(?:the|this|that|an?|of|[Pp]re|[Pp]ost|during|English|French|early|late|high|after|before|since|[Uu]nder)[\s-]$",
    re.IGNORECASE,
)


def _whole(text: str, start: int, end: int, found: tuple[int, list[Period]]) -> bool:
    """Whether the words are the name: not half of a compound, and a single word of a period ("Restoration") has its article."""
    if (
        found[0] == 1
        and found[1][0].kind in {"period", "age"}
        and not _ARTICLE.search(text, max(0, start - 9), start)
    ):
        return False
    return text[end : end + 1] != "-" and not (
        text[start - 1 : start] == "-" and text[start - 2 : start - 1].islower()
    )


def _at_feast(text: str, start: int) -> bool:
    return bool(
        re.compile(
            r"\b(?:[Aa]t|[Oo]n|[Bb]y|[Bb]efore|[Aa]fter|[Ss]ince|[Uu]ntil|[Tt]hat|[Ff]east\sof|[Dd]uring)\s(?:the\s)?$"
        ).search(text, max(0, start - 16), start)
    )


def _at_figures(text: str, token: Token) -> Atom | None:
    at = token.start
    before = text[max(0, at - BEFORE) : at]
    if len(token.word) > 5:
        return None
    for rule in (*AT_FIGURES, historic.regnal_year):
        if atom := rule(text, at, before):
            return atom
    return year(text, at, before)


_LED = re.compile(r"\b(?:[Ii]n|[Ff]rom|[Uu]ntil|[Bb]y|[Ss]ince|[Aa]fter|[Bb]efore|[Bb]etween|of)\s$")
NEAR = 120  # years from the last date before Christ within which a number of one to three figures is another


def _eras(text: str, atoms: list[Atom]) -> list[Atom]:
    """Numbers of one to three figures soon after a date before Christ are such dates too: "in 430" after "431 BC"."""
    last: int | None = None  # the last year before Christ, while no later one has been told
    before: Atom | None = None
    done = []
    for atom in atoms:
        if atom.rule in {"year-bc", "range-bc"} and atom.span is not None and atom.span.lo is not None:
            last = 1 - atom.span.lo[0]
        elif atom.rule in {"year", "range", "year-era", "day"}:
            last = None
        elif (
            last is not None
            and atom.wants == ("number",)
            and atom.numbers[0] > 31
            and abs(atom.numbers[0] - last) <= NEAR
        ):
            joined = (
                before is not None
                and before.rule == "year-bc-implied"
                and text[before.end : atom.start] in {" to ", " and ", "-", "–"}
            )
            if joined or _LED.search(text, max(0, atom.start - 9), atom.start):
                last = atom.numbers[0]
                atom = replace(
                    atom, span=of_year(1 - last), rule="year-bc-implied", wants=None, confidence=0.8
                )
        before = atom
        done.append(atom)
    return done


def _without_numbers(atoms: list[Atom]) -> list[Atom]:
    return [atom for atom in atoms if atom.span is not None or atom.wants != ("number",)]


GLOSSES = 20  # labels that one text may teach
_GLOSSED = re.compile(
    r"\b[Tt]he\s("
    r"(?:[A-Z][\w'-]{1,20}\s(?:of\s(?:the\s)?)?){1,3}(?:years|era|period|age|decades|regime|interlude|ministry|administration|crisis|war|rebellion|rising)"
    r"|[A-Z][\w'-]{2,20}(?:\s(?:of\s(?:the\s)?)?[A-Z][\w'-]{2,20}){1,3})\s\(?$"
)


def _glosses(text: str, atoms: list[Atom]) -> dict[str, tuple[int, Span]]:
    """Labels that the text itself dates: "the Stalin years (1929-53)", "the Cod War (1958-61)"; from where on, and the span."""
    found: dict[str, tuple[int, Span]] = {}
    people = data.name_words("titles") | data.name_words("peers")
    for atom in atoms:
        if (
            len(found) == GLOSSES
            or atom.span is None
            or atom.span.lo is None
            or text[atom.start - 1 : atom.start] != "("
        ):
            continue
        match = (
            _GLOSSED.search(text, max(0, atom.start - 70), atom.start - 1)
            if text[atom.end : atom.end + 1] == ")"
            else None
        )
        if match and match[1].split()[0] not in people and match[1] not in found:
            found[match[1]] = atom.end, replace(atom.span, unit="period")
    return found


def _learnt(text: str, atoms: list[Atom], glosses: dict[str, tuple[int, Span]]) -> list[Atom]:
    """The labels found again further on, each with the span it was given."""
    for label, (after, span) in glosses.items():
        at = text.find(label, after)
        while at >= 0:
            atoms.append(Atom(at, at + len(label), "gloss", span, confidence=0.85))
            at = text.find(label, at + len(label))
    return atoms


def _without_overlap(atoms: list[Atom]) -> list[Atom]:
    """In the order of the text; of two that overlap the longer stays."""
    atoms.sort(key=lambda atom: (atom.start, -atom.end, atom.rule != "gloss"))
    kept: list[Atom] = []
    for atom in atoms:
        if kept and atom.start < kept[-1].end:
            if atom.end - atom.start > kept[-1].end - kept[-1].start and kept[-1].rule != "gloss":
                kept[-1] = atom
            continue
        kept.append(atom)
    return kept


def _settled(text: str, atoms: list[Atom], issue: date | None) -> list[Atom]:
    narrative = Narrative(None, issue)
    event: Atom | None = None
    done = []
    for atom in atoms:
        event = atom if atom.rule == "event" else event
        if atom.rule == "quantity" or atom.wants == ("nothing",):
            continue
        if atom.span is None:
            if event is not None and (day := _day_of(event, atom)):
                atom = replace(atom, span=day)
            elif atom.rule == "day-anchored" and _is_dateline(text, atom):
                atom = narrative.dated_by_issue(atom)
            elif atom.rule == "relative" and _TO_COME.match(text, atom.end):
                continue
            elif atom.wants is not None and atom.wants[0] == "feast":
                atom = replace(
                    atom, span=historic.feast_day(narrative.at[0], atom.wants[1]) if narrative.at else None
                )
            else:
                atom = narrative.settled(atom)
            if atom.span is None and atom.rule not in {"relative", "present"}:
                continue
        elif atom.narrative and _is_cited(text, atom):
            atom = replace(atom, narrative=False)
        narrative.heard(atom)
        done.append(atom)
    return done


NEAR_EVENT = 200  # characters


def _day_of(event: Atom, atom: Atom) -> Span | None:
    """The day in the year of an event just named, if it is in the event's own month: "Trafalgar was fought on October 21"."""
    span = event.span
    if (
        span is None
        or span.lo is None
        or len(span.lo) < 2
        or atom.wants != ("month",)
        or atom.start - event.end > NEAR_EVENT
    ):
        return None
    month, *days = atom.numbers
    if span.lo[1] != month or span.hi is None or span.hi[0] != span.lo[0]:
        return None
    return day_span([(span.lo[0], month, day) for day in days] or [(span.lo[0], month)])


_TO_COME = re.compile(r"\s(?:will|next|inst|instant|last|current)\b")
SIGNED = 60  # characters that a place and a day at the end of a letter may have


def _is_dateline(text: str, atom: Atom) -> bool:
    """A day at the end of a letter ("Winchester, March 26."), or one that is yet to come: a day of the issue, not of the story."""
    if _TO_COME.match(text, atom.end):
        return True
    stop = text.find("\n\n", atom.end, atom.end + 4)
    at_end = stop >= 0 or len(text) - atom.end < 4
    return at_end and text.rfind("\n\n", max(0, atom.start - SIGNED), atom.start) >= 0


def _is_cited(text: str, atom: Atom) -> bool:
    """A year of an edition or a citation: "(London, 1829)", "8vo. 1720", "the edition of 1604"."""
    if (
        atom.span is None
        or atom.span.unit not in {"year", "years"}
        or atom.rule in {"event", "period", "reign", "gloss"}
    ):
        return False
    before = text[max(0, atom.start - 40) : atom.start]
    if _EDITION_AFTER.match(text, atom.end):
        return True
    near = before[
        max(
            before.rfind(". ") if not _ABBREVIATED.search(before) else -1,
            before.rfind("\n"),
            before.rfind(";"),
        )
        + 1 :
    ]
    return bool(
        _EDITION.search(near)
        or (_PLACE_YEAR.search(before) and text[atom.end : atom.end + 1] in {".", ")", ",", ";"})
    )


_ABBREVIATED = re.compile(r"\b(?:ed|edit|edn|vols?|tom|fol|8vo|4to|12mo|Lond|p|pp)\.\s")
