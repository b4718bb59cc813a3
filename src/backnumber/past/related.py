"""From one article to the next by what it is about: what shares its people, places and events, and what happened elsewhere meanwhile.

It reads what the index shows to everybody, so what it says tells nothing of gated words.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article
from backnumber.past.models import PLURALS, Kind
from backnumber.past.queries import by_key
from backnumber.past.timeline import window
from backnumber.past.words import of_years

MOST = 3
ORDER = ("about", "shared", "meanwhile")
COMMON = 200
"""An entry with more articles than this says too little of any of them."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another article, and in words why it is named."""

    article: Article
    why: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A link to what the article is about."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Related:
    subjects: tuple[Subject, ...] = ()
    when: Subject | None = None
    shared: tuple[Other, ...] = ()
    meanwhile: tuple[Other, ...] = ()


def related(articles: Sequence[Article]) -> dict[int, Related]:
    """Promise: for each of these articles the others; two queries for many, without bodies."""
    keys = [article.pk for article in articles]
    rows = _ask(keys)
    others = by_key({row.other for row in rows if row.other is not None})
    about: dict[int, tuple[tuple[Subject, ...], Subject | None]] = {}
    found: dict[int, tuple[list[Other], list[Other]]] = {key: ([], []) for key in keys}
    for row in rows:
        shared, meanwhile = found[row.article]
        if row.what == "about":
            about[row.article] = _about(row)
        elif row.other not in others or row.other in {one.article.pk for one in (*shared, *meanwhile)}:
            continue
        elif row.what == "shared" and len(shared) < MOST:
            shared.append(Other(others[row.other], f"Also about {_listing(row.said[:3])}"))
        elif row.what == "meanwhile" and len(meanwhile) < MOST and row.lo is not None and row.hi is not None:
            years = of_years(row.lo, row.hi)
            meanwhile.append(Other(others[row.other], f"{row.said}, {years}" if row.said else years))
    return {
        key: Related(*about.get(key, ((), None)), tuple(shared), tuple(meanwhile))
        for key, (shared, meanwhile) in found.items()
    }


class _Row(NamedTuple):
    """One thing about an article: `said` holds its subjects, the labels that it shares with the other, or where the other happens."""

    what: str
    article: int
    other: int | None
    rank: int
    said: Any
    lo: int | None
    hi: int | None


def _about(row: _Row) -> tuple[tuple[Subject, ...], Subject | None]:
    named = tuple(
        Subject(label, address_of("past_entry", PLURALS[Kind(kind)], slug)) for kind, slug, label in row.said
    )
    if row.lo is None or row.hi is None:
        return named, None
    when = window(row.lo, row.hi)
    return named, Subject(when.name, address_of("past_timeline") + when.address)


def _ask(keys: Sequence[int]) -> list[_Row]:
    """Promise: what the article is about, then what is shared, then what was meanwhile, the nearest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_RELATED, {"articles": list(keys), "common": COMMON, "most": MOST * 2})
        rows = [
            _Row(what, article, other, rank, json.loads(said or "null"), lo, hi)
            for what, article, other, rank, said, lo, hi in cursor.fetchall()
        ]
    return sorted(rows, key=lambda row: (ORDER.index(row.what), row.article, row.rank))


def _listing(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


_ABOUT = """
    SELECT 'about', reading.article_id, NULL::bigint, 0::bigint, to_jsonb(array(
        SELECT ARRAY[entry.kind, entry.slug, entry.label]
        FROM past_mention AS mention JOIN past_entry AS entry ON entry.id = mention.entry_id
        WHERE mention.article_id = reading.article_id AND entry.articles > 0 AND (entry.is_known OR entry.open_articles > 0)
        ORDER BY mention.is_open DESC, entry.kind, entry.label LIMIT 10
    )), lower(reading.focus), upper(reading.focus)
    FROM past_reading AS reading WHERE reading.article_id = ANY (%(articles)s)
"""
_SHARED = """
    WITH mine AS (
        SELECT mention.article_id AS asker, mention.entry_id, entry.label, 1 / ln(1 + entry.articles) AS weight
        FROM past_mention AS mention JOIN past_entry AS entry ON entry.id = mention.entry_id
        WHERE mention.article_id = ANY (%(articles)s) AND entry.articles BETWEEN 2 AND %(common)s
        AND (entry.is_known OR entry.open_articles > 0)
    ), scored AS (
        SELECT mine.asker, other.article_id, sum(mine.weight) AS score, array_agg(mine.label ORDER BY mine.weight DESC, mine.label) AS labels
        FROM mine JOIN past_mention AS other ON other.entry_id = mine.entry_id AND other.article_id <> mine.asker
        GROUP BY mine.asker, other.article_id
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY asker ORDER BY score DESC, article_id DESC) AS place FROM scored
    )
    SELECT 'shared', asker, article_id, place, to_jsonb(labels), NULL::integer, NULL::integer FROM ranked WHERE place <= %(most)s
"""
_MEANWHILE = """
    SELECT 'meanwhile', mine.article_id, other.article_id, row_number() OVER (ORDER BY other.apart, other.article_id),
        to_jsonb(place.label), lower(other.focus), upper(other.focus)
    FROM past_reading AS mine CROSS JOIN LATERAL (
        SELECT reading.article_id, reading.focus,
            abs(lower(reading.focus) + upper(reading.focus) - lower(mine.focus) - upper(mine.focus)) AS apart
        FROM past_reading AS reading
        WHERE reading.focus && mine.focus AND reading.article_id <> mine.article_id
        AND upper(reading.focus) - lower(reading.focus) <= 100
        AND NOT EXISTS (
            SELECT FROM past_mention AS theirs
            JOIN past_mention AS ours ON ours.entry_id = theirs.entry_id AND ours.article_id = mine.article_id
            JOIN past_entry AS entry ON entry.id = theirs.entry_id AND entry.kind IN ('place', 'person')
            WHERE theirs.article_id = reading.article_id AND entry.articles <= %(common)s
            AND theirs.is_open AND ours.is_open
        )
        ORDER BY apart, reading.article_id LIMIT %(most)s
    ) AS other
    LEFT JOIN LATERAL (
        SELECT entry.label FROM past_mention AS mention JOIN past_entry AS entry ON entry.id = mention.entry_id
        WHERE mention.article_id = other.article_id AND entry.kind = 'place' AND mention.is_open
        ORDER BY entry.articles, entry.label LIMIT 1
    ) AS place ON true
    WHERE mine.article_id = ANY (%(articles)s) AND upper(mine.focus) - lower(mine.focus) <= 100
"""
_RELATED = f"({_ABOUT}) UNION ALL ({_SHARED}) UNION ALL ({_MEANWHILE})"
