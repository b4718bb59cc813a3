"""Verse in HTML as plain lines, with their indents, and an empty line between stanzas. Knows no Django."""

import re
from collections.abc import Iterable

from backnumber.intake.markup import Element, Inline, fits, is_element, text_of_inline
from backnumber.intake.profile import pattern
from backnumber.intake.reading import Rules


def verse_lines(element: Element, rules: Rules, inline: Inline) -> list[str]:
    """Promise: the lines of a poem, its paragraphs' and line breaks'; what is to be dropped is left out."""
    lines: list[str] = []
    for child in element.iter():
        if not is_element(child) or (rules.drop and fits(child, rules.drop)):
            continue
        if rules.stanzas and fits(child, rules.stanzas) and child is not element:
            lines.append("")
        if child.tag == "p" or (child is element and not element.xpath(".//p")):
            indent = " " * _indent(child, rules.indent)
            lines += [indent + part for part in _parts(child, rules.indent, inline)]
    return lines


def stanzas(lines: Iterable[str]) -> str:
    """Promise: the lines as one text, with no more than one empty line between stanzas and none at the edges."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _parts(element: Element, indent: str, inline: Inline) -> list[str]:
    for child in element.iter("span"):
        if depth := _indent(child, indent):
            child.text = "\u2003" * depth + (child.text or "")
    made = inline.html(element).split("<br>")
    return [text_of_inline(part).replace("\u2003", " ") for part in made]


def _indent(element: Element, indent: str) -> int:
    for name in (element.get("class") or "").split():
        if found := pattern(indent).search(name):
            return min(int(found[1]), 24)
    return 0
