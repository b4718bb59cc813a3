"""A `Readable` as HTML and as plain text. All HTML of article bodies comes from here, and all of it is
escaped or cleaned here.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import nh3

from backnumber.archive.blocks import (
    INLINE,
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
from backnumber.archive.readable import Readable

_INLINE_TAGS = set(INLINE)
_SCHEMES = {"http", "https", "mailto"}
_NOT_EVEN_ITS_WORDS = {"script", "style"}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "q": {"cite"}}
_PLAIN = re.compile(r"[^<>&\x00\r\xa0\ufeff]*")
_LAZY = re.compile(r'(<img [^>]*) loading="lazy"')
_NOTE_MARK = re.compile(r'<sup><a href="#note-([^"]+)"[^>]*>(.*?)</a></sup>')


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture that may be shown now: addresses by width, its size in pixels, and what stands under it. `large` is the address
    at its largest: a reader's link to it.
    """

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    large: str = ""


Pictures = Mapping[int, ShownPicture]


def clean(html: str) -> str:
    """Promise: inline HTML of the allowed tags, addresses of http, https, mailto or within the page, nothing
    that runs.

    Plain words are what they were, and most of an archive is plain words: they need no parser.
    """
    if _PLAIN.fullmatch(html):
        return html
    return nh3.clean(
        html,
        tags=_INLINE_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        clean_content_tags=_NOT_EVEN_ITS_WORDS,
    )


