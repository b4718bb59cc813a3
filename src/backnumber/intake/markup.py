"""Elements as safe inline HTML, verse, tables and lists. What leaves here has only the tags of the block
model.

A note's mark in the text is written between `MARK_OPENS` and `MARK_CLOSES` until the article's notes are
numbered. Knows no Django.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any

from backnumber.archive.blocks import INLINE
from backnumber.intake.profile import Selectors

Element = Any  # lxml's elements come without types

MARK_OPENS, MARK_CLOSES = "\U000f0000", "\U000f0001"  # of a private plane: no text has them
MARK = re.compile(f"{MARK_OPENS}([^{MARK_CLOSES}]*){MARK_CLOSES}")
RENAMED = {
    "tt": "code",
    "kbd": "code",
    "samp": "code",
    "var": "i",
    "dfn": "i",
    "strike": "s",
    "del": "s",
    "u": "em",
    "acronym": "abbr",
}
BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
NEVER = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "embed",
        "svg",
        "input",
        "button",
        "select",
        "textarea",
    ]
)
_SAFE_ADDRESS = re.compile(r"^(?:https?://|mailto:)[^\s\x00-\x1f\\]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One selector: a tag, an id and classes, each may be missing."""

    tag: str
    identity: str
    classes: frozenset[str]

    def fits(self, tag: str, identity: str, classes: frozenset[str]) -> bool:
        return (
            (not self.tag or tag == self.tag)
            and (not self.identity or identity == self.identity)
            and self.classes <= classes
        )


@cache
def chosen(selector: str) -> Chosen:
    first, *classes = selector.strip().split(".")
    tag, _, identity = first.partition("#")
    return Chosen(tag.lower(), identity, frozenset(classes))


def fits(element: Element, selectors: Selectors) -> bool:
    return _fits(element.tag, element.get("id") or "", element.get("class") or "", selectors)


@lru_cache(maxsize=4096)
def _fits(tag: str, identity: str, classes: str, selectors: Selectors) -> bool:
    names = frozenset(classes.split())
    return any(chosen(selector).fits(tag, identity, names) for selector in selectors)


def mark_fits(mark: str, selectors: Selectors) -> bool:
    """Promise: whether the element a mark ("hr.full") was made from is chosen."""
    tag, _, classes = mark.partition(".")
    return _fits(tag, "", classes.replace(".", " "), selectors)


def is_element(node: Element) -> bool:
    """Comments and processing instructions are nodes, not elements."""
    return isinstance(node.tag, str)


def line_of(element: Element, first_line: int) -> int:
    """Promise: the line it stands on in its file; what was parsed began on `first_line`."""
    return (element.sourceline or 1) + first_line - 1


def name_of(element: Element) -> str:
    """Promise: the element as a selector: "hr.full"."""
    return ".".join([element.tag, *(element.get("class") or "").split()])


@dataclass(frozen=True, slots=True)
class Inline:
    """How inline markup is read: what `meets` tells at each element (a page number, a picture), and which
    addresses lose their link.

    `meets` returns the text to write in place of the element, or None to go on into it.
    """

    meets: Callable[[Element], str | None]
    is_linked: Callable[[str], bool]
    note_keys: frozenset[str]
    superscript: Selectors = ()
    moved: Callable[[str], str] = str

    def html(self, element: Element) -> str:
        """Promise: what is inside `element`, white space folded, tags closed, everything escaped."""
        return folded("".join(self._inside(element)))

    def run(self, nodes: list[Element | str]) -> str:
        """Promise: the same of a run of texts and elements that stand loose in a container."""
        return folded(
            "".join(escape(n, quote=False) if isinstance(n, str) else "".join(self._of(n)) for n in nodes)
        )

    def _inside(self, element: Element) -> Iterator[str]:
        yield escape(element.text or "", quote=False)
        for child in element:
            yield from self._of(child)
            yield escape(child.tail or "", quote=False)

    def _of(self, element: Element) -> Iterator[str]:
        if not is_element(element) or element.tag in NEVER:
            return
        met = self.meets(element)
        if met is not None:
            yield met
            return
        tag = (
            "sup"
            if self.superscript and fits(element, self.superscript)
            else RENAMED.get(element.tag, element.tag)
        )
        if tag == "br":
            yield "<br>"
        elif tag == "a":
            yield from self._link(element)
        elif tag in INLINE:
            yield from (f"<{tag}>", *self._inside(element), f"</{tag}>")
        else:
            yield from self._inside(element)
            if tag in BLOCK_TAGS:
                yield " "

    def write_mark(self, link: Element) -> None:
        """Promise: a note's mark written as it is in a text whose white space counts."""
        key = (link.get("href") or "")[1:]
        if key in self.note_keys and (link.get("href") or "").startswith("#"):
            for child in list(link):
                child.drop_tree()
            link.text = f"{'' if is_mark_text(link.text or '') else link.text}{MARK_OPENS}{key}{MARK_CLOSES}"

    def _link(self, element: Element) -> Iterator[str]:
        address = (element.get("href") or "").strip()
        if address.startswith("#") and address[1:] in self.note_keys:
            if not is_mark_text(str(element.text_content())):
                yield from self._inside(element)
            yield f"{MARK_OPENS}{address[1:]}{MARK_CLOSES}"
        elif (here := self.moved(address)) != address and here.startswith("/"):
            yield from (f'<a href="{escape(here)}">', *self._inside(element), "</a>")
        elif _SAFE_ADDRESS.match(address) and self.is_linked(address):
            yield from (f'<a href="{escape(address)}">', *self._inside(element), "</a>")
        else:
            yield from self._inside(element)


