"""What else there is of an article's section: pieces from other issues, for many articles in one query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article

MOST = 3


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


_OTHERS = """
    SELECT wanted.section, wanted.issue, other.id, other.issue_id, other.headline, other.byline, other.title, other.cover_date,
        other.title_slug, extract(year FROM other.sort_date)::int, other.issue_slug, other.slug
    FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS wanted (section, issue, day)
    CROSS JOIN LATERAL (
        SELECT article.id, article.issue_id, article.headline, article.byline, article.slug, article.position,
            title.name AS title, title.slug AS title_slug, issue.cover_date, issue.sort_date, issue.slug AS issue_slug
        FROM archive_article AS article
        JOIN archive_issue AS issue ON issue.id = article.issue_id
        JOIN archive_title AS title ON title.id = issue.title_id
        WHERE article.live AND issue.live AND article.section_id = wanted.section AND article.issue_id <> wanted.issue
        ORDER BY issue.sort_date >= wanted.day, issue.sort_date DESC, article.position, article.id
        LIMIT %s
    ) AS other
    ORDER BY other.sort_date >= wanted.day, other.sort_date DESC, other.position, other.id
"""


def more_in_section(articles: Sequence[Article]) -> dict[int, tuple[OtherPiece, ...]]:
    """Promise: for each article pieces of its section from other issues, the latest before it first; one query, without bodies.

    Articles of one section and one issue have the same. None for an article without a section.
    """
    wanted = {(a.section_id, a.issue_id): a.issue.sort_date for a in articles if a.section_id is not None}
    found = _others(wanted) if wanted else {}
    return {a.pk: tuple(found.get((a.section_id, a.issue_id), ())) for a in articles}


def _others(wanted: Mapping[tuple[int, int], date]) -> dict[tuple[int, int], list[OtherPiece]]:
    found: dict[tuple[int, int], list[OtherPiece]] = {}
    sections, issues = [section for section, _ in wanted], [issue for _, issue in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [sections, issues, list(wanted.values()), MOST])
        for section, issue, *of_piece in cursor.fetchall():
            found.setdefault((section, issue), []).append(_piece(*of_piece))
    return found


def _piece(
    pk: int, issue: int, headline: str, byline: str, title: str, cover_date: str, *parts: str | int
) -> OtherPiece:
    return OtherPiece(pk, issue, headline, byline, title, cover_date, address_of("article", *parts))
