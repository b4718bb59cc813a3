"""Decisions about what was found: what is listed, where an editor's word belongs, which spans count it. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from backnumber.archive.parts import Part

UNITS = (1000, 100, 10, 1)
WIDEST = 20
"""A time is counted at a scale of which it covers no more spans than this: "the Middle Ages" is in no single year."""
LISTED_FROM = 2
"""An article is listed under what its open text names, or what it names this often."""
NEIGHBOURS = 6
_WORD = re.compile(r"\w+")
Years = tuple[int | None, int | None]  # half-open; None: without end on that side


@dataclass(frozen=True, slots=True)
class Found:
    """A finding placed in one part of the text."""

    position: int
    start: int
    end: int
    text: str
    kind: str
    key: str
    label: str
    edtf: str = ""
    years: Years | None = None
    calendar: str = ""
    rule: str = ""
    confidence: float = 1.0
    narrative: bool = True
    latitude: float | None = None
    longitude: float | None = None
    status: str = ""

    @property
    def day(self) -> str:
        """The month and day of a whole date; empty for any other time."""
        whole = re.fullmatch(r"-?\d{4,}-(\d\d-\d\d)[?~%]?", self.edtf)
        return whole[1] if whole else ""


@dataclass(frozen=True, slots=True)
class Said:
    """An editor's word as it is applied: what was said of which words, and what stands round them."""

    kind: str
    text: str
    before: str
    after: str
    verdict: str
    key: str
    label: str
    edtf: str = ""
    years: Years | None = None


def neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """Promise: the words before and after a place of a text, a few of each."""
    before, after = _WORD.findall(text[:start])[-NEIGHBOURS:], _WORD.findall(text[end:])[:NEIGHBOURS]
    return " ".join(before), " ".join(after)


def with_words(parts: Sequence[Part], found: Sequence[Found], said: Sequence[Said]) -> list[Found]:
    """Promise: the findings as the editors' words leave them, the latest word first. A word holds for the place whose neighbours are most like those it was
    said of; what was accepted or mended and is no longer found by any rule is found by the word itself.
    """
    result = list(found)
    taken: set[tuple[int, int, str]] = set()
    for word in reversed(said):
        at = place_of(parts, word, taken)
        if at is None:
            continue
        position, start = at
        taken.add((position, start, word.kind))
        end = start + len(word.text)
        same = [
            i
            for i, f in enumerate(result)
            if f.position == position and f.kind == word.kind and f.start < end and start < f.end
        ]
        if same:
            result[same[0]] = _as_said(result[same[0]], word)
        elif word.verdict != "dismissed":
            bare = Found(position, start, end, word.text, word.kind, word.key, word.label, rule="editor")
            result.append(_as_said(replace(bare, edtf=word.edtf, years=word.years), word))
    return sorted(result, key=lambda f: (f.position, f.start, f.end, f.kind))


def _as_said(found: Found, word: Said) -> Found:
    if word.verdict == "mended":
        is_elsewhere = word.key != found.key
        return replace(
            found,
            key=word.key,
            label=word.label,
            edtf=word.edtf,
            years=word.years,
            latitude=None if is_elsewhere else found.latitude,
            longitude=None if is_elsewhere else found.longitude,
            narrative=True,
            status=word.verdict,
        )
    return replace(found, status=word.verdict, narrative=found.narrative or word.verdict == "accepted")


def place_of(
    parts: Sequence[Part], word: Said, taken: Collection[tuple[int, int, str]] = ()
) -> tuple[int, int] | None:
    """Promise: the part and the character where the words stand whose neighbours are most alike; where they stand once, there, whatever
    is around them. None when they are gone, or stand several times and none has a neighbour in common.
    """
    best, place, many = -1, None, 0
    wanted = Counter(word.before.split()), Counter(word.after.split())
    for position, part in enumerate(parts):
        for match in re.finditer(rf"(?<!\w){re.escape(word.text)}(?!\w)", part.text):
            many += 1
            if (position, match.start(), word.kind) in taken:
                continue
            sides = neighbours(part.text, match.start(), match.end())
            alike = sum((Counter(side.split()) & of).total() for side, of in zip(sides, wanted, strict=True))
            if alike > best:
                best, place = alike, (position, match.start())
    return place if best > 0 or many == 1 else None


