"""The sections of a long issue, as they stand beside it and lead to their first pieces. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from backnumber.archive.models import Article

LONG = 16
"""So many pieces do not fit on two screens: below that a reader sees the sections at a glance."""


@dataclass(frozen=True, slots=True)
class SectionBeside:
    """A section of an issue: how many pieces it has there, and the key of the first, at which the `anchor` stands."""

    name: str
    anchor: str
    first: int
    pieces: int


def sections_beside(order: Sequence[Article]) -> tuple[SectionBeside, ...]:
    """Promise: the sections of an issue in the order of their first pieces; none for a short issue, or one of a single section."""
    together: dict[int, list[Article]] = {}
    for article in order if len(order) >= LONG else ():
        if article.section_id is not None:
            together.setdefault(article.section_id, []).append(article)
    if len(together) < 2:
        return ()
    return tuple(_beside(articles) for articles in together.values())


def _beside(articles: Sequence[Article]) -> SectionBeside:
    section = articles[0].section
    assert section is not None
    return SectionBeside(section.name, f"section-{section.slug}", articles[0].pk, len(articles))
