"""Notes numbered within their article, and every block made safe. Knows no Django."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from backnumber.archive.blocks import (
    Block,
    Heading,
    Listing,
    Note,
    Paragraph,
    Preformatted,
    PullQuote,
    Quotation,
    Table,
    Verse,
)
from backnumber.archive.rendering import clean, clean_list
from backnumber.intake.balance import is_ornament
from backnumber.intake.markup import MARK, words_of
from backnumber.intake.reading import PictureSeen

Content = list[Block | PictureSeen]


def numbered(
    content: Content, notes: dict[str, str], first: Sequence[str] = (), last: Sequence[str] = ()
) -> tuple[Content, list[str]]:
    """Promise: notes numbered from 1 in the order of their marks, standing at the end; every `html` cleaned.

    `first` are the keys of marks in the headline, `last` of those in the byline, which themselves carry none. Also what a person should know:
    a mark that points at no note.
    """
    numbers: dict[str, str] = {}
    lost: list[str] = []

    def number(key: str) -> str:
        if key not in notes:
            lost.append(key)
            return ""
        return numbers.setdefault(key, str(len(numbers) + 1))

    for key in first:
        number(key)
    made = [_block(block, number) for block in content]
    for key in last:
        number(key)
    end: Content = [Note(mark, clean(notes[key])) for key, mark in numbers.items()]
    return [*[b for b in made if b is not None], *end], [f"a mark points at no note: {key}" for key in lost]


def _block(block: Block | PictureSeen, number: Callable[[str], str]) -> Block | PictureSeen | None:
    def linked(html: str) -> str:
        return clean(
            MARK.sub(lambda m: f'<sup><a href="#note-{n}">{n}</a></sup>' if (n := number(m[1])) else "", html)
        )

    def bare(text: str) -> str:
        return MARK.sub(lambda m: f" [{n}]" if (n := number(m[1])) else "", text)

    match block:
        case Paragraph(html):
            made = linked(html)
            return None if is_ornament(words_of(made)) else Paragraph(made)
        case Quotation(paragraphs, source):
            return Quotation(tuple(map(linked, paragraphs)), bare(source))
        case Listing(html):
            return Listing(clean_list(MARK.sub(lambda m: f"[{n}]" if (n := number(m[1])) else "", html)))
        case Heading(text, _) | PullQuote(text) | Verse(text) | Preformatted(text):
            return replace(block, text=bare(text))
        case Table(caption, rows, _, _):
            return replace(block, caption=bare(caption), rows=tuple(tuple(map(bare, row)) for row in rows))
    return block
