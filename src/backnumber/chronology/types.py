"""The shapes that a reading of a text has. Years are whole astronomical years: 1 BC is 0, 44 BC is -43."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    EVENT = "event"


class Weight(StrEnum):
    """What part of an article a block is; the focus counts a title for more than a note."""

    TITLE = "title"
    STANDFIRST = "standfirst"
    LEAD = "lead"
    BODY = "body"
    NOTE = "note"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    weight: Weight = Weight.BODY


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the text that tells of something.

    `start` and `end` count characters of the blocks joined by two line ends, and `text` is what stands between them. `key` says what
    is meant ("place:constantinople"; for a time its EDTF), so that two findings of one key are of one thing; `label` is how a page
    names it. `edtf`, `lo` and `hi` are the time, or the span of an event or of a person's life or reign, where known: an empty
    `edtf` is a time that nothing nearby settles ("in that year" with no year before it), and `None` an open or unknown end.
    `calendar` is the one the words use ("gregorian", "julian", "republican", "islamic", "hebrew", "regnal", "roman", or empty).
    `rule` names what found it. `narrative` is False for the time of publication, of an edition, of a citation. A latitude and
    longitude are there only for a place that is sure enough to be put on a map.
    """

    start: int
    end: int
    text: str
    kind: Kind
    key: str
    label: str
    edtf: str = ""
    lo: int | None = None
    hi: int | None = None
    calendar: str = ""
    rule: str = ""
    confidence: float = 1.0
    narrative: bool = True
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class WeightedSpan:
    """A time that the text speaks of, and how much of what it says about times is about this one (all together make 1)."""

    edtf: str
    lo: int
    hi: int
    weight: float


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, place, organisation or event that the text speaks of, and how much (all of one kind together make 1)."""

    key: str
    label: str
    kind: Kind
    weight: float


@dataclass(frozen=True, slots=True)
class Focus:
    """What the text is mainly about. `lo` and `hi` hold the middle four fifths of what it says about times; `None` if it names none.
    Both lists begin with the heaviest.
    """

    lo: int | None = None
    hi: int | None = None
    spans: tuple[WeightedSpan, ...] = ()
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is the blocks joined by two line ends; `findings` are in the order of the text and none overlaps another of its kind."""

    text: str
    findings: tuple[Finding, ...]
    focus: Focus
