"""A plain-text issue as the same lines an HTML one gives: paragraphs by empty lines, `_italics_`, indented
quotations and verse.

Knows no Django.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from backnumber.archive.blocks import Quotation, Verse
from backnumber.intake.balance import Run, words
from backnumber.intake.profile import PlainTextKeys, pattern
from backnumber.intake.reading import Kind, Line, Reading

_ITALIC = re.compile(r"(?<!\w)_([^_]+)_(?!\w)")
_CAPITALS = re.compile("[A-Z]")


def read(text: str, keys: PlainTextKeys) -> Reading:
    """Promise: the lines between the two marks of the profile; without a mark, from the first or to the last
    line.

    A head stands after a rule (or after another head); a signature after a text.
    """
    lines: list[Line] = []
    before = Kind.RULE
    source: list[Run] = []
    for at, paragraph in _paragraphs(text, keys):
        source += [Run(at + n, tuple(found)) for n, part in enumerate(paragraph) if (found := words(part))]
        line = _line(at, paragraph, before, keys)
        before = line.kind
        if line.kind is Kind.RULE and lines and lines[-1].kind is Kind.RULE:
            line = replace(line, mark="rule.double")
        lines.append(line)
    return Reading(tuple(lines), {}, 0, source=tuple(source))


def _paragraphs(text: str, keys: PlainTextKeys) -> Iterator[tuple[int, list[str]]]:
    """The paragraphs with the number of their first line."""
    paragraph: list[str] = []
    inside = not keys.begin
    for number, line in enumerate(text.split("\n"), 1):
        if not inside:
            inside = bool(pattern(keys.begin).search(line))
            continue
        if keys.end and pattern(keys.end).search(line):
            break
        if line.strip():
            paragraph.append(line.rstrip())
        elif paragraph:
            yield number - len(paragraph), paragraph
            paragraph = []
    if paragraph:
        yield number - len(paragraph), paragraph


def _line(at: int, paragraph: list[str], before: Kind, keys: PlainTextKeys) -> Line:
    whole = " ".join(" ".join(paragraph).split())
    if pattern(keys.rule).match(whole):
        return Line(Kind.RULE, at, mark="rule")
    if before in {Kind.RULE, Kind.HEAD} and _in_case(keys.head, whole):
        return Line(Kind.HEAD, at, html=_inline(whole), level=2)
    if before not in {Kind.RULE, Kind.HEAD} and len(paragraph) == 1 and _in_case(keys.signature, whole):
        return Line(Kind.SIGNATURE, at, html=_inline(whole))
    if all(line.startswith("    ") for line in paragraph):
        return _set_apart(at, paragraph)
    return Line(Kind.TEXT, at, html=_inline(whole))


def _in_case(text: str, words: str) -> bool:
    """Capitals are what marks a head in plain text, so here case counts."""
    return bool(re.match(text, words)) and bool(_CAPITALS.search(words))


def _set_apart(at: int, paragraph: list[str]) -> Line:
    """Long lines are a quotation, short ones verse."""
    if len(paragraph) > 1 and sum(map(len, paragraph[:-1])) / (len(paragraph) - 1) < 56:
        outdent = min(len(line) - len(line.lstrip()) for line in paragraph)
        return Line(
            Kind.BLOCK,
            at,
            block=Verse("\n".join(_dashes(line[outdent:].replace("_", "")) for line in paragraph)),
        )
    return Line(Kind.BLOCK, at, block=Quotation((_inline(" ".join(" ".join(paragraph).split())),)))


def _inline(words: str) -> str:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _dashes(_ITALIC.sub(r"<i>\1</i>", escaped))


def _dashes(words: str) -> str:
    return words.replace("----", "——").replace("--", "—")
