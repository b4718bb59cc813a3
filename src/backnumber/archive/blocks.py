"""The body of an article as blocks: what an editor edits, an importer fills and a page prints.

A body is stored as Wagtail's stream: a list of `{"type", "value", "id"}`. Here it becomes frozen values and back.
It must not know Django. Every `html` is inline HTML of the tags in `INLINE`; a note's mark is written `<sup><a href="#note-1">1</a></sup>`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from lxml import html as lxml_html

Stream = list[dict[str, Any]]

INLINE = frozenset(
    {"a", "abbr", "b", "br", "cite", "code", "em", "i", "q", "s", "small", "strong", "sub", "sup"}
)
NAMESPACE = UUID("7f6ad3c2-52a5-4a2c-9a0e-3a1f9f0b5b1e")


@dataclass(frozen=True, slots=True)
class Paragraph:
    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2 or 3; the headline is 1."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class PullQuote:
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation set apart: one or more paragraphs of inline HTML, and who said it."""

    paragraphs: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class PictureRef:
    """A picture of the archive by its key. Empty `alt` or `caption`: the picture's own."""

    picture: int
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """`mark` is what the text points with: "1", "*"."""

    mark: str
    html: str


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are plain text; every row has the same length."""

    caption: str
    rows: tuple[tuple[str, ...], ...]
    header_row: bool = True
    header_column: bool = False


@dataclass(frozen=True, slots=True)
class Verse:
    """Lines as written, indentation as leading spaces, stanzas apart by an empty line. Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    heading: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FurtherReading:
    items: tuple[str, ...]
    heading: str = "Further reading"


@dataclass(frozen=True, slots=True)
class Listing:
    """`html` is one `ul` or `ol`, nested lists allowed, its items inline HTML."""

    html: str


@dataclass(frozen=True, slots=True)
class Preformatted:
    text: str


Block = (
    Paragraph
    | Heading
    | PullQuote
    | Quotation
    | PictureRef
    | Note
    | Table
    | Verse
    | Timeline
    | FurtherReading
    | Listing
    | Preformatted
)


def to_stream(blocks: Iterable[Block], identity: str = "") -> Stream:
    """Promise: the stream of `blocks`. The same `identity` and blocks give the same ids, so that an import changes nothing twice."""
    return [
        {"type": type_, "value": value, "id": str(uuid5(NAMESPACE, f"{identity}:{position}:{type_}"))}
        for position, (type_, value) in enumerate(map(_to_value, blocks))
    ]


_PLAIN: dict[type, str] = {PullQuote: "pull_quote", Verse: "verse", Preformatted: "preformatted"}
_FROM_PLAIN: dict[str, type[PullQuote | Verse | Preformatted | Listing]] = {
    "pull_quote": PullQuote,
    "verse": Verse,
    "preformatted": Preformatted,
    "listing": Listing,
}


def _to_value(block: Block) -> tuple[str, Any]:
    match block:
        case Paragraph(html):
            return "paragraph", f"<p>{html}</p>"
        case Heading(text, level):
            return "heading", {"text": text, "level": str(level)}
        case PullQuote(text) | Verse(text) | Preformatted(text):
            return _PLAIN[type(block)], text
        case Quotation(paragraphs, source):
            return "quotation", {"text": "".join(f"<p>{p}</p>" for p in paragraphs), "source": source}
        case PictureRef(picture, alt, caption):
            return "picture", {"picture": picture, "alt": alt, "caption": caption}
        case Note(mark, html):
            return "note", {"mark": mark, "text": f"<p>{html}</p>"}
        case Listing(html):
            return "listing", html
        case Table() | Timeline() | FurtherReading():
            return _rows_to_value(block)


def _rows_to_value(block: Table | Timeline | FurtherReading) -> tuple[str, Any]:
    match block:
        case Table(caption, rows, header_row, header_column):
            return "table", {
                "data": [list(row) for row in rows],
                "cell": [],
                "mergeCells": [],
                "first_row_is_table_header": header_row,
                "first_col_is_header": header_column,
                "table_header_choice": _header_choice(header_row, header_column),
                "table_caption": caption,
            }
        case Timeline(heading, entries):
            return "timeline", {
                "heading": heading,
                "entries": [_item({"when": when, "what": what}) for when, what in entries],
            }
        case FurtherReading(items, heading):
            return "further_reading", {
                "heading": heading,
                "items": [_item(f"<p>{item}</p>") for item in items],
            }


