"""From one article to the next by what it is about: what shares its people, places and events, and what happened elsewhere meanwhile.

It reads what the index shows to everybody, so what it says tells nothing of gated words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article
from backnumber.past.models import PLURALS, Kind
from backnumber.past.queries import by_key
from backnumber.past.timeline import window
from backnumber.past.words import of_years

MOST = 3
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
    """Promise: for each of these articles the others; three queries for many, without bodies."""
    keys = [article.pk for article in articles]
    shared, meanwhile = _ask(_SHARED, keys), _ask(_MEANWHILE, keys)
    about = {article: (subjects, when) for article, subjects, when in _ask(_ABOUT, keys)}
    others = by_key({row[1] for row in (*shared, *meanwhile)})
    found: dict[int, tuple[list[Other], list[Other]]] = {key: ([], []) for key in keys}
    for asker, other, labels in shared:
        if other in others and len(found[asker][0]) < MOST:
            found[asker][0].append(Other(others[other], f"Also about {_listing(labels[:3])}"))
    for asker, other, place, lo, hi in meanwhile:
        known = {one.article.pk for one in found[asker][0]}
        if other in others and other not in known and len(found[asker][1]) < MOST:
            found[asker][1].append(
                Other(others[other], f"{place}, {of_years(lo, hi)}" if place else of_years(lo, hi))
            )
    return {
        key: Related(*_about(*about.get(key, ([], None))), tuple(first), tuple(second))
        for key, (first, second) in found.items()
    }


def _about(subjects: Sequence[Sequence[str]], focus: Any) -> tuple[tuple[Subject, ...], Subject | None]:
    named = tuple(
        Subject(label, address_of("past_entry", PLURALS[Kind(kind)], slug)) for kind, slug, label in subjects
    )
    if focus is None or focus.isempty:
        return named, None
    when = window(focus.lower, focus.upper)
    return named, Subject(when.name, address_of("past_timeline") + when.address)


def _ask(statement: str, keys: Sequence[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"articles": list(keys), "common": COMMON, "most": MOST * 2})
        return list(cursor.fetchall())


def _listing(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"


_ABOUT = """
    SELECT reading.article_id, array(
        SELECT ARRAY[entry.kind, entry.slug, entry.label]
        FROM past_mention AS mention JOIN past_entry AS entry ON entry.id = mention.entry_id
        WHERE mention.article_id = reading.article_id AND entry.articles > 0 AND (entry.is_known OR entry.open_articles > 0)
        ORDER BY mention.is_open DESC, entry.kind, entry.label LIMIT 10
    ), reading.focus
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
    SELECT asker, article_id, labels FROM ranked WHERE place <= %(most)s ORDER BY asker, place
"""
_MEANWHILE = """
    SELECT mine.article_id, other.article_id, place.label, lower(other.focus), upper(other.focus)
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
    ORDER BY mine.article_id, other.apart, other.article_id
"""
