"""What a word processor puts on the clipboard, as the archive's blocks: Word, Google Docs, LibreOffice, and any plain page of HTML.

Kept: headings, lists, tables, quotations, notes, links, bold and italic, raised and lowered letters. Everything else is how it looked
there, and is left there. What leaves here has only the tags of the block model. Knows no Django and no database.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import html as lxml_html
from lxml.etree import ParserError

from backnumber.archive.blocks import (
    Block,
    Heading,
    Listing,
    Note,
    Paragraph,
    Preformatted,
    Quotation,
    Table,
    plain,
)
from backnumber.characters import seen
from backnumber.intake.markup import BLOCK_TAGS, NEVER, folded, is_element
from backnumber.intake.tables import rows_of, table_rows

Element = Any  # lxml's elements come without types
LARGEST = 4_000_000
"""Characters: a clipboard of more is no article."""
_ORDERED = re.compile(r"\(?[0-9a-zA-Z]{1,5}[.)]")
_LEVEL = re.compile(r"level(\d)")
_LENGTH = re.compile(r"(-?[\d.]+)(pt|cm|mm|in|px)")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75}
_INDENTED = 20.0
_QUOTES = {"msoquote", "msointensequote", "quotations", "quote"}
_SAFE = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f\\<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """The blocks in order, the notes last, and how many pictures were left out: a clipboard does not hold their rights."""

    blocks: tuple[Block, ...]
    pictures: int


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list before lists are put together."""

    level: int
    is_ordered: bool
    html: str


@dataclass(frozen=True, slots=True)
class _Head:
    level: int
    text: str


_Part = Block | _Item | _Head


@dataclass(slots=True)
class _Reading:
    """What is known of the page while it is read."""

    marks: dict[Element, str] = field(default_factory=dict)
    pictures: int = 0


def from_html(pasted: str, first_note: int = 1) -> Pasted:
    """Promise: the blocks of what was pasted; notes are numbered from `first_note` in the order of their marks. Nothing for what is empty.

    Errors: ValueError when it is larger than `LARGEST`.
    """
    if len(pasted) > LARGEST:
        raise ValueError("This is too long for one article: paste it in parts.")
    body = _body(seen(pasted))
    if body is None:
        return Pasted((), 0)
    reading = _Reading()
    notes = _lift_notes(body, reading, first_note)
    parts = [one for one in _parts(body, reading) if one is not None]
    return Pasted((*_blocks(parts), *notes), reading.pictures)


def from_text(pasted: str) -> Pasted:
    """Promise: plain text; an empty line parts paragraphs, and where there is none every line is one."""
    text = seen(pasted).replace("\r\n", "\n").replace("\r", "\n")
    parts = re.split(r"\n\s*\n", text) if re.search(r"\n\s*\n", text.strip()) else text.split("\n")
    return Pasted(
        tuple(Paragraph(escape(" ".join(one.split()), quote=False)) for one in parts if one.strip()), 0
    )


def _body(pasted: str) -> Element | None:
    start, end = pasted.find("<!--StartFragment-->"), pasted.rfind("<!--EndFragment-->")
    notes = "mso-element:" in pasted  # Word writes its notes after the fragment
    inside = pasted[start:end] if 0 <= start < end and not notes else pasted
    try:
        found: Element = lxml_html.document_fromstring(
            f"<div>{inside}</div>" if inside is not pasted else inside
        )
    except (ParserError, ValueError):
        return None
    return found.body if found.body is not None else found


# Notes: a mark and a note point at each other, in all three programs.


def _lift_notes(body: Element, reading: _Reading, first: int) -> list[Note]:
    """The notes in the order of their marks; they stand no longer in the body."""
    named: dict[str, Element] = {}
    for link in body.iter("a"):
        for name in (link.get("name"), link.get("id")):
            if name:
                named.setdefault(name, link)
    pairs: list[tuple[Element, Element]] = []
    taken: set[Element] = set()
    for mark in body.iter("a"):
        back = named.get(_within(mark))
        is_pair = (
            back is not None
            and back is not mark
            and _within(back) in {mark.get("name"), mark.get("id")} - {None}
        )
        if is_pair and mark not in taken:
            taken |= {mark, back}
            pairs.append((mark, back))
    holders = [_holder(back, taken) for _, back in pairs]
    notes = []
    for number, (mark, back) in enumerate(pairs, first):
        reading.marks[mark] = str(number)
        back.drop_tree()
    for number, holder in enumerate(holders, first):
        notes.append(Note(str(number), _words(holder, reading)))
    for holder in holders:
        if holder.getparent() is not None:
            holder.drop_tree()
    return notes


def _within(link: Element) -> str:
    """The name on the page that a link leads to; Word writes the address of the file before it."""
    address = (link.get("href") or "").strip()
    head, _, name = address.partition("#")
    return name if not head or head.lower().startswith("file:") else ""