_MARK_TEXT = re.compile(r"\W*(?:(?:foot)?note\s*)?\W*(?:\d{1,4}\w?|[^\W\d]{0,4})\W*", re.IGNORECASE)


def is_mark_text(text: str) -> bool:
    """Promise: whether a link's words can be the mark of a note: "3", "*", "[a]", "Note 3"; not "see the note below"."""
    return len(text) <= 20 and _MARK_TEXT.fullmatch(text.strip()) is not None


_EDGE_BREAKS = re.compile(r"^(?:\s|<br>)+|(?:\s|<br>)+$")
_EMPTY_TAG = re.compile(r"<(?!br)(\w+)(?: [^>]*)?>\s*</\1>")
_NESTED_MARK = re.compile(
    f"<sup>\\s*({MARK_OPENS}[^{MARK_CLOSES}]*{MARK_CLOSES})\\s*</sup>|\\[({MARK_OPENS}[^{MARK_CLOSES}]*{MARK_CLOSES})\\]"
)


def folded(html: str) -> str:
    """Promise: white space folded, no empty tags, no line breaks at the edges."""
    html = " ".join(html.replace("\xa0", " ").split())
    while (shorter := _EMPTY_TAG.sub("", html)) != html:
        html = shorter
    html = _NESTED_MARK.sub(lambda m: m[1] or m[2], html)
    return _EDGE_BREAKS.sub("", html.replace(" <br>", "<br>").replace("<br> ", "<br>"))


_ANY_TAG = re.compile(r"<[^>]*>")


def text_of_inline(html: str) -> str:
    """Promise: the text of inline HTML made here: tags out, entities back, a line break as a space; notes'
    marks stay.
    """
    if "<" in html:
        html = _ANY_TAG.sub("", html.replace("<br>", " "))
    return unescape(html) if "&" in html else html


def words_of(html: str) -> str:
    """Promise: the same, white space folded and notes' marks out."""
    return " ".join(MARK.sub("", text_of_inline(html)).split())


def has_blocks(element: Element) -> bool:
    """Whether block elements stand anywhere inside it: then it is a container, not a paragraph."""
    return any(is_element(d) and d.tag in BLOCK_TAGS for d in element.iterdescendants())


def inline_runs(element: Element) -> Iterator[tuple[Element, list[Element | str]]]:
    """Promise: every run of text and inline elements inside `element`, from one block's edge to the next, with the element it
    stands in: nothing between two blocks is passed over.
    """
    run: list[Element | str] = [element.text or ""]
    for child in list(element):
        if is_element(child) and (child.tag in BLOCK_TAGS or has_blocks(child)):
            yield element, run
            yield from inline_runs(child)
            run = []
        else:
            run.append(child)
        run.append(child.tail or "")
    yield element, run


def list_html(element: Element, inline: Inline) -> str:
    """Promise: one `ul` or `ol` with its nested lists; items are inline HTML. Text beside the items becomes items."""
    tag = "ol" if element.tag == "ol" else "ul"
    items = [_loose_item(element.text)]
    for child in element:
        if is_element(child) and child.tag not in NEVER:
            items.append(_item_html(child, inline))
        items.append(_loose_item(child.tail))
    made = "".join(items)
    return f"<{tag}>{made}</{tag}>" if made else ""


def _loose_item(text: str | None) -> str:
    words = " ".join((text or "").split())
    return f"<li>{escape(words, quote=False)}</li>" if words else ""


def _item_html(item: Element, inline: Inline) -> str:
    if item.tag in {"ul", "ol"}:
        return f"<li>{list_html(item, inline)}</li>"
    nested = [child for child in item if is_element(child) and child.tag in {"ul", "ol"}]
    tails = [child.tail or "" for child in nested]
    lists = "".join(list_html(child, inline) for child in nested)
    for child in nested:
        child.tail = ""
        item.remove(child)
    if tails and any(t.strip() for t in tails):
        item.append(item.makeelement("span", {}))
        item[-1].text = " ".join(tails)
    own = inline.html(item)
    return f"<li>{own}{lists}</li>" if own or lists else ""