def _header_choice(row: bool, column: bool) -> str:
    return {(True, True): "both", (True, False): "row", (False, True): "column", (False, False): "neither"}[
        row, column
    ]


def _item(value: Any) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": str(uuid5(NAMESPACE, repr(value)))}


def from_stream(stream: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Promise: the blocks of a stream, in order, each paragraph its own block. A block of unknown type is left out."""
    return tuple(block for child in stream for block in _from_child(str(child["type"]), child["value"]))


def _from_child(type_: str, value: Any) -> Iterable[Block]:
    match type_:
        case "paragraph":
            return tuple(Paragraph(p) for p in paragraphs_of(value))
        case "heading":
            return (Heading(value["text"], int(value.get("level") or 2)),)
        case "quotation":
            return (Quotation(tuple(paragraphs_of(value["text"])), value.get("source") or ""),)
        case "picture":
            return (
                (PictureRef(value["picture"], value.get("alt") or "", value.get("caption") or ""),)
                if value.get("picture")
                else ()
            )
        case "note":
            return (Note(value["mark"], " ".join(paragraphs_of(value["text"]))),)
        case "pull_quote" | "verse" | "preformatted" | "listing":
            return (_FROM_PLAIN[type_](value),)
        case "table" | "timeline" | "further_reading":
            return _rows_from_child(type_, value)
    return ()


def _rows_from_child(type_: str, value: Any) -> Iterable[Block]:
    if type_ == "table":
        rows = tuple(tuple(str(cell or "") for cell in row) for row in (value or {}).get("data") or ())
        choice = (value or {}).get("table_header_choice") or "neither"
        return (
            (
                Table(
                    (value or {}).get("table_caption") or "",
                    rows,
                    choice in {"both", "row"},
                    choice in {"both", "column"},
                ),
            )
            if rows
            else ()
        )
    if type_ == "timeline":
        return (
            Timeline(
                value["heading"], tuple((e["when"], e["what"]) for e in map(_value_of, value["entries"]))
            ),
        )
    return (
        FurtherReading(
            tuple(" ".join(paragraphs_of(_value_of(i))) for i in value["items"]),
            value.get("heading") or "Further reading",
        ),
    )


def _value_of(item: Any) -> Any:
    return item["value"] if isinstance(item, Mapping) and item.get("type") == "item" else item


def paragraphs_of(rich_text: str) -> list[str]:
    """Promise: the inline HTML of each paragraph of an editor's rich text, empty ones left out."""
    if rich_text.startswith("<p>") and rich_text.endswith("</p>") and rich_text.find("<p", 1) < 0:
        return [inner] if (inner := rich_text[3:-4].strip()) else []
    if not rich_text.strip():
        return []
    root = lxml_html.fragment_fromstring(rich_text, create_parent="div")
    if not root.xpath("./p"):
        return [_inner(root)]
    return [inner for p in root.xpath("./p") if (inner := _inner(p))]


def _inner(element: Any) -> str:
    whole: str = lxml_html.tostring(element, encoding="unicode", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("</")].strip()


def plain(html: str) -> str:
    """Promise: the words of a piece of HTML, white space folded, a note's mark left out of the word before it."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    root = lxml_html.fragment_fromstring(html.replace("<br", " <br"), create_parent="div")
    for mark in root.xpath(".//sup[a]"):
        mark.drop_tree()
    return " ".join(root.text_content().split())


def text_of(block: Block) -> str:
    """Promise: the words of a block as plain text; for a picture its caption and alternative text."""
    match block:
        case Paragraph(html) | Note(_, html):
            return plain(html)
        case Listing(html):
            return plain(html.replace("<li", " <li").replace("<ul", " <ul").replace("<ol", " <ol"))
        case Heading(text, _) | PullQuote(text) | Verse(text) | Preformatted(text):
            return text
        case Quotation(paragraphs, source):
            return " ".join([*map(plain, paragraphs), source]).strip()
        case PictureRef(_, alt, caption):
            return f"{caption} {alt}".strip()
        case Table(caption, rows, _, _):
            return " ".join([caption, *(cell for row in rows for cell in row)]).strip()
        case Timeline(heading, entries):
            return " ".join([heading, *(f"{when} {what}" for when, what in entries)])
        case FurtherReading(items, heading):
            return " ".join([heading, *map(plain, items)])


def words_in(blocks: Iterable[Block]) -> int:
    """Promise: how many words a reader reads, pictures and notes not counted."""
    return sum(len(text_of(block).split()) for block in blocks if not isinstance(block, PictureRef | Note))
