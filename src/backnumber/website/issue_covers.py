"""Issues as lists show them: one row of a query each, and the cover that stands for it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Issue
from backnumber.archive.pictures import Picture
from backnumber.website import cards, covers, pictures
from backnumber.website.cards import Cover

MOST_LINES = 3
REMEMBERED = 4_000  # covers of a process: some 5 MB
# How many letters of a masthead fit on one line, and the class of the size that fits them.
_SIZES = ((8, "shortest"), (11, "short"), (15, "middling"), (20, "long"))
_OF_ISSUE = (
    "id", "slug", "sort_date", "cover_date", "number", "cover_lines",
    "title__slug", "title__name", "title__position", "volume__number",
)  # fmt: skip
_SHOWN_OF_PICTURE = {
    "id", "file", "width", "height", "file_size", "alt", "caption", "credit", "rights", "rights_until",
}  # fmt: skip
_OF_PICTURE = tuple(
    f.name for f in Picture._meta.concrete_fields if f.name in _SHOWN_OF_PICTURE
)  # `from_db` wants their order
COLUMNS = (*_OF_ISSUE, *(f"cover__{name}" for name in _OF_PICTURE))


class ShownIssue(NamedTuple):
    """What a list of covers shows of an issue, whatever its picture."""

    pk: int
    slug: str
    sort_date: date
    cover_date: str
    number: str
    cover_lines: str
    title_slug: str
    title: str
    title_position: int
    volume: str | None

    def get_absolute_url(self) -> str:
        return address_of("issue", self.title_slug, self.sort_date.year, self.slug)

    def ornament_address(self) -> str:
        return address_of("cover_ornament", self.title_slug, self.sort_date.year, self.slug)


class CoveredIssue(NamedTuple):
    """An issue and the picture of its cover, whether or not it may be shown."""

    issue: ShownIssue
    picture: Picture | None


def covered(issues: "QuerySet[Issue]") -> Iterator[CoveredIssue]:
    """Promise: the issues with all that a list shows of them; one query."""
    return (read(row) for row in issues.values_list(*COLUMNS))


def read(row: tuple[Any, ...]) -> CoveredIssue:
    """`row`: the values of `COLUMNS`, and maybe others after them."""
    of_issue, of_picture = row[: len(_OF_ISSUE)], row[len(_OF_ISSUE) : len(COLUMNS)]
    picture = Picture.from_db("default", _OF_PICTURE, of_picture) if of_picture[0] is not None else None
    return CoveredIssue(ShownIssue(*of_issue), picture)


def covered_issue(issue: Issue) -> CoveredIssue:
    """Promise: the same of an issue at hand; no query when its title, volume and cover were fetched with it."""
    title, volume = issue.title, issue.volume
    shown = ShownIssue(
        issue.pk, issue.slug, issue.sort_date, issue.cover_date, issue.number, issue.cover_lines,
        title.slug, title.name, title.position, volume.number if volume else None,
    )  # fmt: skip
    return CoveredIssue(shown, issue.cover)


def cover_of(one: CoveredIssue, now: datetime) -> Cover:
    """Promise: the cover of an issue: its picture if there is one that may be shown, else how it is drawn."""
    if one.picture is not None and one.picture.may_be_shown(now):
        return Cover(pictures.shown_picture(one.picture), one.issue.title, one.issue.cover_date)
    return _drawn_cover(one.issue, one.issue.ornament_address())


@lru_cache(REMEMBERED)
def _drawn_cover(issue: ShownIssue, ornament: str) -> Cover:
    drawn = drawing_of(issue)
    return Cover(
        None,
        issue.title,
        issue.cover_date,
        f"cover-{drawn.layout} palette-{drawn.decade} scheme-{drawn.scheme} masthead-{_size(issue.title, drawn.layout)}",
        f"{ornament}?v={covers.version(drawn)}",
        _number(issue),
        tuple(line.strip() for line in issue.cover_lines.splitlines() if line.strip())[:MOST_LINES],
    )


def in_list(issues: Iterable[CoveredIssue], *, names_titles: bool) -> str:
    """Promise: the covers as HTML, one list item each."""
    now = timezone.now()
    return "".join(_item(one, now, names_title=names_titles) for one in issues)


def _item(one: CoveredIssue, now: datetime, *, names_title: bool) -> str:
    address = one.issue.get_absolute_url()
    if one.picture is None:
        return _drawn_item(one.issue, address, one.issue.ornament_address(), names_title)
    return cards.captioned(cover_of(one, now), address, names_title=names_title)


@lru_cache(REMEMBERED)
def _drawn_item(issue: ShownIssue, address: str, ornament: str, names_title: bool) -> str:
    """A drawn cover depends on what stands in the row and its addresses, and on nothing else."""
    return cards.captioned(_drawn_cover(issue, ornament), address, names_title=names_title)


def drawing_of(issue: ShownIssue) -> covers.Drawing:
    """Promise: how its cover is drawn."""
    has_lines = bool(issue.cover_lines.strip())
    return covers.drawing(issue.title_slug, issue.sort_date, issue.title_position, has_lines)


def _size(name: str, layout: str) -> str:
    longest = max((len(word) for word in name.split()), default=0) if layout == "foot" else len(name)
    return next((size for most, size in _SIZES if longest <= most), "longest")


def _number(issue: ShownIssue) -> str:
    volume = f"Vol. {issue.volume}" if issue.volume is not None else ""
    number = f"No. {issue.number}" if issue.number else ""
    return ", ".join(part for part in (volume, number) if part)
