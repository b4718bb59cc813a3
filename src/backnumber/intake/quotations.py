"""A quotation's paragraphs made one block of it, with its source. Knows no Django."""

from dataclasses import replace
from html import escape

from backnumber.archive.blocks import Quotation
from backnumber.intake.reading import Kind, Line


def quoted(lines: list[Line], source: str, mark: str) -> list[Line]:
    """Promise: what stood in a quotation, its paragraphs joined to one; other blocks are kept, rules are not.

    `source` is plain text, `mark` the quotation's element as a selector.
    """
    made: list[Line] = []
    for line in lines:
        if line.kind in {Kind.TEXT, Kind.SUB, Kind.HEAD}:
            last = made[-1] if made else None
            if last is not None and isinstance(last.block, Quotation):
                quotation = replace(last.block, paragraphs=(*last.block.paragraphs, line.html))
                made[-1] = replace(last, block=quotation, until_page=line.until_page)
            else:
                made.append(
                    replace(
                        line, kind=Kind.BLOCK, html="", block=Quotation((line.html,)), mark=mark, inner=False
                    )
                )
        elif line.kind is not Kind.RULE:
            made.append(replace(line, inner=False))
    if source and made and isinstance(made[-1].block, Quotation):
        made[-1] = replace(made[-1], block=replace(made[-1].block, source=source))
    elif source and made:
        made.append(
            Line(Kind.TEXT, made[-1].at, made[-1].page, made[-1].until_page, html=escape(source, quote=False))
        )
    return made
