"""People, places and organisations: names from the tables, names with a title or with dates in brackets, and given names with a
surname. Precise rather than greedy: a capital letter alone makes no name.
"""

import re
from dataclasses import dataclass, field

from backnumber.chronology import data
from backnumber.chronology.atoms import Atom, Token
from backnumber.chronology.data import Person, Place, Ruler, slug
from backnumber.chronology.phrases import longest
from backnumber.chronology.placing import placed
from backnumber.chronology.times import Told
from backnumber.chronology.types import Finding, Kind

_WORD = r"[A-ZÀ-Þ][^\W\d_]{1,30}(?:['-][A-Z]?[^\W\d_]{2,30})?"
_LINK = r"(?:of\sthe|of|de\sla|de'|de|du|von\sder|von|van\sder|van|le|la|d'|the|ap|ibn|al)"
_TITLED = re.compile(
    r"(?:(?:His\sMajesty\s)?(?:Sir|Lord|Lady|Dame|Mr|Mrs|Miss|Dr|Rev|Professor|Prof|King|Queen|Emperor|Empress|Tsar|Czar|Sultan|Prince|Princess|Pope|Cardinal|"
    r"Archbishop|Bishop|Abbot|Captain|Capt|Colonel|Col|Major|General|Gen|Admiral|Marshal|Lieutenant|President|Chancellor|Archduke|Father|Brother|Saint)\.?\s)"
    rf"((?:{_WORD}|[A-Z]\.)(?:\s(?:{_WORD}|[A-Z]\.|[IVX]{{1,5}}\b)){{0,3}}(?:\s{_LINK}\s{_WORD})?)"
)
_PEER = re.compile(
    rf"(?:Duke|Duchess|Earl|Marquess|Marquis|Count|Countess|Viscount|Baron|Bishop|Archbishop|Abbot|Abbess|Dean|Prince|Princess|Elector|Landgrave|Margrave)\sof\s(?:the\s)?({_WORD}(?:\s{_WORD})?)"
)
_GIVEN = re.compile(rf"(?:{_WORD}|[A-Z]\.)(?:\s(?:{_WORD}|[A-Z]\.)){{0,2}}(?:\s{_LINK})?\s({_WORD})")
_DATED = re.compile(
    rf"((?:{_WORD}|[A-Z]\.|[IVX]{{1,5}})(?:\s(?:{_LINK}\s)?(?:{_WORD}|[A-Z]\.|[IVX]{{1,5}})){{0,5}}),?\s\((?:b\.|d\.|r\.|fl\.|reigned|born|died)?\s?(?:c\.\s?|ca\.\s?|about\s)?$"
)
_ORGANISED = re.compile(
    r"(?:University\sof\s(?:the\s)?([A-Z]\w{1,30}(?:\s[A-Z]\w{1,30})?)|(?:[A-Z][\w'-]{1,30}\s(?:and\s|&\s)?){1,4}"
    r"(?:Company|Society|University|College|Association|Institute|Institution|Museum|Regiment|Fusiliers|Hussars|Dragoons|Committee|Commission|League|Party|Guild|Brigade|Corporation|Bank))\b"
)
_ADDRESS = re.compile(r"\s(?:Street|St\.|Square|Road|Row|Hill|House|Lane|Place)\b")
ORGANISING = {"Company", "Society", "University", "College", "Association", "Institute", "Institution", "Museum", "Regiment", "Fusiliers", "Hussars",
              "Dragoons", "Committee", "Commission", "League", "Party", "Guild", "Brigade", "Corporation", "Bank"}  # fmt: skip
TITLES = data.name_words("titles")
PEERS = data.name_words("peers")
GIVEN = data.name_words("given")
_NOT_SURNAMES = data.name_words("no-surname")
_SAID = re.compile(
    r"(?:,\s|\s)(?:wrote|said|argued|replied|told|complained|recalled|observed|remarked|declared)\b"
)


