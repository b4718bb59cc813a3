"""What is planted in a throw-away article, and how it is known again in whatever comes back. Pure.

Each place of the article has a word of its own that stands nowhere else; the prose round it is drawn by lot, so that any six
words in a row are known again too.
"""

import re
import string
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from random import Random

from backnumber.archive.blocks import (
    Block,
    FurtherReading,
    Heading,
    Listing,
    Note,
    Paragraph,
    PictureRef,
    Preformatted,
    PullQuote,
    Quotation,
    Table,
    Timeline,
    Verse,
    plain,
    text_of,
)

SHINGLE = 6
_WORDS = tuple(
    re.findall(
        r"[a-z]+",
        """
        abbey anchor archer barley bishop border bridge candle canvas castle chapel charter cistern clerk copper corner
        cradle daughter ditch drover ember falcon farmer ferry flagon forest furrow gable garden granary gravel hammer
        harbour harvest hollow island jetty kettle lantern ledger linen market mason meadow mercer miller mirror mortar
        needle nephew orchard oxen parish pasture pepper pewter pilgrim plough quarry quiver ransom ribbon saddle sailor
        sexton shepherd silver spindle stable steward tallow tanner tavern thatch timber trader turnip vellum vessel
        vicar village walnut warden weaver widow willow winter wool yeoman
        """,
    )
)
_PROSE = frozenset(_WORDS)


@dataclass(frozen=True, slots=True)
class Planted:
    """The words of one article. `gated` names each withheld place and its canary; `question` are five words of the middle
    gated paragraph, beside its canary, that a search can be asked for. `lead_in_ends_after` is an editor's count of blocks.
    """

    headline: str
    standfirst: str
    lead_in: str
    gated: Mapping[str, str]
    runs: frozenset[tuple[str, ...]]
    question: str
    blocks: tuple[Block, ...]
    correction: str
    lead_in_ends_after: int | None = None

    def traces(self, text: str, plain: str | None = None) -> list[str]:
        """Promise: each gated place of which `text` shows something; empty when it shows nothing. `plain`: the same for its
        words in a row, when they stand apart.
        """
        low = text.casefold()
        found = [place for place, canary in self.gated.items() if canary in low]
        shown = len(self.runs & _runs_in(text if plain is None else plain))
        return [*found, *([f"{shown} runs of {SHINGLE} words"] if shown else [])]

    def missing(self, text: str, apart_from: Collection[str] = ()) -> list[str]:
        """Promise: each gated place whose canary `text` does not show, but for those places."""
        low = text.casefold()
        return [
            place for place, canary in self.gated.items() if canary not in low and place not in apart_from
        ]


@lru_cache(maxsize=4)  # one answer is searched for a dozen articles
def _runs_in(text: str) -> frozenset[tuple[str, ...]]:
    """Promise: the runs of words that all are of our prose: no other is ever looked for."""
    stretches = groupby(words(text), key=_PROSE.__contains__)
    return frozenset().union(*(shingles(list(run)) for is_ours, run in stretches if is_ours))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def shingles(of: list[str]) -> frozenset[tuple[str, ...]]:
    """Promise: every six words in a row."""
    return frozenset(zip(*(of[at:] for at in range(SHINGLE)), strict=False))


def new_mark(lot: Random) -> str:
    """Promise: ten small letters that name one run."""
    return "".join(lot.choices(string.ascii_lowercase, k=10))


# What stands before the end of the lead-in and is withheld all the same, because of what it is.
EARLY = (
    "early table",
    "early list",
    "early box",
    "early picture",
    "early quotation from the text",
    "early note",
)
# What a picture says of itself, wherever it stands: the same for every article of a run.
OF_THE_PICTURE = ("picture's own alternative text", "picture's own caption", "picture's credit")
_PLACES = (
    *EARLY, "heading", "first paragraph", "table", "table's caption", "pull quote", "quotation", "quotation's source", "verse",
    "list", "timeline", "timeline's heading", "further reading", "typewritten text", "alternative text", "caption",
    "middle paragraph", "last paragraph", "footnote", "correction",
)  # fmt: skip


