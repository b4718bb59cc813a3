"""Verse in HTML as plain lines, with their indents, and an empty line between stanzas. Knows no Django."""

import re
from collections.abc import Iterable

from backnumber.intake.markup import (
    BLOCK_TAGS,
    Element,
    Inline,
    fits,
    has_blocks,
    is_element,
    text_of_inline,
)
from backnumber.intake.profile import pattern
from backnumber.intake.reading import Rules


def verse_lines(element: Element, rules: Rules, inline: Inline) -> list[str]:
    """Promise: the lines of a poem: what line breaks and blocks part, text beside them included; what is to be dropped is left
    out.
    """
    for span in element.iter("span"):
        if (depth := _indent(span, rules.indent)) and not has_blocks(span):
            span.text = "\u2003" * depth + (span.text or "")
    lines: list[str] = []
    _gather(element, rules, inline, lines)
    return lines


def _gather(element: Element, rules: Rules, inline: Inline, lines: list[str]) -> None:
    indent = " " * _indent(element, rules.indent)
    loose: list[Element | str] = [element.text or ""]
    for child in list(element):
        if is_element(child) and _stands_apart(child, rules):
            lines += _parts(loose, indent, inline)
            loose = []
            _block(child, rules, inline, lines)
        else:
            loose.append(child)
        loose.append(child.tail or "")
    lines += _parts(loose, indent, inline)


def _block(element: Element, rules: Rules, inline: Inline, lines: list[str]) -> None:
    if inline.meets(element) is not None:
        return
    if rules.stanzas and fits(element, rules.stanzas):
        lines.append("")
    if element.tag == "p" and not len(element) and not (element.text or "").strip():
        lines.append("")
    elif element.tag == "pre":
        lines += str(element.text_content()).strip("\n").split("\n")
    else:
        _gather(element, rules, inline, lines)


def _stands_apart(element: Element, rules: Rules) -> bool:
    return (
        element.tag in BLOCK_TAGS
        or has_blocks(element)
        or bool(rules.stanzas and fits(element, rules.stanzas))
    )


def stanzas(lines: Iterable[str]) -> str:
    """Promise: the lines as one text, with no more than one empty line between stanzas and none at the edges."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _parts(nodes: list[Element | str], indent: str, inline: Inline) -> list[str]:
    if not any(not isinstance(node, str) or node.strip() for node in nodes):
        return []
    made = inline.run(nodes).split("<br>")
    return [indent + text_of_inline(part).replace("\u2003", " ") for part in made]


def _indent(element: Element, indent: str) -> int:
    for name in (element.get("class") or "").split():
        if (found := pattern(indent).search(name)) and (depth := found[found.re.groups and 1]).isdecimal():
            return min(int(depth), 24)
    return 0