def _holder(back: Element, others: set[Element]) -> Element:
    """The largest element that holds this note and no other and no mark, and is no more than a block of its own."""
    found = back
    for outer in back.iterancestors():
        if outer.tag == "body" or any(one in others and one is not back for one in outer.iter("a")):
            break
        found = outer
        if outer.tag in {"div", "li", "aside"} and (outer.get("id") or "mso-element" in _style(outer)):
            break
        if outer.tag in {"p", "li"} and (
            outer.getparent() is None or outer.getparent().tag in {"body", "ol", "ul"}
        ):
            break
    return found


def _words(element: Element, reading: _Reading) -> str:
    """A note's words, its paragraphs after each other."""
    return re.sub(r"^(?:\s|[.:\])])+", "", folded(_inside(element, reading)))


# Blocks.


def _parts(element: Element, reading: _Reading, quoted: bool = False) -> Iterator[_Part | None]:
    """What stands in a container, in order; runs of loose text are paragraphs."""
    run: list[str] = [escape(element.text or "", quote=False)]
    for child in element:
        if is_element(child) and child.tag not in NEVER and _is_block(child):
            yield _paragraph("".join(run), quoted)
            run = []
            yield from _of_block(child, reading, quoted)
        else:
            run.append(_inline(child, reading))
        run.append(escape(child.tail or "", quote=False))
    yield _paragraph("".join(run), quoted)


def _is_block(element: Element) -> bool:
    return element.tag in BLOCK_TAGS or any(
        is_element(d) and d.tag in BLOCK_TAGS for d in element.iterdescendants()
    )


def _of_block(element: Element, reading: _Reading, quoted: bool) -> Iterator[_Part | None]:
    tag = element.tag
    if tag in {"ul", "ol"}:
        yield from _items(element, reading, 1)
    elif tag == "table":
        yield from _table(element, reading, quoted)
    elif tag == "pre":
        yield Preformatted(str(element.text_content()).strip("\n"))
    elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
        yield _head(element, int(tag[1]), reading)
    elif tag == "blockquote":
        yield from _parts(element, reading, quoted=True)
    elif tag == "p" or not any(is_element(d) and d.tag in BLOCK_TAGS for d in element.iterdescendants()):
        yield from _of_paragraph(element, reading, quoted)
    else:
        yield from _parts(element, reading, quoted)


def _of_paragraph(element: Element, reading: _Reading, quoted: bool) -> Iterator[_Part | None]:
    style, classes = _style(element), (element.get("class") or "").casefold().split()
    if "mso-list:" in style and (level := _LEVEL.search(style)) and "mso-list:ignore" not in style:
        yield _word_item(element, int(level[1]), reading)
    elif {"msotitle", "title"} & set(classes):
        yield _head(element, 1, reading)
    elif heading := next((one for one in classes if re.fullmatch(r"msoheading\d|heading-?\d", one)), ""):
        yield _head(element, int(heading[-1]), reading)
    else:
        is_quoted = quoted or bool(_QUOTES & set(classes)) or _is_indented(style)
        yield _paragraph(_inside(element, reading), is_quoted)


def _head(element: Element, level: int, reading: _Reading) -> _Head | None:
    text = plain(folded(_inside(element, reading)))
    return _Head(level, text) if text else None


def _paragraph(html: str, quoted: bool) -> _Part | None:
    html = folded(html)
    if not html:
        return None
    return Quotation((html,)) if quoted else Paragraph(html)


def _items(listed: Element, reading: _Reading, level: int) -> Iterator[_Item]:
    """Items of a list; a list in a list is one level deeper, whether it stands in an item or between two."""
    is_ordered = listed.tag == "ol"
    for child in listed:
        if not is_element(child) or child.tag in NEVER:
            continue
        if child.tag in {"ul", "ol"}:
            yield from _items(child, reading, level + 1)
            continue
        inner = [
            one
            for one in child.iter("ul", "ol")
            if next(a for a in one.iterancestors("li", "ul", "ol")) is child
        ]
        for one in inner:
            one.drop_tree()
        html = folded(_inside(child, reading))
        if html:
            yield _Item(level, is_ordered, html)
        for one in inner:
            yield from _items(one, reading, level + 1)


def _word_item(element: Element, level: int, reading: _Reading) -> _Item | None:
    """Word's lists are paragraphs; the bullet or number is text, in a part that is to be ignored."""
    marker = ""
    for part in element.xpath(".//*[@style]"):
        if "mso-list:ignore" in _style(part):
            marker = str(part.text_content()).strip()
            part.drop_tree()
            break
    html = folded(_inside(element, reading))
    return _Item(level, bool(_ORDERED.match(marker)) and marker != "o", html) if html else None


def _table(element: Element, reading: _Reading, quoted: bool) -> Iterator[_Part | None]:
    rows = rows_of(element)
    if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text
        yield from _parts(rows[0][0], reading, quoted)
        return
    first = rows[0] if rows else []
    has_header = bool(first) and (
        all(cell.tag == "th" for cell in first) or all(_is_all_bold(cell) for cell in first)
    )
    caption = next((" ".join(str(one.text_content()).split()) for one in element.iter("caption")), "")
    made = table_rows(element, lambda cell: plain(folded(_inside(cell, reading)).replace("<br>", " ")))
    yield Table(caption, made, header_row=has_header) if made else None


