"""What `website/cover.html` asks of an issue: its picture if there is one that may be shown, else how it is drawn."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils import timezone

from backnumber.archive.models import Issue
from backnumber.archive.rendering import ShownPicture
from backnumber.website import covers, pictures

register = template.Library()
MOST_LINES = 3
# How many letters of a masthead fit on one line, and the class of the size that fits them.
_SIZES = ((8, "shortest"), (11, "short"), (15, "middling"), (20, "long"))


@dataclass(frozen=True, slots=True)
class Face:
    """A cover, ready to be set: `picture`, or the classes, words and ornament of a drawn one."""

    picture: ShownPicture | None
    classes: str = ""
    ornament: str = ""
    number: str = ""
    lines: tuple[str, ...] = ()

    @property
    def bitmap(self) -> str:
        """The address of the picture, where other sites can show it: they take no drawings (SVG)."""
        return self.picture.src if self.picture and not self.picture.src.endswith(".svg") else ""


@register.filter
def face(issue: Issue) -> Face:
    """Promise: the cover of `issue`; no query when its title, volume and cover were fetched with it."""
    if issue.cover is not None and issue.cover.may_be_shown(timezone.now()):
        return Face(pictures.shown_picture(issue.cover))
    drawn = drawing_of(issue)
    return Face(
        None,
        f"cover-{drawn.layout} palette-{drawn.decade} scheme-{drawn.scheme} masthead-{_size(issue.title.name, drawn.layout)}",
        f"{reverse('cover_ornament', args=[issue.title.slug, issue.sort_date.year, issue.slug])}?v={covers.version(drawn)}",
        _number(issue),
        tuple(line.strip() for line in issue.cover_lines.splitlines() if line.strip())[:MOST_LINES],
    )


def drawing_of(issue: Issue) -> covers.Drawing:
    """Promise: how its cover is drawn; no query when its title was fetched with it."""
    return covers.drawing(
        issue.title.slug, issue.sort_date, issue.title.position, bool(issue.cover_lines.strip())
    )


def _size(name: str, layout: str) -> str:
    longest = max((len(word) for word in name.split()), default=0) if layout == "foot" else len(name)
    return next((size for most, size in _SIZES if longest <= most), "longest")


def _number(issue: Issue) -> str:
    volume = f"Vol. {issue.volume.number}" if issue.volume else ""
    number = f"No. {issue.number}" if issue.number else ""
    return ", ".join(part for part in (volume, number) if part)