def unverified(found: Sequence[Found], elsewhere: Iterable[Said]) -> list[Found]:
    """Promise: what an editor spoke of in another article, by the same words, is marked; what they mended is so here too."""
    known = {(word.kind, word.text): word for word in elsewhere}
    result = []
    for one in found:
        word = known.get((one.kind, one.text))
        if word is None or one.status:
            result.append(one)
        else:
            result.append(replace(_as_said(one, word), status="unverified", narrative=one.narrative))
    return result


def shown(found: Iterable[Found]) -> Iterator[Found]:
    """Promise: what pages of readers count: the article's own story, and nothing an editor dismissed."""
    return (one for one in found if one.narrative and one.status != "dismissed")


def span_of(unit: int, year: int) -> int:
    """Promise: the first year of the span of `unit` years that a year is in. Spans BC end with 1 BC, spans AD are as they are called
    (1300 to 1399); the first of them has no year 0.
    """
    return year // unit * unit if year > 0 else (year - 1) // unit * unit + 1


def bounds(unit: int, start: int) -> tuple[int, int]:
    """Promise: the years of a span, half-open."""
    return (1 if start == 0 and unit > 1 else start), start + unit


def spans(years: Iterable[Years]) -> set[tuple[int, int]]:
    """Promise: the (unit, first year) of every span that counts an article with these times."""
    found: set[tuple[int, int]] = set()
    for lo, hi in years:
        if lo is None or hi is None:
            continue
        for unit in UNITS:
            if (hi - lo) <= unit * (WIDEST - 1):
                found.update((unit, start) for start in _within(unit, lo, hi))
    return found


def _within(unit: int, lo: int, hi: int) -> Iterator[int]:
    year = lo
    while year < hi:
        start = span_of(unit, year)
        yield start
        year = bounds(unit, start)[1]


def numbered(of_spans: Iterable[tuple[int, int]]) -> list[int]:
    """Promise: one number for each span, as a reading keeps them."""
    return sorted(start * len(UNITS) + UNITS.index(unit) for unit, start in of_spans)


def unnumbered(numbers: Iterable[int]) -> list[tuple[int, int]]:
    return [(UNITS[number % len(UNITS)], number // len(UNITS)) for number in numbers]


WIDE = 150


def focus(times: Sequence[tuple[Years, int]]) -> Years | None:
    """Promise: the years an article is mostly about, half-open: from the first to the last fifth of its narrow times, each as often as it
    weighs; None without any.
    """
    narrow = [
        ((lo + hi - 1) // 2, weight)
        for (lo, hi), weight in times
        if lo is not None and hi is not None and hi - lo <= WIDE
    ]
    middles = sorted(middle for middle, weight in narrow for _ in range(weight))
    if not middles:
        return None
    first, last = middles[len(middles) // 5], middles[len(middles) - 1 - len(middles) // 5]
    return first, last + 1


def question(headline: str, standfirst: str) -> str:
    """Promise: the question that a headline or a standfirst asks; empty without one."""
    for text in (headline, standfirst):
        if asked := re.findall(r"[^.!?…]+\?[”’\"']?", text):
            return str(asked[-1]).strip().lstrip("”’\"' ")
    return ""


_END = re.compile(r"[.!?…][”’\"')\]]*\s+(?=[“‘\"'(\[]?[A-Z0-9])")


def sentence(text: str, start: int, end: int) -> str:
    """Promise: the sentence round a place of a text."""
    ends = [match.end() for match in _END.finditer(text)]
    first = max((at for at in ends if at <= start), default=0)
    last = min((at for at in ends if at >= end), default=len(text))
    return text[first:last].strip()
