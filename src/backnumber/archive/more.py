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


# For the pairs of a section and an issue in `{wanted}`, the pieces in `{issues}`.
_PIECES = """
    SELECT wanted.section, wanted.issue, wanted.day, other.*
    FROM {wanted} AS wanted CROSS JOIN LATERAL (
        SELECT article.id, article.issue_id, article.headline, article.byline, title.name AS title, issue.cover_date,
            title.slug AS title_slug, issue.sort_date, issue.slug AS issue_slug, article.slug, article.position
        FROM archive_article AS article
        JOIN {issues} AS issue ON issue.id = article.issue_id
        JOIN archive_title AS title ON title.id = issue.title_id
        WHERE article.live AND issue.live AND article.section_id = wanted.section AND article.issue_id <> wanted.issue
        ORDER BY issue.sort_date >= wanted.day, issue.sort_date DESC, article.position, article.id
        LIMIT %(most)s
    ) AS other
"""
_JUST_BEFORE = """(
    SELECT * FROM archive_issue WHERE live AND sort_date < wanted.day
    ORDER BY sort_date DESC FETCH FIRST %(through)s ROWS WITH TIES
)"""
# Sections are long, and most find enough in the issues just before: only the others are looked through whole.
_OTHERS = """
    WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(%(sections)s::bigint[], %(issues)s::bigint[], %(days)s::date[]) AS given (section, issue, day)
    ), near AS MATERIALIZED ({near}
    ), enough AS MATERIALIZED (
        SELECT section, issue FROM near GROUP BY section, issue HAVING count(*) = %(most)s
    ), lacking AS MATERIALIZED (
        SELECT * FROM asked WHERE (section, issue) NOT IN (TABLE enough)
    ), anywhere AS ({anywhere}
    )
    SELECT section, issue, id, issue_id, headline, byline, title, cover_date,
        title_slug, extract(year FROM sort_date)::int, issue_slug, slug
    FROM (SELECT * FROM near WHERE (section, issue) IN (TABLE enough) UNION ALL TABLE anywhere) AS found
    ORDER BY sort_date >= day, sort_date DESC, position, id
""".format(  # noqa: S608
    near=_PIECES.format(wanted="asked", issues=_JUST_BEFORE),
    anywhere=_PIECES.format(wanted="lacking", issues="archive_issue"),
)


def more_in_section(articles: Sequence[Article]) -> dict[int, tuple[OtherPiece, ...]]:
    """Promise: for each article pieces of its section from other issues, the latest before it first; one query, without bodies.

    Articles of one section and one issue have the same. None for an article without a section.
    """
    wanted = {(a.section_id, a.issue_id): a.issue.sort_date for a in articles if a.section_id is not None}
    found = _others(wanted) if wanted else {}
    return {a.pk: tuple(found.get((a.section_id, a.issue_id), ())) for a in articles}


def _others(wanted: Mapping[tuple[int, int], date]) -> dict[tuple[int, int], list[OtherPiece]]:
    found: dict[tuple[int, int], list[OtherPiece]] = {}
    sections, issues = zip(*wanted, strict=True)
    asked = {"sections": list(sections), "issues": list(issues), "days": list(wanted.values())}
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, {**asked, "most": MOST, "through": LOOKED_THROUGH})
        for section, issue, *of_piece in cursor.fetchall():
            found.setdefault((section, issue), []).append(_piece(*of_piece))
    return found


def _piece(
    pk: int, issue: int, headline: str, byline: str, title: str, cover_date: str, *parts: str | int
) -> OtherPiece:
    return OtherPiece(pk, issue, headline, byline, title, cover_date, address_of("article", *parts))
