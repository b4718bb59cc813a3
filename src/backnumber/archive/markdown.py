"""A `Readable` as Markdown: CommonMark with GitHub's tables and footnotes. All Markdown of article bodies comes from here."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import html as lxml_html

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
)
from backnumber.archive.inline_markdown import BREAK, escaped, inline, link, one_line
from backnumber.archive.readable import Readable
from backnumber.archive.rendering import Pictures, clean_list

Labels = Mapping[str, str]


def to_markdown(readable: Readable, pictures: Pictures, site: str = "") -> str:
    """Promise: the blocks, apart by an empty line; the headline's level is left to whoever writes it.

    A picture that is not in `pictures` is withheld and leaves no trace. Notes stand at the end, as footnotes. `site` goes
    before addresses within it.
    """
    notes = [block for block in readable.blocks if isinstance(block, Note)]
    labels = _labels(notes)
    parts = [_block(block, pictures, labels, site) for block in readable.blocks]
    return "\n\n".join([*(part for part in parts if part), *_notes(notes, labels, site)])


def _labels(notes: Iterable[Note]) -> dict[str, str]:
    """The mark itself where it can be a footnote's label; else a name for it. Of two alike the first is pointed at."""
    labels: dict[str, str] = {}
    for position, note in enumerate(notes, 1):
        label = note.mark if re.fullmatch(r"[A-Za-z0-9]+", note.mark) else f"note-{position}"
        labels.setdefault(note.mark, label)
    return labels


def _notes(notes: Iterable[Note], labels: Labels, site: str) -> list[str]:
    seen: set[str] = set()
    made = []
    for position, note in enumerate(notes, 1):
        label = f"{labels[note.mark]}-{position}" if note.mark in seen else labels[note.mark]
        seen.add(note.mark)
        made.append(f"[^{label}]: {inline(note.html, {}, site)}")
    return made


def _block(block: Block, pictures: Pictures, labels: Labels, site: str) -> str:  # noqa: C901 (one case a kind of block)
    match block:
        case Paragraph(html):
            return inline(html, labels, site)
        case Heading(text, level):
            return _heading(text, min(max(level, 2), 4))
        case PullQuote(text):
            return _quoted([f"*{escaped(text.strip())}*"]) if text.strip() else ""
        case Quotation(paragraphs, source):
            said = [inline(paragraph, labels, site) for paragraph in paragraphs]
            return _quoted([*said, f"— {escaped(source)}"] if source else said)
        case PictureRef():
            return _picture(block, pictures, site)
        case Verse(text):
            return _verse(text)
        case Preformatted(text):
            return _fenced(text)
        case Listing(html):
            return _listing(html, labels, site)
        case Table():
            return _table(block)
        case Timeline(heading, entries):
            rows = [f"- **{escaped(when.strip())}** {escaped(what.strip())}" for when, what in entries]
            return "\n\n".join([_heading(heading, 3), "\n".join(rows)])
        case FurtherReading(items, heading):
            read = [f"- {inline(item, labels, site)}" for item in items]
            return "\n\n".join([_heading(heading, 2), "\n".join(read)])
        case Note():
            return ""


def _heading(text: str, level: int) -> str:
    """A number sign at its end would be taken for the end of the heading (section 4.2)."""
    words = one_line(text)
    return f"{'#' * level} {words[:-1]}\\#" if words.endswith("#") else f"{'#' * level} {words}"


def _quoted(paragraphs: Iterable[str]) -> str:
    lines = "\n\n".join(paragraph for paragraph in paragraphs if paragraph).split("\n")
    return "\n".join(f"> {line}".rstrip(" ") for line in lines)


def _picture(block: PictureRef, pictures: Pictures, site: str) -> str:
    shown = pictures.get(block.picture)
    if shown is None:
        return ""
    address = site + shown.src if shown.src.startswith("/") else shown.src
    under = " ".join(one_line(words) for words in (block.caption or shown.caption, shown.credit) if words)
    image = f"!{link(escaped(block.alt or shown.alt), address)}"
    return f"{image}\n\n{under}" if under else image


def _verse(text: str) -> str:
    stanzas = [stanza.strip("\n") for stanza in re.split(r"\n\s*\n", text) if stanza.strip()]
    return "\n\n".join(BREAK.join(map(_verse_line, stanza.split("\n"))) for stanza in stanzas)


def _verse_line(line: str) -> str:
    """Leading spaces would be lost: each two are an em space."""
    indent = len(line) - len(line.lstrip(" "))
    return "&emsp;" * ((indent + 1) // 2) + one_line(line)


def _fenced(text: str) -> str:
    """A fence longer than any within (section 4.5)."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(longest + 1, 3)
    return f"{fence}\n{text.rstrip()}\n{fence}"


def _listing(html: str, labels: Labels, site: str) -> str:
    root = lxml_html.fragment_fromstring(clean_list(html), create_parent="div")
    return "\n\n".join("\n".join(_items(child, labels, site)) for child in root if child.tag in {"ul", "ol"})


def _items(listing: Any, labels: Labels, site: str) -> list[str]:
    """What is nested stands under the first letter of its item (section 5.2)."""
    lines = []
    for number, item in enumerate((child for child in listing if child.tag == "li"), 1):
        mark = f"{number}. " if listing.tag == "ol" else "- "
        nested = [child for child in item if child.tag in {"ul", "ol"}]
        for child in nested:
            child.tail = f" {child.tail or ''}"
            child.drop_tree()
        words = inline(_inner(item), labels, site).split("\n")
        below = [line for child in nested for line in _items(child, labels, site)]
        lines += [mark + words[0], *(" " * len(mark) + line for line in (*words[1:], *below))]
    return lines


def _inner(element: Any) -> str:
    whole: str = lxml_html.tostring(element, encoding="unicode", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("</")] if "</" in whole else ""


def _table(table: Table) -> str:
    """A table of Markdown must have a head: without one its cells are empty. A shorter row is filled up."""
    width = max((len(row) for row in table.rows), default=0)
    rows = [_cells(row, width, table.header_column) for row in table.rows]
    head = rows.pop(0) if table.header_row and rows else [""] * width
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * width, *rows)]
    caption = f"**{escaped(table.caption.strip())}**\n\n" if table.caption.strip() else ""
    return caption + "\n".join(lines)


def _cells(row: tuple[str, ...], width: int, header_column: bool) -> list[str]:
    cells = [escaped(cell.strip()) for cell in row] + [""] * (width - len(row))
    if header_column and cells and cells[0]:
        cells[0] = f"**{cells[0]}**"
    return cells
