"""What else there is of an article's section: pieces from other issues, for many articles at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article

MOST = 3
LOOKED_THROUGH = 60  # issues: about five years of a monthly


@dataclass(frozen=True, slots=True)
class OtherPiece:
    """A published piece as another's page names it."""

    pk: int
    issue_id: int
    headline: str
    byline: str
    title: str
    cover_date: str
    address: str


# `{issues}` is where its pieces are looked for: an archive's sections are long, and most find enough in the issues just before.
_PIECES = """
    SELECT wanted.section, wanted.issue, other.id, other.issue_id, other.headline, other.byline, other.title, other.cover_date,
        other.title_slug, extract(year FROM other.sort_date)::int, other.issue_slug, other.slug
    FROM unnest(%(sections)s::bigint[], %(issues)s::bigint[], %(days)s::date[]) AS wanted (section, issue, day)
    CROSS JOIN LATERAL (
        SELECT article.id, article.issue_id, article.headline, article.byline, article.slug, article.position,
            title.name AS title, title.slug AS title_slug, issue.cover_date, issue.sort_date, issue.slug AS issue_slug
        FROM archive_article AS article
        JOIN {issues} AS issue ON issue.id = article.issue_id
        JOIN archive_title AS title ON title.id = issue.title_id
        WHERE article.live AND issue.live AND article.section_id = wanted.section AND article.issue_id <> wanted.issue
        ORDER BY issue.sort_date >= wanted.day, issue.sort_date DESC, article.position, article.id
        LIMIT %(most)s
    ) AS other
    ORDER BY other.sort_date >= wanted.day, other.sort_date DESC, other.position, other.id
"""
_JUST_BEFORE = """(
    SELECT * FROM archive_issue WHERE live AND sort_date < wanted.day
    ORDER BY sort_date DESC FETCH FIRST %(through)s ROWS WITH TIES
)"""
_NEAR = _PIECES.format(issues=_JUST_BEFORE)
_ANYWHERE = _PIECES.format(issues="archive_issue")
Pair = tuple[int, int]  # a section and an issue


def more_in_section(articles: Sequence[Article]) -> dict[int, tuple[OtherPiece, ...]]:
    """Promise: for each article pieces of its section from other issues, the latest before it first; one query, without bodies,
    and a second one for those with too few just before them.

    Articles of one section and one issue have the same. None for an article without a section.
    """
    wanted = {(a.section_id, a.issue_id): a.issue.sort_date for a in articles if a.section_id is not None}
    found = _found(_NEAR, wanted)
    found |= _found(_ANYWHERE, {pair: day for pair, day in wanted.items() if len(found.get(pair, ())) < MOST})
    return {a.pk: tuple(found.get((a.section_id, a.issue_id), ())) for a in articles}


def _found(query: str, wanted: Mapping[Pair, date]) -> dict[Pair, list[OtherPiece]]:
    found: dict[Pair, list[OtherPiece]] = {}
    if not wanted:
        return found
    sections, issues = zip(*wanted, strict=True)
    asked = {"sections": list(sections), "issues": list(issues), "days": list(wanted.values())}
    with connection.cursor() as cursor:
        cursor.execute(query, {**asked, "most": MOST, "through": LOOKED_THROUGH})
        for section, issue, *of_piece in cursor.fetchall():
            found.setdefault((section, issue), []).append(_piece(*of_piece))
    return found


def _piece(
    pk: int, issue: int, headline: str, byline: str, title: str, cover_date: str, *parts: str | int
) -> OtherPiece:
    return OtherPiece(pk, issue, headline, byline, title, cover_date, address_of("article", *parts))