def clean_list(html: str) -> str:
    return nh3.clean(
        html,
        tags={*INLINE, "ul", "ol", "li"},
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def to_html(readable: Readable, pictures: Pictures, *, notes_beside: bool = False) -> str:
    """Promise: the blocks as HTML; a picture that is not in `pictures` is withheld and leaves no trace.

    Notes stand at the end in one list, those the shown text points at linked both ways. With `notes_beside`
    each stands after the paragraph that first points at it, in a group that a page can set in the margin.
    """
    notes = [b for b in readable.blocks if isinstance(b, Note)]
    marks = {note.mark for note in notes}
    shown = [
        (block, _html(block, pictures, marks)) for block in readable.blocks if not isinstance(block, Note)
    ]
    parts = _with_notes_beside(shown, notes) if notes_beside and notes else [part for _, part in shown]
    if notes:
        parts.append(_notes(notes))
    return _first_picture_at_once("\n".join(part for part in parts if part))


def blocks_to_html(blocks: Iterable[Block]) -> str:
    """Promise: the blocks of a page that is no article as HTML, cleaned as an article's are; it has neither pictures nor notes."""
    return "\n".join(part for block in blocks if (part := _html(block, {}, set())))


def _with_notes_beside(shown: Sequence[tuple[Block, str]], notes: list[Note]) -> list[str]:
    """Takes the notes it places out of `notes`. A group runs on over the paragraphs that follow, so that a
    long note has room.
    """
    parts: list[str] = []
    in_group = False
    for block, part in shown:
        beside = [
            note
            for mark in dict.fromkeys(_cited(block))
            if (note := next((n for n in notes if n.mark == mark), None))
        ]
        placed = set(map(id, beside))  # two notes may be alike in mark and words
        notes[:] = [note for note in notes if id(note) not in placed]
        if in_group and (beside or not isinstance(block, Paragraph)):
            parts.append("</div>")
            in_group = False
        if beside:
            part = f'<div class="noted">{part}{_margin_notes(beside)}'
            in_group = True
        parts.append(part)
    return [*parts, "</div>"] if in_group else parts


def _first_picture_at_once(html: str) -> str:
    """The first picture is what a reader waits for; the rest come when they are near."""
    return _LAZY.sub(r"\1", html, count=1)


def _cited(block: Block) -> list[str]:
    return [mark for mark, _ in _NOTE_MARK.findall(clean(block.html))] if isinstance(block, Paragraph) else []


def _inline(html: str, marks: set[str]) -> str:
    def mark(match: re.Match[str]) -> str:
        key, shown = match[1], match[2]
        if key not in marks:
            return f"<sup>{shown}</sup>"
        link = f'<a href="#note-{key}" id="mark-{key}" role="doc-noteref">{shown}</a>'
        return f'<sup class="note-mark">{link}</sup>'

    return _NOTE_MARK.sub(mark, clean(html))


def _html(block: Block, pictures: Pictures, marks: set[str]) -> str:  # noqa: C901 (one case a kind of block)
    match block:
        case Paragraph(html):
            return f"<p>{_inline(html, marks)}</p>"
        case Heading(text, level):
            return f"<h{min(max(level, 2), 4)}>{escape(text)}</h{min(max(level, 2), 4)}>"
        case PullQuote(text):
            return f'<div class="pull-quote"><p>{escape(text)}</p></div>'
        case Quotation(paragraphs, source):
            said = "".join(f"<p>{_inline(p, marks)}</p>" for p in paragraphs)
            return f"<blockquote>{said}{f'<footer>{escape(source)}</footer>' if source else ''}</blockquote>"
        case PictureRef():
            return _figure(block, pictures)
        case Verse(text):
            return f'<div class="verse">{_verse(text)}</div>'
        case Preformatted(text):
            return f'<pre tabindex="0">{escape(text)}</pre>'
        case Listing(html):
            return clean_list(html)
        case Table():
            return _table(block)
        case Timeline(heading, entries):
            rows = "".join(
                f"<div><dt>{escape(when)}</dt><dd>{escape(what)}</dd></div>" for when, what in entries
            )
            named = f"<h3>{escape(heading)}</h3>" if heading else ""
            label = escape(heading or "Timeline")
            return f'<aside class="timeline" aria-label="{label}">{named}<dl>{rows}</dl></aside>'
        case FurtherReading(items, heading):
            read = "".join(f"<li>{_inline(item, marks)}</li>" for item in items)
            return f'<section class="further-reading"><h2>{escape(heading)}</h2><ul>{read}</ul></section>'
        case Note():
            return ""


def _figure(block: PictureRef, pictures: Pictures) -> str:
    shown = pictures.get(block.picture)
    if shown is None:
        return ""
    caption = block.caption or shown.caption
    credit = f' <span class="credit">{escape(shown.credit)}</span>' if shown.credit else ""
    under = f"<figcaption>{escape(caption)}{credit}</figcaption>" if caption or credit else ""
    srcset = (
        f' srcset="{escape(shown.srcset)}" sizes="(min-width: 48rem) 42rem, 100vw"' if shown.srcset else ""
    )
    alt = escape(block.alt or shown.alt)
    image = (
        f'<img src="{escape(shown.src)}"{srcset} width="{shown.width}" height="{shown.height}"'
        f' alt="{alt}" loading="lazy" decoding="async">'
    )
    if shown.large:
        label = f"Enlarge: {alt}" if alt else "Enlarge this picture"
        image = f'<a class="enlarge" href="{escape(shown.large)}" aria-label="{label}">{image}</a>'
    return f"<figure>{image}{under}</figure>"


def _verse(text: str) -> str:
    stanzas = [stanza.strip("\n") for stanza in re.split(r"\n\s*\n", text) if stanza.strip()]
    return "".join(
        f'<p class="stanza">{"<br>".join(map(_verse_line, s.split(chr(10))))}</p>' for s in stanzas
    )


def _verse_line(line: str) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return "&emsp;" * ((indent + 1) // 2) + escape(line.strip())


def _table(table: Table) -> str:
    rows = list(table.rows)
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    head = ""
    if table.header_row and rows:
        head = (
            "<thead><tr>"
            + "".join(f'<th scope="col">{escape(c)}</th>' for c in rows.pop(0))
            + "</tr></thead>"
        )
    body = "".join(f"<tr>{_cells(row, table.header_column)}</tr>" for row in rows)
    label = escape(table.caption or "Table")
    inside = f"<table>{caption}{head}<tbody>{body}</tbody></table>"
    return f'<div class="table" role="region" tabindex="0" aria-label="{label}">{inside}</div>'


def _cells(row: tuple[str, ...], header_column: bool) -> str:
    first = f'<th scope="row">{escape(row[0])}</th>' if header_column and row else ""
    return first + "".join(f"<td>{escape(cell)}</td>" for cell in row[1 if first else 0 :])


def _margin_notes(notes: list[Note]) -> str:
    items = "".join(
        f'<p id="note-{escape(n.mark)}" role="doc-footnote"><span class="mark">{escape(n.mark)}</span> '
        f"{clean(n.html)} {_back(n)}</p>"
        for n in notes
    )
    return f'<div class="margin-notes">{items}</div>'


def _notes(notes: list[Note]) -> str:
    items = "".join(
        f'<li id="note-{escape(n.mark)}" value="{n.mark if n.mark.isdigit() else i}">'
        f"<p>{clean(n.html)} {_back(n)}</p></li>"
        for i, n in enumerate(notes, 1)
    )
    return f'<section class="notes" role="doc-endnotes"><h2>Notes</h2><ol>{items}</ol></section>'


def _back(note: Note) -> str:
    mark = escape(note.mark)
    return f'<a class="back" href="#mark-{mark}" aria-label="Back to the text, note {mark}">↩</a>'


def to_text(readable: Readable, heading: Callable[[str], str] = str.upper) -> str:
    """Promise: the blocks as plain text for a mail or an index, paragraphs apart by an empty line; pictures
    left out.
    """
    parts = []
    for block in readable.blocks:
        match block:
            case Heading(text, _):
                parts.append(heading(text))
            case PictureRef() | PullQuote():
                continue
            case Note(mark, html):
                parts.append(f"[{mark}] {plain(html)}")
            case _:
                parts.append(text_of(block))
    return "\n\n".join(parts)
