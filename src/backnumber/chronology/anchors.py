"""Times that only what stands before them settles: "in June", "that year", "ten years later", "the following spring". They lean on the
last time told in the narrative; "last year" and "today" lean on the day of the issue and are times of publication.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from backnumber.chronology import calendars, lexicon
from backnumber.chronology.atoms import Atom, day_span
from backnumber.chronology.spans import Point, Span, is_a_day, of_century, of_decade, of_year, part_of

_UNIT = r"(days?|weeks?|months?|years?|decades?|century|centuries|spring|summer|autumn|winter|morning|evening|night|afternoon)"
NEXT, SAME, PREVIOUS = 1, 0, -1
_WHICH = {
    "following": NEXT, "next": NEXT, "ensuing": NEXT, "succeeding": NEXT, "same": SAME, "that": SAME, "said": SAME,
    "previous": PREVIOUS, "preceding": PREVIOUS, "prior": PREVIOUS, "last": PREVIOUS, "this": SAME,
}  # fmt: skip
_NEIGHBOUR = re.compile(
    r"(following|next|ensuing|succeeding|same|that|said|previous|preceding|prior|last|this|That|This|Last|Next)\s(?:very\s|same\s)?"
    + _UNIT + r"\b(?!['’]s\s(?:campaign|work)|\s(?:of|in)\s(?:his|her|the|their|its|which)\b)"
)  # fmt: skip
_MONTH = re.compile(
    r"(following|next|same|that|previous|preceding|last|this|That|This|Last)\s([A-Z][a-z]{2,8})\b"
)
_AWAY = re.compile(
    r"(?:\b([A-Za-z]{1,9}(?:-[a-z]{3,6})?|[0-9]{1,3})\s(?:full\s|short\s|more\s|brief\s|whole\s)?(days?|weeks?|fortnight|months?|years?|decades?|century|centuries)\s)$"
)
_OF_NEXT = re.compile(r"(?:[Tt]he\s)(day|week|month|year|decade|century|morning)\s$")
_STOP = re.compile(
    r"\s?(?:[,.;:)–—-]|$|\n|(?:he|she|it|they|the|his|her|their|and|a|an|in|to|with|by|at|was|were|when|that|came|on|King|Queen)\b)"
)
WORDS = frozenset(_WHICH) | {"That", "This", "Last", "Next"}
AWAY = {"later", "earlier", "afterwards", "afterward", "after", "before", "previously", "ago", "hence"}
ENDS = {"end", "beginning", "middle", "start", "close"}
_END = re.compile(
    r"(end|beginning|middle|start|close)\sof\s(the|that|this)\s(day|week|month|year|decade|century)\b(?!\s(?:[0-9]|of\b))"
)
PRESENT = {"today", "nowadays", "Today", "Nowadays"}


def relative(text: str, at: int, before: str, word: str) -> Atom | None:
    """Promise: an atom that says how far from another time this one is, for `resolved` to settle."""
    if word in PRESENT:
        return Atom(
            at,
            at + len(word),
            "present",
            wants=("present", "day"),
            numbers=(0,),
            confidence=0.6,
            narrative=False,
        )
    if word in ENDS:
        match = _END.match(text, at)
        part = {"beginning": "early", "start": "early", "middle": "mid"}.get(word, "late")
        return (
            Atom(
                at,
                match.end(),
                "relative",
                wants=("step", match[3]),
                numbers=(SAME,),
                confidence=0.6,
                part=part,
            )
            if match
            else None
        )
    if word in AWAY:
        return _away(text, at, before, word)
    if match := _NEIGHBOUR.match(text, at):
        return _neighbour(match, before)
    if (match := _MONTH.match(text, at)) and (month := lexicon.MONTHS.get(match[2].lower())):
        which = _WHICH[match[1].lower()]
        return Atom(
            at, match.end(), "month-relative", wants=("month-from",), numbers=(which, month), confidence=0.7
        )
    return None


def _neighbour(match: re.Match[str], before: str) -> Atom | None:
    word, unit = match[1].lower(), _singular(match[2])
    if match[2].endswith("s") or (
        word in {"this", "last"} and unit in {"night", "morning", "evening", "afternoon", "day"}
    ):
        return None
    the = re.search(r"\b[Tt]he\s$", before)
    start = match.start() - 4 if the else match.start()
    if word in {"last", "next", "this"} and not the:
        if word == "this" and unit in {"spring", "summer", "autumn", "winter"}:
            word = "that"
        else:
            return Atom(
                start,
                match.end(),
                "present",
                wants=("present", unit),
                numbers=(_WHICH[word],),
                confidence=0.6,
                narrative=False,
            )
    if word == "last":
        return None
    if (
        word in {"same", "said", "following", "next", "previous", "preceding", "prior"}
        and not the
        and word not in {"following", "next"}
    ):
        return None
    return Atom(start, match.end(), "relative", wants=("step", unit), numbers=(_WHICH[word],), confidence=0.7)


def _away(text: str, at: int, before: str, word: str) -> Atom | None:
    end = at + len(word)
    back = word in {"earlier", "before", "previously", "ago"}
    if word in {"after", "before"} and not _STOP.match(text, end):
        return None
    if match := _AWAY.search(before):
        number = lexicon.NUMBERS.get(match[1].lower()) or (int(match[1]) if match[1].isdecimal() else None)
        if number is None or (
            word in {"after", "before"}
            and re.compile(r"\s(?:the|his|her|their|that|he|she|it|they|a|King|Queen)\b").match(text, end)
        ):
            return None
        if (
            text.startswith(" than", end)
            or before[: match.start()].endswith(",")
            or before[: match.start()].endswith("half ")
        ):
            return None
        vague = match[1].lower() in {"few", "several"}
        if match[1].lower() in {"few", "couple"}:
            return None
        start = at - len(before) + match.start()
        unit = _singular(match[2])
        if word == "ago":
            return Atom(
                start,
                end,
                "present",
                wants=("present", unit),
                numbers=(-number,),
                confidence=0.5,
                narrative=False,
            )
        return Atom(
            start,
            end,
            "relative",
            wants=("step", unit),
            numbers=(-number if back else number,),
            confidence=0.5 if vague else 0.7,
        )
    if (
        word in {"after", "before"}
        and (match := _OF_NEXT.search(before))
        and re.compile(r"\s?[,.;)]").match(text, end)
    ):
        step = PREVIOUS if back else NEXT
        return Atom(
            at - len(before) + match.start(),
            end,
            "relative",
            wants=("step", match[1]),
            numbers=(step,),
            confidence=0.7,
        )
    return None


def _singular(unit: str) -> str:
    if unit == "centuries":
        return "century"
    if unit in {"morning", "evening", "night", "afternoon"}:
        return "day"
    return unit.removesuffix("s")


HALF_A_YEAR = 6  # months
FAR = 300  # years that a bare number of three figures may lie from the last time and still move the narrative


@dataclass(slots=True)
class Narrative:
    """The last time told: its point, and the Christian era it lies in."""

    at: Point | None = None
    issue: date | None = None

    def heard(self, atom: Atom) -> None:
        """Promise: takes a settled time in, if it says where in time the narrative stands."""
        span = atom.span
        if (
            span is None
            or not atom.narrative
            or atom.rule in {"event", "period", "reign", "present", "gloss"}
        ):
            return
        if span.lo is None:
            self.at = span.hi
            return
        if atom.rule == "year-short" and self.at is not None and abs(self.at[0] - span.lo[0]) > FAR:
            return
        if (
            span.unit in {"century", "millennium", "decade"}
            and self.at is not None
            and span.lo[0] <= self.at[0] <= (span.hi or span.lo)[0]
        ):
            return
        self.at = span.lo

    def settled(self, atom: Atom) -> Atom:
        """Promise: the atom with its span; one that nothing settles keeps none."""
        assert atom.wants is not None
        span = self._span(atom)
        if span is not None and atom.part:
            span = part_of(span, atom.part)
        return replace(atom, span=span)

    def dated_by_issue(self, atom: Atom) -> Atom:
        """Promise: a day of the issue's own year, or of the year before it where that is nearer; nothing without an issue."""
        month, *days = atom.numbers
        if self.issue is None:
            return replace(atom, span=None, rule="present", narrative=False)
        year = (
            self.issue.year
            - (month - self.issue.month > HALF_A_YEAR)
            + (self.issue.month - month > HALF_A_YEAR)
        )
        return replace(
            atom, span=day_span([(year, month, day) for day in days]), rule="dateline", narrative=False
        )

    def _span(self, atom: Atom) -> Span | None:
        what, numbers = atom.wants, atom.numbers
        assert what is not None
        if what[0] == "present":
            return (
                None
                if self.issue is None
                else stepped((self.issue.year, self.issue.month, self.issue.day), what[1], numbers[0])
            )
        if what == ("decade",):
            century = (self.at[0] // 100 * 100) if self.at is not None else 1900
            return of_decade(century + numbers[0], False) if century >= 0 else None
        if self.at is None:
            return None
        if what == ("month",):
            return self._month(*numbers)
        if what == ("day",):
            return (
                day_span([(*self.at[:2], *numbers)])
                if len(self.at) > 1 and is_a_day(*self.at[:2], *numbers)
                else None
            )
        if what == ("season",):
            year = self.at[0]
            return Span((year,), (year,), "season", form=f"{of_year(year).edtf}-{numbers[0]}")
        if what == ("month-from",):
            return self._month_from(*numbers)
        return stepped(self.at, what[1], numbers[0]) if what[0] == "step" else None

    def _month(self, month: int, *days: int) -> Span:
        year = self._year_for(month)
        points: list[Point] = [(year, month, day) for day in days]
        return day_span(points or [(year, month)])

    def _month_from(self, which: int, month: int) -> Span | None:
        assert self.at is not None
        year = self.at[0]
        here = self.at[1] if len(self.at) > 1 else 6
        if which == NEXT and month <= here:
            year += 1
        if which == PREVIOUS and month >= here:
            year -= 1
        return day_span([(year, month)])

    def _year_for(self, month: int) -> int:
        """A month much earlier in the year than the last one told is the next year's: January after November."""
        assert self.at is not None
        return self.at[0] + (1 if len(self.at) > 1 and self.at[1] - month >= 8 else 0)


def stepped(point: Point, unit: str, steps: int) -> Span | None:
    """Promise: the span of the unit that lies so many steps from the point's own."""
    year = point[0]
    if unit == "year":
        return of_year(year + steps)
    if unit in lexicon.SEASONS:
        season = lexicon.SEASONS[unit]
        later = len(point) > 1 and point[1] >= {21: 3, 22: 6, 23: 9, 24: 12}[season]
        moved = year + (steps if steps < 0 else steps if later or len(point) == 1 else 0)
        return Span((moved,), (moved,), "season", form=f"{of_year(moved).edtf}-{season}")
    if unit == "decade":
        first = year // 10 * 10 + 10 * steps
        return of_decade(first, False) if abs(steps) == 1 or steps == 0 else of_year(year + 10 * steps)
    if unit == "century":
        if abs(steps) > 1:
            return of_year(year + 100 * steps)
        number = (year - 1) // 100 + 1 + steps
        return of_century(number, False) if number > 0 else of_century(1 - number, True)
    if unit == "month" and len(point) > 1:
        month = point[0] * 12 + point[1] - 1 + steps
        return day_span([(month // 12, month % 12 + 1)])
    if unit in {"day", "week", "fortnight"} and len(point) > 2:
        return _days(point, steps * {"day": 1, "week": 7, "fortnight": 14}[unit])
    if unit in {"day", "week"} and steps == 0:
        return day_span([point])
    if unit in {"day", "week", "fortnight", "month"} and steps:
        return day_span([point[:2]])
    return None


def _days(point: Point, days: int) -> Span | None:
    if not 1 <= point[0] <= 9998:
        return None
    try:
        moved = date(*point) + timedelta(days=days)
    except ValueError:
        return None
    return day_span([(moved.year, moved.month, moved.day)])


__all__ = ["AWAY", "PRESENT", "WORDS", "Narrative", "calendars", "relative"]
