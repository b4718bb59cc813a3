"""What a search may be narrowed to: titles, decades and sections, a year, a contributor. The first three are remembered for a while.

They are asked for anew when this node's index has been written since, and once a minute, for what the index does not tell of: a name
that was changed. Whoever finds a choice missing asks again (`asked_for`).
"""

import time
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef

from backnumber.archive.models import Article, Authorship, Contributor, Issue, Section
from backnumber.search import queries
from backnumber.search.index import Broken
from backnumber.website.issues_by_year import DECADE

REMEMBERED = 60  # seconds


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: as the address has it, as a reader sees it, and what the index knows it by."""

    slug: str
    name: str
    key: int


Choices = tuple[Choice, ...]
Filters = dict[str, Choices]


@dataclass(frozen=True, slots=True)
class _Remembered:
    stamp: tuple[str, int, int]
    until: float
    filters: Filters


_last: list[_Remembered] = []


def remembered(year: str, contributor: str) -> Filters:
    """Promise: what there is to choose from, as it was when the index was last written, or a minute ago; no query for it, one for a
    contributor.
    """
    stamp = _stamp()
    for last in tuple(_last):
        if last.stamp == stamp and time.monotonic() < last.until:
            return {**last.filters, **_of_this_address(year, contributor)}
    return asked_for(year, contributor)


def asked_for(year: str, contributor: str) -> Filters:
    """Promise: what there is to choose from now; two queries, one more for a contributor."""
    stamp, filters = _stamp(), _filters()
    if stamp is not None:
        _last[:] = [_Remembered(stamp, time.monotonic() + REMEMBERED, filters)]
    return {**filters, **_of_this_address(year, contributor)}


def _stamp() -> tuple[str, int, int] | None:
    """Of the index of this node; None while there is none."""
    index = queries.search_index()
    try:
        return (str(index.folder), *index.stamp())
    except Broken:
        return None


def _of_this_address(year: str, contributor: str) -> Filters:
    return {"year": _years(year), "contributor": _contributors(contributor)}


def _filters() -> Filters:
    of = Issue.objects.filter(live=True).annotate(
        decade=DECADE, slug_of=F("title__slug"), name=F("title__name"), at=F("title__position")
    )
    rows = list(
        of.values_list("at", "name", "slug_of", "title_id", "decade").order_by("at", "name").distinct()
    )
    published = Article.objects.filter(section=OuterRef("pk"), live=True, issue__live=True)
    sections = Section.objects.filter(Exists(published)).values_list("slug", "name", "pk").order_by("name")
    return {
        "title": tuple(dict.fromkeys(Choice(slug, name, key) for _, name, slug, key, _ in rows)),
        "decade": tuple(
            Choice(f"{first}s", f"{first}s", first) for first in sorted({first for *_, first in rows})
        ),
        "section": tuple(Choice(*row) for row in sections),
    }


def _years(asked: str) -> Choices:
    """The one that is asked for: there may be hundreds."""
    is_year = len(asked) <= 4 and asked.isascii() and asked.isdigit()
    return (Choice(asked, asked, int(asked)),) if is_year else ()


def _contributors(asked: str) -> Choices:
    """The one that is asked for, if anything of theirs is published; one query at the most."""
    if not asked:
        return ()
    published = Authorship.objects.filter(
        contributor=OuterRef("pk"), article__live=True, article__issue__live=True
    )
    found = Contributor.objects.filter(Exists(published), slug=asked).values_list("slug", "name", "pk")
    return tuple(Choice(*row) for row in found)
