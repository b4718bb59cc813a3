"""What is sown in a throw-away article, and how it is known again in whatever comes back. Pure.

Each place of the article has a word of its own that stands nowhere else; the prose round it is drawn by lot, so that any six
words in a row are known again too.
"""

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from random import Random

from backnumber.archive.blocks import Block, Heading, Note, Paragraph, PictureRef, Table, plain, text_of

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
class Sown:
    """The words of one article. `gated` names each withheld place and its canary; `question` are five words of the middle
    gated paragraph, beside its canary, that a search can be asked for.
    """

    headline: str
    standfirst: str
    lead_in: str
    gated: Mapping[str, str]
    runs: frozenset[tuple[str, ...]]
    question: str
    blocks: tuple[Block, ...]

    def traces(self, text: str, plain: str | None = None) -> list[str]:
        """Promise: each gated place of which `text` shows something; empty when it shows nothing. `plain`: the same for its
        words in a row, when they stand apart.
        """
        low = text.casefold()
        found = [place for place, canary in self.gated.items() if canary in low]
        shown = len(self.runs & _runs_in(text if plain is None else plain))
        return [*found, *([f"{shown} runs of {SHINGLE} words"] if shown else [])]

    def missing(self, text: str) -> list[str]:
        """Promise: each gated place whose canary `text` does not show."""
        low = text.casefold()
        return [place for place, canary in self.gated.items() if canary not in low]


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


def sown(mark: str, name: str, picture: int, lot: Random) -> Sown:
    """Promise: the words of the throw-away article `name`; `picture` is the key of the picture in its gated part."""
    stem = f"pg{mark}{name.replace('-', '')}"
    middle, question = _with_question(f"{stem}middle", lot)
    canaries = {
        "first paragraph": f"{stem}first",
        "heading": f"{stem}heading",
        "table": f"{stem}table",
        "picture's alternative text": f"{stem}alt",
        "caption": f"{stem}caption",
        "middle paragraph": f"{stem}middle",
        "last paragraph": f"{stem}last",
        "footnote": f"{stem}note",
    }
    opened = (Paragraph(_prose(f"{stem}open", 80, lot)), Paragraph(_prose(f"{stem}openmore", 60, lot)))
    gated = (
        Heading(f"Of the {canaries['heading']}"),
        Paragraph(_prose(canaries["first paragraph"], 50, lot)),
        Table("A table", (("Year", "Thing"), ("1066", canaries["table"]))),
        PictureRef(picture, alt=canaries["picture's alternative text"], caption=canaries["caption"]),
        Paragraph(f'{middle}<sup><a href="#note-1">1</a></sup>'),
        Paragraph(_prose(canaries["last paragraph"], 50, lot)),
        Note("1", _prose(canaries["footnote"], 14, lot)),
    )
    return Sown(
        headline=f"Prove-gate {name} {mark}",
        standfirst=f"{stem}standfirst",
        lead_in=f"{stem}open",
        gated=canaries,
        runs=_runs(gated) - _runs(opened),
        question=question,
        blocks=(*opened, *gated),
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
