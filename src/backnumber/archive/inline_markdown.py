"""Inline HTML of article bodies as Markdown (https://spec.commonmark.org/0.31.2/, with GitHub's struck text).

Whatever a writer typed comes out as words: nothing in it becomes a heading, a link or HTML. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lxml import html as lxml_html

from backnumber.archive.rendering import clean

BREAK = "\\\n"
_SPECIAL = re.compile(r"([\\`*_\[\]<|~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# What begins a heading, a quotation, a list, a rule or an underline where a line begins.
_AT_THE_START = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)]))", re.MULTILINE)
_AT_THE_END = re.compile(r"(?:\s|\\\n)+\Z")  # white space, and breaks that break nothing
_BEFORE_WORDS = re.compile(r"\A(?:\s|\\\n)+")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*", "s": "~~"}
_KEPT = {"sub", "sup"}  # Markdown has none of its own; every reader of it takes these two
_OF_AN_ADDRESS = "%/:=&?~#+!$,;'@*[]"
_NOTE = re.compile(r"#note-(.+)")


@dataclass(frozen=True, slots=True)
class _Within:
    """What a piece of text stands in: the notes it may point at, and the site."""

    notes: Mapping[str, str]
    site: str


def inline(html: str, notes: Mapping[str, str], site: str = "") -> str:
    """Promise: a paragraph's inline HTML as one piece of Markdown. A mark of a note in `notes` (mark to label) points at it;
    any other stays a raised figure. Addresses within the site get `site` before them.
    """
    root = lxml_html.fragment_fromstring(clean(html), create_parent="div")
    text = _AT_THE_END.sub("", _inside(root, _Within(notes, site)))
    return at_the_start("\n".join(line.strip() for line in text.split("\n")))


def escaped(text: str) -> str:
    """Promise: the words as Markdown shows them again, white space folded."""
    folded = re.sub(r"[ \t\r\n\f]+", " ", text)
    return _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", folded))


def at_the_start(text: str) -> str:
    """Promise: no line of it begins anything but a line."""
    return _AT_THE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def one_line(text: str) -> str:
    """Promise: plain text as a line of its own."""
    return at_the_start(escaped(text.strip()))


def link(words: str, address: str) -> str:
    return f"[{words}]({quote(address, safe=_OF_AN_ADDRESS)})"


def _inside(element: Any, within: _Within, before: str = "", after: str = "") -> str:
    """`before` and `after` are the letters that stand outside of it: whether stars are read as emphasis hangs on them."""
    made = escaped(element.text or "")
    for child in element:
        tail = escaped(child.tail or "")
        next_to = tail[:1] or ("x" if child.getnext() is not None else after)
        written = _element(child, within, made[-1:] or before, next_to)
        if made.endswith("!") and written.startswith("["):
            made = made[:-1] + "\\!"  # or it would be a picture
        made += written + tail
    return made


def _element(element: Any, within: _Within, before: str, after: str) -> str:
    tag = str(element.tag)
    if tag == "br":
        return BREAK
    if tag == "sup" and (label := _label(element, within.notes)):
        return f"[^{label}]"
    if tag == "code":
        is_alone = element.getparent().getparent() is None and before != "`"
        return _code(element.text_content(), is_alone=is_alone)
    if tag in _MARKS:
        return _emphasised(_MARKS[tag], tag, _inside(element, within, "x", "x"), before, after)
    inside = _inside(element, within, before, after)
    if tag in _KEPT and inside.strip():
        return f"<{tag}>{inside}</{tag}>"
    if tag == "q":
        return f"“{inside}”"
    address = str(element.get("href") or "") if tag == "a" else ""
    return inside if not address or address.startswith("#") else link(inside, _whole(address, within.site))


def _label(element: Any, notes: Mapping[str, str]) -> str:
    anchors = element.xpath("./a[@href]")
    found = _NOTE.fullmatch(anchors[0].get("href")) if len(anchors) == 1 else None
    return notes.get(found[1], "") if found else ""


def _whole(address: str, site: str) -> str:
    return site + address if address.startswith("/") and not address.startswith("//") else address


def _code(text: str, *, is_alone: bool) -> str:
    """Between more backticks than any run of them within (section 6.1); beside others they would run together."""
    folded = " ".join(text.split())
    if not folded:
        return ""
    if not is_alone:
        return f"<code>{escaped(folded)}</code>"
    fence = "`" * (max((len(run) for run in re.findall("`+", folded)), default=0) + 1)
    space = " " if folded.startswith("`") or folded.endswith("`") else ""
    return f"{fence}{space}{folded}{space}{fence}"


def _emphasised(mark: str, tag: str, inside: str, before: str, after: str) -> str:
    """White space stays outside. Where the stars would not be read as emphasis (section 6.2), the HTML says it."""
    up_to_words = _AT_THE_END.sub("", inside)
    words = _BEFORE_WORDS.sub("", up_to_words)
    lead, trail = up_to_words[: len(up_to_words) - len(words)], inside[len(up_to_words) :]
    if not words or "\n" in words:
        return inside
    opens = _is_read((lead or before)[-1:], words[:1])
    closes = _is_read((trail or after)[:1], words[-1:])
    if opens and closes:
        return f"{lead}{mark}{words}{mark}{trail}"
    return f"{lead}<{tag}>{words}</{tag}>{trail}"


def _is_read(outside: str, inside: str) -> bool:
    """Whether a star between these two begins or ends an emphasis, told apart from any other star."""
    if outside in {"*", "~"} or inside in {"*", "~", "<", ">"}:
        return False
    return inside.isalnum() or outside == "" or outside.isspace()
