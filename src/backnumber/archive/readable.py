"""The one cut: article text leaves the archive only as a `LeadIn` or, after an allowing decision, as a `FullText`.

Everything that shows, sends or exports an article's text takes a `Readable`. It must not know Django.
"""

from dataclasses import dataclass, field
from typing import Any

from backnumber.access import Decision
from backnumber.archive.blocks import (
    Block,
    Heading,
    Note,
    Paragraph,
    PictureRef,
    Quotation,
    Verse,
    text_of,
    words_in,
)

LEAD_IN_WORDS = 150
_RUNNING_TEXT = (Paragraph, Quotation, Verse)
_MADE_HERE = object()


class NotAllowed(PermissionError):
    """A full text was asked for without a decision that allows it."""


@dataclass(frozen=True, slots=True)
class LeadIn:
    """What anyone may read: the opening blocks, and how many words follow them."""

    article: int
    blocks: tuple[Block, ...]
    words_withheld: int

    @property
    def is_whole(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class FullText:
    """All of an article, with the decision that opened it. Made by `full_text` alone."""

    article: int
    blocks: tuple[Block, ...]
    decision: Decision
    _seal: Any = field(repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if self._seal is not _MADE_HERE or not self.decision.allowed:
            raise NotAllowed("a full text comes from archive.readable.full_text and an allowing decision")

    @property
    def is_whole(self) -> bool:
        return True


Readable = LeadIn | FullText


def full_text(article: int, blocks: tuple[Block, ...], decision: Decision) -> FullText:
    """Errors: NotAllowed when `decision` denies."""
    if not decision.allowed:
        raise NotAllowed(f"article {article}: {decision.reason}")
    return FullText(article, blocks, decision, _MADE_HERE)


def lead_in(article: int, blocks: tuple[Block, ...], ends_after: int | None = None) -> LeadIn:
    """Promise: whole blocks from the start up to about 150 words of running text, at least one, never all of them.

    `ends_after` is an editor's own count of blocks of the body. Pictures, tables and notes are withheld unless an editor's
    count takes them in. An article that is a single block is cut at its first sentence's end, so that none is empty
    and none is whole.
    """
    body = tuple(b for b in blocks if not isinstance(b, Note))
    if not body:
        return LeadIn(article, (), 0)
    of_body = words_in(body)
    shown = _chosen(blocks, ends_after) if ends_after else _automatic(body)
    of_shown = words_in(shown)
    if of_shown >= of_body:
        shown = _less(shown, of_body)
        of_shown = words_in(shown)
    return LeadIn(article, _without_trailing_heading(shown), max(of_body - of_shown, 0))


def _chosen(blocks: tuple[Block, ...], ends_after: int) -> tuple[Block, ...]:
    return tuple(b for b in blocks[:ends_after] if not isinstance(b, Note))


def _less(shown: tuple[Block, ...], words: int) -> tuple[Block, ...]:
    while len(shown) > 1 and words_in(shown) >= words:
        shown = shown[:-1]
    return shown if words_in(shown) < words else _first_sentence(shown[0]) if shown else ()


def _automatic(body: tuple[Block, ...]) -> tuple[Block, ...]:
    shown: list[Block] = []
    words = 0
    for block in body:
        if not isinstance(block, (*_RUNNING_TEXT, Heading)):
            continue
        length = words_in([block])
        if shown and words + length > LEAD_IN_WORDS * 4 // 3:
            break
        shown.append(block)
        words += length
        if words >= LEAD_IN_WORDS * 3 // 4:
            break
    return _short_enough(tuple(shown)) if shown else _first_sentence(body[0])


def _short_enough(shown: tuple[Block, ...]) -> tuple[Block, ...]:
    """A first paragraph of a thousand words is no lead-in: it is cut at the sentence that ends nearest to the length meant."""
    if len(shown) > 1 or words_in(shown) <= LEAD_IN_WORDS * 2:
        return shown
    return _first_sentence(shown[0], LEAD_IN_WORDS)


def _first_sentence(block: Block, at_least: int = 1) -> tuple[Block, ...]:
    """Promise: the opening of one block as plain text: whole sentences of `at_least` words if there are several, else half its words."""
    if isinstance(block, PictureRef):
        return ()
    words = text_of(block).split()
    ends = [
        i + 1
        for i, word in enumerate(words[:-1])
        if word.rstrip("\"'”’)]")[-1:] in {".", "!", "?"} and i + 1 >= at_least
    ]
    end = (
        ends[0]
        if ends and ends[0] <= max(at_least * 2, 60)
        else min(max(len(words) // 2, 1), at_least if at_least > 1 else 40)
    )
    if end >= len(words):
        end = len(words) // 2
    return (
        (Paragraph(_escaped(" ".join(words[:end]) + ("" if ends and end == ends[0] else "…"))),)
        if end
        else ()
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_trailing_heading(shown: tuple[Block, ...]) -> tuple[Block, ...]:
    while len(shown) > 1 and isinstance(shown[-1], Heading):
        shown = shown[:-1]
    return shown
