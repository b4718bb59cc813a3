"""Reads: what the archive says has changed, what goes into the index, and what answers a question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists, articles_with_text, decade, index_text
from backnumber.search import analysis, index
from backnumber.search.folding import folded
from backnumber.search.index import IndexState, SearchIndex
from backnumber.search.rules import LONGEST_PHRASE, Clause, parse

PER_PAGE = 20
MOST_PAGES = 50
CHUNK = 200


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, and within what: keys of a title, a section and a contributor, the first year of a decade, a year."""

    clauses: tuple[Clause, ...]
    title: int | None = None
    section: int | None = None
    decade: int | None = None
    year: int | None = None
    contributor: int | None = None

    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """Promise: the runs of terms a snippet should show."""
        return tuple(run for run, wanted in runs(self.clauses) if wanted)


@dataclass(frozen=True, slots=True)
class Found:
    """How many articles answer, and those of one page, best first. `total` may count one withdrawn this second."""

    total: int
    articles: tuple[Article, ...]

    @property
    def pages(self) -> int:
        return min(-(-self.total // PER_PAGE), MOST_PAGES)


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes not yet heard of, in order, as (xid, change, article); `settled`: every transaction below it has ended."""

    settled: int
    ends: int
    database: str
    rows: tuple[tuple[int, int, int], ...]


def search_index() -> SearchIndex:
    return _index_in(Path(settings.SEARCH_FOLDER))


@cache
def _index_in(folder: Path) -> SearchIndex:
    return SearchIndex(folder)


def question(text: str, **within: int | None) -> Question:
    """`within` as in Question. Errors: rules.Unclear, with a message for the reader."""
    return Question(parse(text), **within)


def runs(clauses: Sequence[Clause]) -> list[tuple[tuple[str, ...], bool]]:
    found = [(analysis.terms(c.text)[:LONGEST_PHRASE], c.wanted) for c in clauses]
    return [(terms, wanted) for terms, wanted in found if terms]


def find(asked: Question, page: int = 1) -> Found:
    """Promise: the articles of `page` that answer, without their text and their contributors; one query.

    What has been withdrawn since the index was written is left out. Errors: index.Broken.
    """
    page = min(max(page, 1), MOST_PAGES)
    total, keys = _keys(asked, PER_PAGE, (page - 1) * PER_PAGE)
    return Found(total, _in_order(articles_for_lists().prefetch_related(None), keys))


def find_many(asked: Question, most: int) -> Found:
    """Promise: the first `most` that answer, without their text; otherwise as `find`."""
    total, keys = _keys(asked, most, 0)
    return Found(total, _in_order(articles_for_lists(), keys))


def _keys(asked: Question, limit: int, offset: int) -> tuple[int, list[int]]:
    clauses = runs(asked.clauses)
    if not any(wanted for _, wanted in clauses):
        return 0, []
    only = {
        "title": asked.title,
        "section": asked.section,
        "decade": asked.decade,
        "year": asked.year,
        "contributor": asked.contributor,
    }
    query = index.query(clauses, {name: number for name, number in only.items() if number is not None})
    return search_index().find(query, limit, offset)


def _in_order(articles: "QuerySet[Article]", keys: Sequence[int]) -> tuple[Article, ...]:
    by_key = {a.pk: a for a in articles.filter(pk__in=keys).order_by()} if keys else {}
    return tuple(by_key[key] for key in keys if key in by_key)


_CHANGES = """
    SELECT now.settled, now.ends, now.database, change.xid, change.id, change.article_id
    FROM (
        SELECT
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled,
            greatest(
                pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                pg_current_xact_id_if_assigned()::text::bigint + 1
            ) AS ends,
            (SELECT system_identifier::text FROM pg_control_system())
                || '/' || (SELECT oid::text FROM pg_database WHERE datname = current_database()) AS database
    ) AS now
    LEFT JOIN LATERAL (
        SELECT xid, id, article_id FROM search_change
        WHERE (xid, id) > (%s, %s) AND xid < now.ends AND NOT id = ANY(%s)
        ORDER BY xid {order}, id {order} LIMIT %s
    ) AS change ON TRUE
    ORDER BY change.xid, change.id
"""
_OLDEST, _NEWEST = _CHANGES.format(order="ASC"), _CHANGES.format(order="DESC")


def changes(since: IndexState, limit: int, *, newest: bool = False) -> Changes:
    """Promise: up to `limit` changes that `since` has not heard of, the oldest or the newest, from one snapshot; one query.

    A row of a number beyond the snapshot came with a restore of another database and is none of ours.
    """
    with connection.cursor() as cursor:
        asked: list[Any] = [since.xid, since.change, [change for _, change in since.ahead], limit]
        cursor.execute(_NEWEST if newest else _OLDEST, asked)
        rows = cursor.fetchall()
    settled, ends, database = rows[0][:3]
    return Changes(
        settled,
        ends,
        database,
        tuple((xid, change, article) for *_, xid, change, article in rows if xid is not None),
    )


def documents(articles: Sequence[Article]) -> Iterator[dict[str, Any]]:
    """Promise: what the index is given of each article."""
    for article in articles:
        people = [a.contributor for a in article.authorships.all()]
        day = article.issue.sort_date
        yield {
            "key": article.pk,
            "headline": folded(article.headline),
            "standfirst": folded(article.standfirst),
            "names": folded(" · ".join([article.byline, *(f"{p.name} · {p.variants}" for p in people)])),
            "body": folded(index_text(article)),
            "title": article.issue.title_id,
            "section": article.section_id or 0,
            "contributor": [person.pk for person in people],
            "decade": decade(day),
            "year": day.year,
            "date": day.toordinal(),
        }


def published(keys: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Promise: the documents of those of the articles that are published, in chunks of a few hundred."""
    for start in range(0, len(keys), CHUNK):
        yield from documents(list(articles_with_text().filter(pk__in=keys[start : start + CHUNK])))


def all_published() -> Iterator[dict[str, Any]]:
    """Promise: the documents of every published article; memory for a few hundred."""
    last = 0
    while chunk := list(articles_with_text().filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from documents(chunk)
        last = chunk[-1].pk


def how_many_published() -> int:
    return articles_for_lists().count()