def _is_all_bold(cell: Element) -> bool:
    text = "".join(str(cell.text_content()).split())
    bold = "".join("".join(str(one.text_content()).split()) for one in cell.iter() if is_element(one) and _weight(one) is True and not any(_weight(up) is True for up in one.iterancestors() if up in set(cell.iter())))  # fmt: skip
    return bool(text) and bold == text


# Inline.


def _inside(element: Element, reading: _Reading) -> str:
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        parts += [_inline(child, reading), escape(child.tail or "", quote=False)]
    return "".join(parts)


def _inline(element: Element, reading: _Reading) -> str:
    if not is_element(element) or element.tag in NEVER or "mso-hide:all" in _style(element):
        return ""
    if element.tag in {"img", "v:imagedata", "imagedata"}:
        reading.pictures += 1
        return ""
    if element.tag == "br":
        return "<br>"
    if element in reading.marks:
        number = reading.marks[element]
        return f'<sup><a href="#note-{number}">{number}</a></sup>'
    inside = _inside(element, reading)
    if element.tag == "a" and (address := _address(element)):
        return f'<a href="{escape(address)}">{inside}</a>'
    for tag in _tags(element):
        if inside.strip() and '<sup><a href="#note-' not in inside:
            inside = f"<{tag}>{inside}</{tag}>"
    return f"{inside} " if element.tag in BLOCK_TAGS else inside


def _tags(element: Element) -> Iterator[str]:
    """Bold, italic, raised, lowered: by the style where it says so, else by the tag."""
    style = f";{_style(element)}"
    if _weight(element):
        yield "b"
    is_italic = element.tag in {"i", "em", "cite"} or ";font-style:italic" in style
    if is_italic and ";font-style:normal" not in style:
        yield "i"
    if ";vertical-align:super" in style or (element.tag == "sup" and ";vertical-align:baseline" not in style):
        yield "sup"
    elif ";vertical-align:sub" in style or element.tag == "sub":
        yield "sub"


def _weight(element: Element) -> bool | None:
    """Whether it is set in bold; None when it does not say."""
    found = re.search(r"(?:^|;)font-weight:(\w+)", _style(element))
    if found:
        return found[1] in {"bold", "bolder"} or (found[1].isdecimal() and int(found[1]) >= 600)
    return True if element.tag in {"b", "strong"} else None


def _address(link: Element) -> str:
    """The address of a link that may stand; Google wraps some in its own."""
    address = (link.get("href") or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.hostname in {"www.google.com", "google.com"} and parts.path == "/url":
        address = next(iter(parse_qs(parts.query).get("q", [])), "")
    if address.startswith("/") and not address.startswith("//") and _SAFE.fullmatch(f"https://a{address}"):
        return address
    return address if _SAFE.fullmatch(address) else ""


def _style(element: Element) -> str:
    return re.sub(r"\s*([:;])\s*", r"\1", (element.get("style") or "").casefold())


def _is_indented(style: str) -> bool:
    """A paragraph set in from the left as a whole; one that hangs is a list of books, not a quotation."""
    return _length(style, "margin-left") >= _INDENTED and _length(style, "text-indent") >= 0


def _length(style: str, name: str) -> float:
    found = re.search(rf"(?:^|;){name}:{_LENGTH.pattern}", style)
    try:
        return float(found[1]) * _POINTS[found[2]] if found else 0.0
    except ValueError:
        return 0.0


# Together.


def _blocks(parts: Iterable[_Part]) -> Iterator[Block]:
    """Lists put together from items, quotations from paragraphs, headings on the two levels there are."""
    every = list(parts)
    highest = min((one.level for one in every if isinstance(one, _Head)), default=1)
    at = 0
    while at < len(every):
        part = every[at]
        same = at
        while same < len(every) and isinstance(every[same], type(part)):
            same += 1
        if isinstance(part, _Item):
            yield Listing(_list([one for one in every[at:same] if isinstance(one, _Item)]))
        elif isinstance(part, Quotation):
            yield Quotation(
                tuple(p for one in every[at:same] if isinstance(one, Quotation) for p in one.paragraphs)
            )
        elif isinstance(part, _Head):
            yield Heading(part.text, 2 if part.level == highest else 3)
            same = at + 1
        else:
            yield part
            same = at + 1
        at = same


def _list(items: list[_Item]) -> str:
    """Promise: one list; items deeper than the one before stand in a list within it."""
    level = min(one.level for one in items)
    tag = "ol" if items[0].is_ordered else "ul"
    made: list[str] = []
    at = 0
    while at < len(items):
        deeper = at + 1
        while deeper < len(items) and items[deeper].level > level:
            deeper += 1
        if items[at].level > level:  # begins deeper than it goes on
            made.append(f"<li>{_list(items[at:deeper])}</li>")
        else:
            inner = _list(items[at + 1 : deeper]) if deeper > at + 1 else ""
            made.append(f"<li>{items[at].html}{inner}</li>")
        at = deeper
    return f"<{tag}>{''.join(made)}</{tag}>"
