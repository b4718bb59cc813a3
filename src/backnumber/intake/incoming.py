"""A piece on its way into the archive: with where it belongs, and made to fit what the archive's fields hold."""

from dataclasses import dataclass, replace

from backnumber.archive.models import Issue
from backnumber.intake.pieces import PieceRead
from backnumber.intake.report import Finding, Weight

LONGEST_NAME, LONGEST_LINE, LONGEST_PAGE = 200, 500, 10


@dataclass(frozen=True, slots=True)
class Incoming:
    """A piece with where it belongs. `slug` is the address wished for, `old_paths` lead to it from now on."""

    key: str
    file: str
    issue: Issue
    slug: str
    read: PieceRead
    old_paths: tuple[str, ...] = ()


def finding(piece: Incoming, weight: Weight, reason: str) -> Finding:
    return Finding(weight, piece.file, piece.read.line, piece.read.headline, reason)


def fitting(piece: Incoming, findings: list[Finding]) -> Incoming:
    """Promise: the piece with names no longer than the archive holds; what was cut is said."""
    read = piece.read

    def cut(what: str, text: str, longest: int) -> str:
        if len(text) <= longest:
            return text
        findings.append(
            finding(
                piece, Weight.DOUBTFUL, f"its {what} has {len(text)} characters and was cut: {text[:60]}…"
            )
        )
        return text[: longest - 1].rstrip() + "…"

    return replace(
        piece,
        read=replace(
            read,
            section=cut("section", read.section, LONGEST_NAME),
            byline=cut("byline", read.byline, LONGEST_LINE),
            headline=cut("headline", read.headline, LONGEST_LINE),
            contributors=tuple(cut("contributor's name", name, LONGEST_NAME) for name in read.contributors),
            first_page=cut("first page", read.first_page, LONGEST_PAGE),
            last_page=cut("last page", read.last_page, LONGEST_PAGE),
        ),
    )