@dataclass(slots=True)
class Named:
    """The findings of one text as they come; `taken` are the stretches that already belong to a name, `organising` the
    tokens shortly before a word such as "Company", and `year` the middle of the years told."""

    original: str
    findings: list[Finding] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    organising: set[int] = field(default_factory=set)
    year: int | None = None

    def add(
        self,
        kind: Kind,
        start: int,
        end: int,
        label: str,
        rule: str,
        confidence: float,
        span: tuple[int | None, int | None] = (None, None),
    ) -> None:
        key = f"{kind}:{slug(label)}"
        edtf = "" if span[0] is None or span[1] is None else f"{_year(span[0])}/{_year(span[1])}"
        words = self.original[start:end]
        self.findings.append(
            Finding(start, end, words, kind, key, label, edtf, span[0], span[1], "", rule, confidence)
        )
        self.taken.append((start, end))


def _year(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def names_of(text: str, original: str, tokens: list[Token], told: Told) -> list[Finding]:
    """Promise: the people, organisations and places of a text, none overlapping another."""
    years = sorted(
        atom.span.lo[0]
        for atom in told.atoms
        if atom.narrative and atom.span is not None and atom.span.lo is not None
    )
    named = Named(original, year=years[len(years) // 2] if years else None)
    rulers = {start: (end, ruler) for start, end, ruler in told.rulers}
    dated = {atom.start: atom for atom in told.atoms if text[atom.start - 1 : atom.start] == "("}
    for atom in dated.values():
        _dated(text, atom, named)
    events = sorted((start, end) for start, end, _ in told.periods)
    taken = sorted(named.taken)
    for i, token in enumerate(tokens):
        if token.word in ORGANISING:
            named.organising.update(range(max(0, i - 5), i + 1))
    here = 0
    reached = 0
    candidates: list[tuple[int, int, list[Place]]] = []
    for i, token in enumerate(tokens):
        if token.start < reached or not token.word[0].isupper():
            continue
        while here < len(taken) and taken[here][1] <= token.start:
            here += 1
        if here < len(taken) and taken[here][0] <= token.start:
            reached = taken[here][1]
            continue
        reached = _at(text, tokens, i, named, rulers, candidates) or reached
    named.findings += placed(text, original, candidates, events, told)
    return _apart(named.findings)


def _apart(findings: list[Finding]) -> list[Finding]:
    """Of two names of one kind that overlap the one that begins first stays."""
    ends: dict[Kind, int] = {}
    kept = []
    for finding in sorted(findings, key=lambda each: (each.start, -each.end)):
        if finding.start >= ends.get(finding.kind, 0):
            kept.append(finding)
            ends[finding.kind] = finding.end
    return kept


def _at(
    text: str,
    tokens: list[Token],
    i: int,
    named: Named,
    rulers: dict[int, tuple[int, list[Ruler]]],
    candidates: list[tuple[int, int, list[Place]]],
) -> int | None:
    token = tokens[i]
    if found := rulers.get(token.start):
        end, sharing = found
        ruler = nearest(sharing, named.year)
        if text[end : end + 1] != "-" and not _goes_on(text, end):
            named.add(
                Kind.PERSON,
                token.start,
                end,
                ruler.label,
                "ruler",
                0.9,
                (ruler.span.first_year, ruler.span.last_year),
            )
            return end
    if person := longest(text, tokens, i, data.people()):
        length, meanings = person
        end = tokens[i + length - 1].end
        if length > 1 or not _goes_on(text, end):
            one: Person = meanings[0]
            named.add(Kind.PERSON, token.start, end, one.label, "person", 0.9, (one.lo, one.hi))
            return end
    if organisation := longest(text, tokens, i, data.organisations()):
        length, labels = organisation
        end = tokens[i + length - 1].end
        if not _ADDRESS.match(text, end):
            named.add(Kind.ORGANISATION, token.start, end, labels[0], "organisation", 0.9)
        return end
    return _by_pattern(text, tokens, i, named) or _place(text, tokens, i, candidates)


def nearest(rulers: list[Ruler], year: int | None) -> Ruler:
    """Promise: of rulers with one name the one whose reign is nearest to the year; the first of the table if there is none."""
    if year is None:
        return rulers[0]

    def far(ruler: Ruler) -> int:
        return max((ruler.span.first_year or year) - year, year - (ruler.span.last_year or year), 0)

    return min(rulers, key=far)


def _place(
    text: str, tokens: list[Token], i: int, candidates: list[tuple[int, int, list[Place]]]
) -> int | None:
    found = longest(text, tokens, i, data.places())
    if found is None:
        return None
    length, meanings = found
    end = tokens[i + length - 1].end
    candidates.append((tokens[i].start, end, meanings))
    return end


def _by_pattern(text: str, tokens: list[Token], i: int, named: Named) -> int | None:
    token = tokens[i]
    word, at = token.word, token.start
    if word in PEERS and (match := _PEER.match(text, at)):
        named.add(Kind.PERSON, at, match.end(), match[0], "peer", 0.8)
        return match.end()
    if word in TITLES and (match := _TITLED.match(text, at)) and match[1].split()[0] not in _NOT_SURNAMES:
        end = _before_stop(match[0]) + at
        label = match[0][: end - at]
        label = (
            re.sub(
                r"^(?:Mr|Mrs|Miss|Dr|Rev|Prof|Professor|Captain|Capt|Colonel|Col|Major|Gen)\.?\s", "", label
            )
            if " " in match[1]
            else label
        )
        named.add(Kind.PERSON, at, end, label, "titled", 0.8)
        return end
    if word in GIVEN and (match := _GIVEN.match(text, at)):
        end = _before_stop(match[0]) + at
        words = text[at:end].split()
        if len(words) > 1 and words[-1] not in _NOT_SURNAMES and not words[-1].isupper():
            named.add(
                Kind.PERSON, at, end, text[at:end], "given-name", 0.85 if _SAID.match(text, end) else 0.75
            )
            return end
    if (
        i in named.organising
        and (match := _ORGANISED.match(text, at))
        and word not in {"The", "A", "In", "This"}
    ):
        named.add(Kind.ORGANISATION, at, match.end(), match[0], "organised", 0.7)
        return match.end()
    return None


def _before_stop(name: str) -> int:
    """Where a run of capitalised words stops being a name: before the first that no surname is."""
    for match in re.finditer(r"\S+", name):
        if match.start() and match[0].strip(".,") in _NOT_SURNAMES:
            return len(name[: match.start()].rstrip())
    return len(name)


def _goes_on(text: str, end: int) -> bool:
    """Whether the name goes on with another that is no title's or sentence's beginning ("Nelson Mandela" after Nelson)."""
    return bool(re.compile(r"\s[A-Z][a-z]+").match(text, end)) and text[end : end + 1] == " "


def _dated(text: str, atom: Atom, named: Named) -> None:
    """Geoffrey Chaucer (c. 1343-1400): a life, or with "r." a reign."""
    close = text[atom.end : atom.end + 1]
    match = _DATED.search(text, max(0, atom.start - 90), atom.start)
    span = atom.span
    if (
        close != ")"
        or not match
        or span is None
        or span.lo is None
        or span.hi is None
        or not 1 <= span.hi[0] - span.lo[0] <= 105
    ):
        return
    words = match[1].split()
    while words and words[0] in _NOT_SURNAMES | {
        "Both",
        "With",
        "As",
        "For",
        "From",
        "By",
        "While",
        "Under",
        "Emperor's",
        "Its",
    }:
        words.pop(0)
    if not words or any(word.strip(",") in _NOT_PEOPLE for word in words):
        return
    label = " ".join(words)
    start = match.end(1) - len(label)
    if text[start : match.end(1)] != label or (len(words) == 1 and len(label) < 4):
        return
    named.add(Kind.PERSON, start, match.end(1), label, "dates-in-brackets", 0.85, (span.lo[0], span.hi[0]))


_NOT_PEOPLE = _NOT_SURNAMES | data.name_words("no-person")
