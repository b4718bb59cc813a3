"""What of a page of HTML is refused: all that would run in a reader's browser, and nesting that nobody wrote.
Knows no Django.
"""

import re
from collections.abc import Iterator

from lxml import etree

from backnumber.intake.markup import Element, line_of
from backnumber.intake.reading import Unreadable

DEEPEST = 150
RUNS = frozenset({"script", "iframe", "object", "embed", "svg", "form", "applet", "frame"})
_RUNNING_ADDRESS = re.compile(r"\s*(?:javascript|vbscript|data):", re.IGNORECASE)


def refuse_depth(body: Element, first_line: int) -> None:
    """Errors: Unreadable when elements are nested deeper than anything a person wrote."""
    depth = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise Unreadable(line_of(element, first_line), f"elements are nested more than {DEEPEST} deep")


def running(body: Element, first_line: int) -> Iterator[tuple[int, str]]:
    """Promise: line and words for what would run in a reader's browser, or fetch from elsewhere: it is left out."""
    for element in body.iter():
        at = line_of(element, first_line)
        if element.tag in RUNS:
            yield at, f"a <{element.tag}> was taken out"
        for name, value in element.attrib.items():
            if name.lower().startswith("on"):
                yield at, f"an {name} was taken out of <{element.tag}>"
            elif name in {"href", "src"} and _RUNNING_ADDRESS.match(re.sub(r"[\x00-\x20]", "", value)):
                yield at, f"a {value.split(':')[0].strip().lower()}: address was taken out of <{element.tag}>"