def of_the_picture(mark: str) -> dict[str, str]:
    """Promise: the canary of each of `OF_THE_PICTURE`."""
    return {place: _canary(f"pg{mark}", place) for place in OF_THE_PICTURE}


def _canary(stem: str, place: str) -> str:
    """Ends with a letter of its own, so that no canary is the beginning of another."""
    return f"{stem}{re.sub(r'[^a-z]', '', place)}z"


def planted(
    mark: str, name: str, pictures: tuple[int, int], lot: Random, ends_after: int | None = None
) -> Planted:
    """Promise: the words of the throw-away article `name`, with every kind of block before the end of the lead-in and after it;
    `pictures` are the keys of one that may be shown and of one that may not. `ends_after`: an editor has counted so many blocks for the lead-in.
    """
    stem = f"pg{mark}{name.replace('-', '')}"
    at = {place: _canary(stem, place) for place in _PLACES}
    middle, question = _with_question(at["middle paragraph"], lot)
    opening, more = _prose(f"{stem}open", 80, lot), _prose(f"{stem}openmore", 60, lot)
    opened = (Paragraph(f'{opening}<sup><a href="#note-early">*</a></sup>'), Paragraph(more))
    first, second = opened
    early = _early(at, pictures[0])
    gated = (
        *_gated(at, pictures[0], lot, middle),
        PictureRef(pictures[1]),
        Note("early", _prose(at["early note"], 14, lot)),
    )
    return Planted(
        headline=f"Prove-gate {name} {mark}",
        standfirst=f"{stem}standfirst",
        lead_in=f"{stem}open",
        gated={**at, **of_the_picture(mark)},
        runs=_runs((*early, *gated)) - _runs(opened),
        question=question,
        blocks=(first, second, *early, *gated) if ends_after else (first, *early, second, *gated),
        correction=_prose(at["correction"], 14, lot),
        lead_in_ends_after=ends_after,
    )


def _early(at: Mapping[str, str], picture: int) -> tuple[Block, ...]:
    return (
        Table("", (("Year", "Thing"), ("1066", at["early table"]))),
        Listing(f"<ul><li>{at['early list']}</li></ul>"),
        Timeline("A time", (("1066", at["early box"]),)),
        PictureRef(picture, alt=at["early picture"]),
        PullQuote(at["early quotation from the text"]),
    )


def _gated(at: Mapping[str, str], picture: int, lot: Random, middle: str) -> tuple[Block, ...]:
    return (
        Heading(f"Of the {at['heading']}"),
        Paragraph(_prose(at["first paragraph"], 50, lot)),
        Table(at["table's caption"], (("Year", "Thing"), ("1066", at["table"]))),
        PullQuote(at["pull quote"]),
        Quotation((_prose(at["quotation"], 20, lot),), at["quotation's source"]),
        Verse(f"A line\n  {at['verse']}"),
        Listing(f"<ol><li>{at['list']}</li></ol>"),
        Timeline(at["timeline's heading"], (("1066", at["timeline"]),)),
        Preformatted(at["typewritten text"]),
        PictureRef(picture, alt=at["alternative text"], caption=at["caption"]),
        PictureRef(picture),
        Paragraph(f'{middle}<sup><a href="#note-1">1</a></sup>'),
        Paragraph(_prose(at["last paragraph"], 50, lot)),
        FurtherReading((at["further reading"],)),
        Note("1", _prose(at["footnote"], 14, lot)),
    )


def _runs(blocks: Iterable[Block]) -> frozenset[tuple[str, ...]]:
    return frozenset().union(*(shingles(words(plain(text_of(block)))) for block in blocks))


def _prose(canary: str, length: int, lot: Random) -> str:
    drawn = lot.choices(_WORDS, k=length)
    drawn[length // 2] = canary
    return f"{' '.join(drawn).capitalize()}."


def _with_question(canary: str, lot: Random) -> tuple[str, str]:
    """Five words in a row are no shingle: a page may repeat what it was asked."""
    before, asked, after = (lot.choices(_WORDS, k=k) for k in (20, 5, 20))
    return f"{' '.join([*before, *asked, canary, *after]).capitalize()}.", " ".join(asked)
