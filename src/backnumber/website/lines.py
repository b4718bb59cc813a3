"""The lines a magazine prints about a piece: where it stood, who wrote it, how to cite it. Pure."""

from dataclasses import dataclass

from backnumber.archive.models import Article, Contributor, Issue


@dataclass(frozen=True, slots=True)
class BylinePart:
    """A piece of the byline as printed; with an address when it is the name of a contributor we know."""

    text: str
    address: str = ""


def issue_line(issue: Issue) -> str:
    """ "Volume 49, Issue 9, September 1999"; what the issue does not have is left out."""
    parts = [
        f"Volume {issue.volume.number}" if issue.volume else "",
        f"Issue {issue.number}" if issue.number else "",
        issue.cover_date,
    ]
    return ", ".join(part for part in parts if part)


def pages(first: str, last: str) -> str:
    """ "pp. 12–19", "p. 12", or nothing."""
    if not first:
        return ""
    return f"pp. {first}–{last}" if last and last != first else f"p. {first}"


def byline(article: Article) -> tuple[BylinePart, ...]:
    """Promise: the names as printed, those of known contributors linked; known contributors it does not name
    follow it.
    """
    parts = [BylinePart(article.byline)] if article.byline else []
    unnamed = []
    for authorship in article.authorships.all():
        found = authorship.contributor
        split = [piece for part in parts for piece in _split(part, found.name, found.get_absolute_url())]
        if len(split) == len(parts) and BylinePart(found.name, found.get_absolute_url()) not in split:
            unnamed.append(BylinePart(found.name, found.get_absolute_url()))
        parts = split
    if not article.byline:
        return tuple(_joined(unnamed))
    return (*parts, BylinePart(" ("), *_joined(unnamed), BylinePart(")")) if unnamed else tuple(parts)


def contributor_note(contributor: Contributor) -> tuple[BylinePart, ...]:
    """Promise: the note with the name in it linked; the name goes first when the note does not say it."""
    name, address = contributor.name, contributor.get_absolute_url()
    split = _split(BylinePart(contributor.note), name, address)
    return tuple(split) if len(split) > 1 else (BylinePart(name, address), BylinePart(f" {contributor.note}"))


def _split(part: BylinePart, name: str, address: str) -> list[BylinePart]:
    before, found, after = part.text.partition(name)
    if part.address or not found:
        return [part]
    return [
        piece for piece in (BylinePart(before), BylinePart(name, address), BylinePart(after)) if piece.text
    ]


def _joined(names: list[BylinePart]) -> list[BylinePart]:
    joined: list[BylinePart] = []
    for at, name in enumerate(names):
        if at:
            joined.append(BylinePart(" and " if at == len(names) - 1 else ", "))
        joined.append(name)
    return joined


def citation(article: Article, address: str) -> str:
    """A note in a book: author, “headline”, title, volume, number (cover date), pages, address."""
    issue = article.issue
    volume = f"vol. {issue.volume.number}" if issue.volume else ""
    number = f"no. {issue.number}" if issue.number else ""
    place = ", ".join(part for part in (issue.title.name, volume, number) if part) + f" ({issue.cover_date})"
    said = (
        article.byline,
        f"“{article.headline}”",
        place,
        pages(article.first_page, article.last_page),
        address,
    )
    return ", ".join(part for part in said if part)
