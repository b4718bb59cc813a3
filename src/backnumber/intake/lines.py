"""A page of HTML as a flat sequence of lines, each knowing its kind, its place in the file and the printed
page it stands on.

Heads, paragraphs, signatures, verse, tables, rules: what `pieces.py` cuts into articles. Knows no Django.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape

from lxml import etree
from lxml import html as lxml_html

from backnumber.archive.blocks import Listing, Preformatted, PullQuote, Table, Verse
from backnumber.intake.balance import LeftOut, runs
from backnumber.intake.markup import (
    BLOCK_TAGS,
    NEVER,
    Element,
    Inline,
    fits,
    folded,
    has_blocks,
    inline_runs,
    is_element,
    line_of,
    list_html,
    name_of,
    text_of_inline,
    words_of,
)
from backnumber.intake.notes import is_mark, lift_notes, marks_and_notes
from backnumber.intake.picture_seen import picture_of
from backnumber.intake.profile import pattern
from backnumber.intake.quotations import quoted
from backnumber.intake.reading import Kind, Line, PictureSeen, Reading, Rules, Unreadable
from backnumber.intake.refusing import flatten, running
from backnumber.intake.tables import is_layout, rows_of, stray, table_rows
from backnumber.intake.verse import stanzas, verse_lines

PRIVATE = re.compile(
    "[\ue000-\uf8ff]"
)  # letters of Unicode's private area: each font has its own, most have none
_LINE_ENDS = "\U000f0004"  # of a private plane, as the marks of `markup.py`
_PARAGRAPH_ENDS = re.compile(r"(?:<br>){2,}")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read(text: str, rules: Rules, first_line: int = 1, moved: Callable[[str], str] = str) -> Reading:
    """Promise: the lines of an HTML page, however untidy, counted from `first_line`; `moved` tells where a link leads now.

    Errors: Unreadable when it holds no element, or is nested deeper than anything a person wrote.
    """
    parser = lxml_html.HTMLParser(recover=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(first_line, f"no HTML could be read from it: {error}") from None
    body: Element = root.find("body")
    if body is None:
        raise Unreadable(first_line, "it has no body")
    flat = flatten(body, first_line)
    reader = _Reader(rules, first_line, moved)
    refused = (*flat, *running(body, first_line))
    odd_letters = bool(PRIVATE.search(body.text_content()))
    marks, note_elements = marks_and_notes(body, rules)
    holders = frozenset(note_elements)
    source = runs(body, first_line, lambda e: reader.is_left_out(e) or is_mark(e, marks, holders))
    reader.inline, notes, labels = lift_notes(note_elements, marks, rules, reader.inline)
    reader.left_out += [LeftOut("labels of notes", label) for label in labels]
    reader.walk(body)
    return Reading(
        lines=tuple(reader.lines),
        notes=notes,
        dropped=reader.dropped,
        refused=(*refused, *reader.doubts),
        odd_letters=odd_letters,
        source=source,
        left_out=tuple(reader.left_out),
    )


@dataclass
class _Reader:
    """Walks one page. What it has read so far is its state."""

    rules: Rules
    first_line: int
    moved: Callable[[str], str] = str
    lines: list[Line] = field(default_factory=list)
    dropped: int = 0
    page: str = ""
    pending: list[PictureSeen] = field(default_factory=list)
    inside: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    doubts: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inline = Inline(self._meets, self._is_linked, frozenset(), self.rules.superscript, self.moved)

    def _is_linked(self, address: str) -> bool:
        return not any(pattern(p).search(address) for p in self.rules.unlink)

    def _meets(self, element: Element) -> str | None:
        """Page numbers turn the page, pictures wait for the end of the paragraph, what is to be dropped is
        dropped.
        """
        if self.rules.pages and fits(element, self.rules.pages):
            self._turn(element)
            return ""
        if element.tag == "img":
            self.pending.append(picture_of(element))
            return ""
        if self.rules.drop and fits(element, self.rules.drop):
            self._leave("in elements that the profile drops", element)
            return ""
        return None

    def is_left_out(self, element: Element) -> bool:
        """Whether the profile says that its words are no part of any article: they may stand in the middle of a word."""
        rules = self.rules
        return bool(
            (rules.pages and fits(element, rules.pages)) or (rules.drop and fits(element, rules.drop))
        )

    def _leave(self, why: str, element: Element) -> None:
        self.left_out.append(LeftOut(why, str(element.text_content())))

    def _turn(self, element: Element) -> None:
        self._leave("of page numbers", element)
        if found := pattern(self.rules.page_pattern).search(element.text_content()):
            self.page = found[found.re.groups and 1]

    # The walk.

    def walk(self, element: Element) -> None:
        """Promise: a line for everything inside a container, loose text between blocks included."""
        loose: list[Element | str] = [element.text or ""]
        for child in list(element):
            loose += [child, child.tail or ""]
        self._nodes(loose, element)

    def _is_block(self, element: Element) -> bool:
        return element.tag in BLOCK_TAGS or element.tag in NEVER or has_blocks(element)

    def _loose(self, nodes: list[Element | str], parent: Element) -> None:
        if any(not isinstance(n, str) or n.strip() for n in nodes):
            first = next((n for n in nodes if not isinstance(n, str)), parent)
            self._paragraph(first, self.page, self.inline.run(nodes))

    def meet(self, element: Element) -> None:
        """Promise: the lines of one block element. One that cannot be read costs itself, not the file."""
        before = len(self.lines)
        try:
            if not self._passes_over(element):
                self._way_to_read(element)(element)
        except Unreadable:
            raise
        except Exception as error:  # whatever a stranger's markup brings about stays with this element
            del self.lines[before:]
            reason = f"what stands here could not be read ({type(error).__name__}: {error})"
            self.doubts.append((line_of(element, self.first_line), reason))

    def _passes_over(self, element: Element) -> bool:
        """Rules, page numbers and what is dropped hold no text of their own."""
        if element.tag in NEVER:
            self.dropped += 1
        elif fits(element, self.rules.drop):
            self.dropped += 1
            self._leave("in elements that the profile drops", element)
        elif self._is_dropped_text(element):
            self.dropped += 1
            self.left_out.append(LeftOut("in text that the profile drops", self._words(element)))
        elif element.tag == "hr":
            self._add(Kind.RULE, element)
        elif fits(element, self.rules.pages):
            self._turn(element)
        else:
            return False
        return True

    def _way_to_read(self, element: Element) -> Callable[[Element], None]:
        """The first that fits; what stands in a quotation signs no piece."""
        rules = self.rules
        ways = (
            (rules.verse, self._verse),
            (rules.pull_quotes, self._pull_quote),
            (("table",), self._table),
            (("ul", "ol"), self._list),
            (("pre",), self._pre),
            (("figure",), self._figure),
            (("dl",), self._definitions),
            (rules.quotations, self._quotation),
            (() if self.inside else rules.signature, self._signature),
            ((*rules.heads, *rules.sub), self._head),
        )
        for selectors, read_it in ways:
            if fits(element, selectors):
                return read_it
        return self._container if element.tag != "p" and has_blocks(element) else self._plain_paragraph

    def _plain_paragraph(self, element: Element) -> None:
        self._paragraph(element, self.page, self.inline.html(element))

    def _container(self, element: Element) -> None:
        if element.get("class"):
            self._add(Kind.RULE, element)
        self.walk(element)

    def _is_dropped_text(self, element: Element) -> bool:
        if not self.rules.drop_text or (element.tag == "div" and has_blocks(element)):
            return False
        words = element.text_content()
        return any(pattern(p).search(words) for p in self.rules.drop_text)

    def _add(self, kind: Kind, element: Element, page: str = "", **values: object) -> None:
        line = Line(
            kind=kind,
            at=line_of(element, self.first_line),
            page=page or self.page,
            until_page=self.page,
            mark=name_of(element),
            inner=bool(self.inside),
        )
        self.lines.append(replace(line, **values))  # type: ignore[arg-type]
        self._pictures(element)

    def _pictures(self, element: Element) -> None:
        pending, self.pending = self.pending, []
        for picture in pending:
            self._add(Kind.PICTURE, element, picture=picture)

    def _paragraph(self, element: Element, page: str, html: str) -> None:
        parts = [part for part in _PARAGRAPH_ENDS.split(html) if part]
        for part in parts:
            self._add(Kind.TEXT, element, page=page, html=part)
        if not parts:
            self._pictures(element)

    def _head(self, element: Element) -> None:
        page = self.page
        made = self.inline.html(element).replace("<br>", " ")
        if words_of(made):
            is_sub = bool(self.rules.sub) and fits(element, self.rules.sub)
            level = int(element.tag[1]) if re.fullmatch(r"h[1-6]", element.tag) else 7
            self._add(Kind.SUB if is_sub else Kind.HEAD, element, page=page, html=made, level=level)
        else:
            self._pictures(element)

    def _signature(self, element: Element) -> None:
        page = self.page
        parts = [self.inline.run(run) for _, run in inline_runs(element)] if has_blocks(element) else []
        made = "<br>".join(filter(None, parts)) if parts else self._by_line(element)
        if made:
            self._add(Kind.SIGNATURE, element, page=page, html=made)

    def _by_line(self, element: Element) -> str:
        if element.text_content().strip().count("\n"):
            for node in element.iter():
                node.text = (node.text or "").replace("\n", _LINE_ENDS)
                if node is not element:
                    node.tail = (node.tail or "").replace("\n", _LINE_ENDS)
        return folded(re.sub(rf"\s*{_LINE_ENDS}\s*", "<br>", self.inline.html(element)))

    def _verse(self, element: Element) -> None:
        page = self.page
        text = stanzas(self._verse_lines(element))
        if not text.strip():
            return self._pictures(element)
        last = self.lines[-1] if self.lines else None
        if element.tag == "p" and last and last.mark == name_of(element) and isinstance(last.block, Verse):
            self.lines[-1] = replace(last, block=Verse(f"{last.block.text}\n{text}"), until_page=self.page)
            return None
        return self._add(Kind.BLOCK, element, page=page, block=Verse(text))

    def _verse_lines(self, element: Element) -> list[str]:
        if element.tag == "pre":
            return self._words(element, keep=True).strip("\n").split("\n")
        return verse_lines(element, self.rules, self.inline)

    def _words(self, element: Element, keep: bool = False) -> str:
        """The text of an element, notes' marks kept, page numbers and what is dropped taken out."""
        if keep:
            for page in [
                e for e in element.iter() if is_element(e) and self.rules.pages and fits(e, self.rules.pages)
            ]:
                self._turn(page)
                page.drop_tree()
            for link in list(element.iter("a")):
                self.inline.write_mark(link)
            for line_break in element.iter("br"):
                line_break.tail = "\n" + (line_break.tail or "").lstrip("\n")
            words: str = element.text_content().replace("\t", "    ").replace("\xa0", " ")
            return words
        return text_of_inline(self.inline.html(element))

    def _table(self, element: Element) -> None:
        page = self.page
        if is_layout(element):
            return self.walk_cells(element)
        caption = " ".join(filter(None, (self._words(c) for c in element.iter("caption"))))
        rows = table_rows(element, self._words)
        self._nodes(stray(element), element)
        if not rows:
            return self._paragraph(element, page, escape(caption, quote=False))
        cells = rows_of(element)
        heads = all(cell.tag == "th" for cell in cells[0])
        first_column = len(rows) > 1 and all(row[0].tag == "th" for row in cells[1 if heads else 0 :])
        table = Table(caption, rows, header_row=heads, header_column=first_column)
        return self._add(Kind.BLOCK, element, page=page, block=table)

    def walk_cells(self, element: Element) -> None:
        for caption in element.xpath("./caption"):
            self.walk(caption)
        self._nodes(stray(element), element)
        for row in rows_of(element):
            for cell in row:
                self.walk(cell)

    def _nodes(self, nodes: list[Element | str], parent: Element) -> None:
        """Text and elements in a row, the blocks among them as blocks."""
        loose: list[Element | str] = []
        for node in nodes:
            if not isinstance(node, str) and is_element(node) and self._is_block(node):
                self._loose(loose, parent)
                loose = []
                self.meet(node)
            else:
                loose.append(node)
        self._loose(loose, parent)

    def _list(self, element: Element) -> None:
        page = self.page
        if not any(is_element(child) and child.tag in {"li", "ul", "ol"} for child in element):
            return self.walk(element)  # a list without items is text
        if html := list_html(element, self.inline):
            return self._add(Kind.BLOCK, element, page=page, block=Listing(html))
        return self._pictures(element)

    def _definitions(self, element: Element) -> None:
        """Terms are bold paragraphs, what they mean plain ones; so is what stands beside them."""
        loose: list[Element | str] = [element.text or ""]
        for child in element:
            if is_element(child) and self._is_block(child):
                self._loose(loose, element)
                loose = []
                self._definition(child)
            else:
                loose.append(child)
            loose.append(child.tail or "")
        self._loose(loose, element)

    def _definition(self, element: Element) -> None:
        if element.tag != "dt" or has_blocks(element):
            return self.meet(element)
        page, html = self.page, self.inline.html(element)
        return self._paragraph(element, page, f"<b>{html}</b>" if html else "")

    def _pre(self, element: Element) -> None:
        page = self.page
        text = self._words(element, keep=True).strip("\n").rstrip()
        if text.strip():
            self._add(Kind.BLOCK, element, page=page, block=Preformatted(text))

    def _figure(self, element: Element) -> None:
        caption = " ".join(self._words(c) for c in element.iter("figcaption"))
        for c in list(element.iter("figcaption")):
            c.drop_tree()
        before = len(self.lines)
        self.walk(element)
        for at in range(before, len(self.lines)):
            line = self.lines[at]
            if line.picture is not None and caption and not line.picture.caption:
                self.lines[at] = replace(line, picture=replace(line.picture, caption=caption))
                return
            if isinstance(line.block, Table) and caption and not line.block.caption:
                self.lines[at] = replace(line, block=replace(line.block, caption=caption))
                return
        if caption:
            self._add(Kind.TEXT, element, html=escape(caption, quote=False))

    def _pull_quote(self, element: Element) -> None:
        page = self.page
        if text := self._words(element):
            self._add(Kind.BLOCK, element, page=page, block=PullQuote(text))

    def _quotation(self, element: Element) -> None:
        source = " ".join(self._words(c) for c in element.xpath("./cite | ./footer"))
        for c in element.xpath("./cite | ./footer"):
            c.drop_tree()
        before = len(self.lines)
        self.inside += 1
        if element.tag != "p" and has_blocks(element):
            self.walk(element)
        else:
            self._paragraph(element, self.page, self.inline.html(element))
        self.inside -= 1
        mine, self.lines[before:] = self.lines[before:], []
        self.lines += quoted(mine, source, name_of(element))
