"""The tables a historian can read and extend: periods, reigns, wars, events, feasts, people, places. Each is a file of lines with
tabs in `data/`; the first line names the columns, lines that begin with # are notes. docs/chronology.md says what the columns mean.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Generic, TypeVar

from backnumber.chronology.spans import Point, Span

T = TypeVar("T")
_POINT = re.compile(r"(-?\d{4,7})(?:-(\d{2}))?(?:-(\d{2}))?(~?)\Z")
_WORDS = re.compile(r"[^\W\d_]+|[0-9]+")


class WrongLine(ValueError):
    """A line of a table that cannot be read; says which file and which line."""


def table(name: str) -> Iterator[dict[str, str]]:
    """Promise: the lines of a table by column. Errors: WrongLine, for one with too many or too few columns."""
    lines = files("backnumber.chronology").joinpath("data", name).read_text("utf-8").splitlines()
    columns = lines[0].split("\t")
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise WrongLine(
                f"data/{name}, line {number}: {len(cells)} columns where {len(columns)} belong: {line[:60]}"
            )
        yield dict(zip(columns, cells, strict=True))


@dataclass(frozen=True, slots=True)
class Period:
    """A named span of time: an age, a reign, a dynasty, a war, a battle, a treaty."""

    key: str
    label: str
    kind: str
    region: str
    span: Span


@dataclass(frozen=True, slots=True)
class Ruler:
    key: str
    label: str
    realm: str
    span: Span
    start: Point


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    label: str
    lo: int | None
    hi: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """`sort` is city, former, region, realm, battlefield or country. `lo` and `hi` bound when the name was in use, where known."""

    key: str
    label: str
    sort: str
    country: str
    latitude: float | None
    longitude: float | None
    lo: int | None
    hi: int | None
    size: int


class Phrases(Generic[T]):
    """Finding the longest of many phrases that begins at a token, in a few look-ups whatever their number."""

    def __init__(self) -> None:
        self.by_phrase: dict[str, list[T]] = {}
        self.longest: dict[str, list[int]] = {}

    def add(self, phrase: str, meaning: T) -> None:
        words = _WORDS.findall(phrase)
        lengths = self.longest.setdefault(words[0], [])
        if len(words) not in lengths:
            lengths.append(len(words))
            lengths.sort(reverse=True)
        self.by_phrase.setdefault(phrase, []).append(meaning)


def slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def span_of(edtf: str) -> Span:
    """Promise: the span of a date or an interval as the tables write it. Errors: ValueError for any other EDTF."""
    first, _, last = edtf.partition("/")
    low, high = _point(first), _point(last or first)
    return Span(low, high, "period", approximate="~" in edtf)


def _point(text: str) -> Point | None:
    if text == "..":
        return None
    match = _POINT.match(text)
    if not match:
        raise ValueError(f"not a date as the tables write it: {text}")
    return tuple(int(part) for part in match.groups()[:3] if part)


def _names(cell: str) -> list[str]:
    return [name.strip() for name in cell.split("|") if name.strip()]


@cache
def periods() -> Phrases[Period]:
    """Promise: periods.tsv and events.tsv."""
    phrases: Phrases[Period] = Phrases()
    keys: set[str] = set()
    for name in ("periods.tsv", "events.tsv"):
        for row in table(name):
            names = _names(row["names"])
            kind = row["kind"]
            sort = "time" if name == "periods.tsv" else "event"
            span = span_of(row["edtf"])
            key = f"{sort}:{slug(names[0])}"
            if key in keys:  # two of one name, such as the Treaties of Paris
                key = f"{key}-{span.first_year}"
            keys.add(key)
            period = Period(key, names[0], kind, row["region"], span)
            for each in names:
                phrases.add(each, period)
    return phrases


@cache
def rulers() -> tuple[Phrases[Ruler], dict[tuple[str, str], Ruler]]:
    """Promise: rulers by every name they go by, and the kings and queens of England by (short name, number) for regnal years."""
    phrases: Phrases[Ruler] = Phrases()
    regnal: dict[tuple[str, str], Ruler] = {}
    for row in table("rulers.tsv"):
        names = _names(row["names"])
        span = span_of(f"{row['from']}/{row['to']}")
        ruler = Ruler(f"person:{slug(names[0])}", names[0], row["realm"], span, span.lo or ())
        for each in (*names, *_spelt(names[0])):
            phrases.add(each, ruler)
        for short in _names(row["regnal"]):
            head, _, number = short.partition(" ")
            regnal[head.lower(), number] = ruler
    return phrases, regnal


NUMBERS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")


def _spelt(name: str) -> list[str]:
    """The other spellings of "Henry VIII": King Henry VIII, Henry the Eighth, Henry VIII., King Henry the Eighth."""
    head, _, numeral = name.rpartition(" ")
    if numeral not in NUMERALS:
        return []
    words = f"{head} the {NUMBERS[NUMERALS.index(numeral)]}"
    return [words, f"King {words}", f"King {name}"] if head.count(" ") == 0 else [words]


@cache
def people() -> Phrases[Person]:
    phrases: Phrases[Person] = Phrases()
    for row in table("people.tsv"):
        names = _names(row["names"])
        lo, hi = (int(row[column]) if row[column] else None for column in ("born", "died"))
        person = Person(f"person:{slug(names[0])}", names[0], lo, hi)
        for each in names:
            phrases.add(each, person)
    return phrases


@cache
def organisations() -> Phrases[str]:
    phrases: Phrases[str] = Phrases()
    for row in table("organisations.tsv"):
        names = _names(row["names"])
        for each in names:
            phrases.add(each, names[0])
    return phrases


@cache
def feasts() -> Phrases[str]:
    """Promise: every feast by its names: month and day ("09-29"), or days from Easter ("easter+49")."""
    phrases: Phrases[str] = Phrases()
    for row in table("feasts.tsv"):
        for each in _names(row["names"]):
            phrases.add(each, row["day"])
    return phrases


@cache
def titles() -> Phrases[str]:
    """Promise: titles of works whose words would else be read as times or people."""
    phrases: Phrases[str] = Phrases()
    for row in table("titles.tsv"):
        phrases.add(row["title"], row["title"])
    return phrases


@cache
def name_words(sort: str) -> frozenset[str]:
    """Promise: words that tell where a name begins or ends: given names, titles, and capitalised words that no surname is."""
    return frozenset(row["word"] for row in table("name_words.tsv") if row["sort"] == sort)


@cache
def places() -> Phrases[Place]:
    """Promise: places.tsv (names of the past, regions, realms, battlefields) and cities.tsv (modern cities, from GeoNames)."""
    phrases: Phrases[Place] = Phrases()
    for row in table("places.tsv"):
        names = _names(row["names"])
        label = row["same_as"] or names[0]
        latitude, longitude = (
            float(row[column]) if row[column] else None for column in ("latitude", "longitude")
        )
        lo, hi = (int(row[column]) if row[column] else None for column in ("from", "to"))
        place = Place(
            f"place:{slug(label)}", label, row["sort"], row["country"], latitude, longitude, lo, hi, 1_000_000
        )
        for each in names:
            phrases.add(each, place)
    for row in table("cities.tsv"):
        phrases.add(row["name"], _city(row))
    return phrases


def _city(row: dict[str, str]) -> Place:
    label = row["name"]
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    return Place(
        f"place:{slug(label)}",
        label,
        "city",
        row["country"],
        latitude,
        longitude,
        None,
        None,
        int(row["population"]),
    )
