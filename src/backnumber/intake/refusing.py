"""What of a page of HTML is refused: all that would run in a reader's browser, and nesting that nobody wrote.
Knows no Django.
"""

import re
from collections.abc import Iterator

from lxml import etree

from backnumber.intake.markup import Element, line_of
from backnumber.intake.reading import Unreadable

DEEPEST, BOMB = 150, 1_000
RUNS = frozenset({"script", "iframe", "object", "embed", "svg", "applet", "frame"})
_RUNNING_ADDRESS = re.compile(r"\s*(?:javascript|vbscript|data):", re.IGNORECASE)


def flatten(body: Element, first_line: int) -> list[tuple[int, str]]:
    """Promise: a page no deeper than a person writes; line and words when tags that were never closed were closed for that.

    Errors: Unreadable when it is deeper all the same, or so deep that no slip explains it.
    """
    depth, line = _deepest(body, first_line)
    if depth <= DEEPEST:
        return []
    if depth <= BOMB:
        closed = _close(body)
        again, _ = _deepest(body, first_line)
        if again <= DEEPEST:
            return [
                (
                    line_of(closed, first_line),
                    "a tag is opened again and again and never closed; each was closed where the next opens",
                )
            ]
    raise Unreadable(line, f"elements are nested more than {DEEPEST} deep")


def _deepest(body: Element, first_line: int) -> tuple[int, int]:
    """How deep elements are nested, and on which line they first are deeper than a person writes."""
    depth = deepest = line = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        if depth > DEEPEST and not line:
            line = line_of(element, first_line)
    return deepest, line


def _close(body: Element) -> Element:
    """An element that stands in one of its own name follows it instead, with all that comes after it; the first such outer one."""
    first = body
    for element in list(body.iter()):
        parent = element.getparent()
        if parent is None or element is body or parent is body or parent.tag != element.tag:
            continue
        first = parent if first is body else first
        after = [element, *element.itersiblings()]
        tail, parent.tail = parent.tail, None
        for moved in reversed(after):
            parent.addnext(moved)
        after[-1].tail = (after[-1].tail or "") + (tail or "")
    return first


def running(body: Element, first_line: int) -> Iterator[tuple[int, str]]:
    """Promise: line and words for what would run in a reader's browser, or fetch from elsewhere: it is left out."""
    for element in body.iter():
        at = line_of(element, first_line)
        if element.tag in RUNS:
            yield at, f"a <{element.tag}> was taken out"
        for name, value in element.attrib.items():
            if name.lower().startswith("on"):
                yield at, f"an {name} was taken out of <{element.tag}>"
            elif (
                name in {"href", "src"}
                and not _is_picture(element, value)
                and _RUNNING_ADDRESS.match(re.sub(r"[\x00-\x20]", "", value))
            ):
                yield at, f"a {value.split(':')[0].strip().lower()}: address was taken out of <{element.tag}>"


def _is_picture(element: Element, address: str) -> bool:
    return element.tag == "img" and address.lstrip().lower().startswith("data:image/")
