"""An article as plain text in parts, for a reader that looks for what it is about. It must not know Django.

Gated words are in here too: nothing of a part that is not open may be shown to a reader, sent or logged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backnumber.archive.blocks import (
    Block,
    FurtherReading,
    Note,
    PictureRef,
    Preformatted,
    Quotation,
    Table,
    Verse,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Part:
    """`weight`: title, standfirst, lead, body, note or quotation. `is_open`: anyone may read it."""

    text: str
    weight: str
    is_open: bool


def parts(
    headline: str, standfirst: str, blocks: Sequence[Block], opening: Sequence[Block]
) -> tuple[Part, ...]:
    """Promise: the whole article, without tables and pictures; `opening` is its lead-in."""
    return (
        Part(headline, "title", True),
        *([Part(standfirst, "standfirst", True)] if standfirst else []),
        *_body(blocks, opening),
    )


def _body(blocks: Sequence[Block], opening: Sequence[Block]) -> Iterator[Part]:
    is_first = True
    open_blocks = list(opening)
    for block in blocks:
        if isinstance(block, PictureRef | Table | Preformatted):
            continue
        text, weight = text_of(block), _weight(block)
        if block in open_blocks:
            yield Part(text, "lead" if weight == "body" else weight, True)
        elif is_first and open_blocks and (cut := text_of(open_blocks[0]).rstrip("…")):
            yield Part(cut, "lead", True)
            yield Part(" ".join(text.split())[len(cut) :].strip(), weight, False)
        else:
            yield Part(text, weight, False)
        is_first = False


def _weight(block: Block) -> str:
    if isinstance(block, Note | FurtherReading):
        return "note"
    return "quotation" if isinstance(block, Quotation | Verse) else "body"
