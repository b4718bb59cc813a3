"""Reads articles into the tables of the past, and takes them out again. What is counted is counted in the same transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange

from backnumber.archive.models import Article
from backnumber.archive.parts import Part
from backnumber.archive.queries import parts_of
from backnumber.past import queries, rules
from backnumber.past.listing import Listed, listed
from backnumber.past.models import Entry, Finding, Mention, Reading
from backnumber.past.reading import findings, rules_in_force
from backnumber.past.rules import Found, Years

_LOCK = 0x70617374  # any number of our own, in the migration too: one at a time counts
WEIGHTS = {"title": 6, "standfirst": 4, "lead": 2, "body": 1}


@dataclass(frozen=True, slots=True)
class Read:
    """An article with what was found in it, the words of its editors applied."""

    article: Article
    parts: Sequence[Part]
    found: Sequence[Found]

    @property
    def shown(self) -> list[Found]:
        return list(rules.shown(self.found))

    @property
    def spans(self) -> set[tuple[int, int]]:
        return rules.spans(one.years for one in self.shown if one.kind == "time" and one.years)

    @property
    def focus(self) -> Years | None:
        of = WEIGHTS
        times = [one for one in self.shown if one.kind == "time"]
        return rules.focus(
            [(one.years, of.get(self.parts[one.position].weight, 1)) for one in times if one.years]
        )


def read_articles(keys: Sequence[int]) -> int:
    """Promise: the published ones among these articles are read, the others taken out, in the open transaction or one of its own; how
    many were read. Two queries for each kind of row, however many articles.
    """
    with transaction.atomic():
        read = look_at(keys)
        record(keys, read)
    return len(read)


def record(keys: Sequence[int], read: Sequence[Read]) -> None:
    """Promise: what is known of the articles of these keys is what was read, and nothing else."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        before = _shown_by_pages(keys)
        _take_out(keys)
        _keep(read)
        after = _shown_by_pages(keys)
        _void([key for key in keys if before.get(key) != after.get(key)])


def _shown_by_pages(keys: Sequence[int]) -> dict[int, object]:
    """Promise: what pages of these articles show of what was found."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [list(keys)])
        return {article: shown for article, *shown in cursor.fetchall()}


_SHOWN = """
    SELECT reading.article_id, reading.focus::text, array(
        SELECT entry_id FROM past_mention AS mention WHERE mention.article_id = reading.article_id ORDER BY entry_id
    )
    FROM past_reading AS reading WHERE reading.article_id = ANY (%s)
"""


def _void(articles: Sequence[int]) -> None:
    """Promise: the stored pages of these articles are void (decision 010): they show the subjects and what is related."""
    if articles:
        with connection.cursor() as cursor:
            cursor.execute("SELECT edge_tell(%s)", [[f"article:{article}" for article in articles]])


def look_at(keys: Sequence[int]) -> list[Read]:
    """Promise: what would be found in the published ones among these articles; nothing is written."""
    articles = queries.articles_to_read(keys)
    words = queries.words_of([article.pk for article in articles])
    read = []
    for article in articles:
        parts = parts_of(article)
        found = findings(parts, article.issue.sort_date)
        read.append(Read(article, parts, rules.with_words(parts, found, words.get(article.pk, ()))))
    elsewhere = queries.words_elsewhere({(one.kind, one.text) for each in read for one in each.found})
    return [
        Read(
            each.article,
            each.parts,
            rules.unverified(each.found, (word for pk, word in elsewhere if pk != each.article.pk)),
        )
        for each in read
    ]


def _take_out(keys: Sequence[int]) -> None:
    """Triggers of the database count down, as they do for an article that is deleted."""
    for model in (Mention, Finding, Reading):
        model._default_manager.filter(article__in=keys).delete()


def _count(spans: "Counter[tuple[int, int]]") -> None:
    rows = [(unit, start, many) for (unit, start), many in sorted(spans.items())]
    if rows:
        units, starts, numbers = map(list, zip(*rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [units, starts, numbers])


_COUNT = """
    INSERT INTO past_tally AS tally (unit, start, articles) SELECT * FROM unnest(%s::smallint[], %s::integer[], %s::integer[])
    ON CONFLICT (unit, start) DO UPDATE SET articles = tally.articles + excluded.articles
"""
_MORE_ENTRIES = """
    INSERT INTO past_entry AS entry (key, kind, slug, label, is_known, latitude, longitude, articles, open_articles)
    SELECT * FROM unnest(
        %s::text[], %s::text[], %s::text[], %s::text[], %s::boolean[], %s::float8[], %s::float8[], %s::integer[], %s::integer[]
    )
    ON CONFLICT (key) DO UPDATE SET
        articles = entry.articles + excluded.articles, open_articles = entry.open_articles + excluded.open_articles,
        is_known = entry.is_known OR excluded.is_known, label = excluded.label,
        latitude = coalesce(excluded.latitude, entry.latitude), longitude = coalesce(excluded.longitude, entry.longitude)
    RETURNING entry.id, entry.key
"""


def _keep(read: Sequence[Read]) -> None:
    _count(Counter(span for each in read for span in each.spans))
    lists = {each.article.pk: listed(each.parts, each.shown) for each in read}
    keys = _entries([one for of_article in lists.values() for one in of_article])
    Mention.objects.bulk_create(
        Mention(article_id=pk, entry_id=keys[one.key], is_open=one.is_open, sentence=one.sentence)
        for pk, of_article in lists.items()
        for one in of_article
    )
    Finding.objects.bulk_create((row for each in read for row in _rows(each)), batch_size=2_000)
    Reading.objects.bulk_create(_reading(each, lists[each.article.pk], keys) for each in read)


def _entries(of: Sequence[Listed]) -> dict[str, int]:
    """Promise: the key of the row of each entry; in the order of their keys, so that two who write never wait in a circle."""
    by_key: dict[str, list[Listed]] = {}
    for one in of:
        by_key.setdefault(one.key, []).append(one)
    if not by_key:
        return {}
    rows = [_entry(key, same) for key, same in sorted(by_key.items())]
    with connection.cursor() as cursor:
        cursor.execute(_MORE_ENTRIES, [list(column) for column in zip(*rows, strict=True)])
        return {key: pk for pk, key in cursor.fetchall()}


def _entry(key: str, same: Sequence[Listed]) -> tuple[object, ...]:
    first = min(same, key=lambda one: (not one.is_open, one.label))
    placed = next((one for one in same if one.latitude is not None), first)
    return (
        key,
        first.kind,
        key.partition(":")[2],
        first.label,
        any(one.is_known for one in same),
        None if placed.latitude is None else float(placed.latitude),
        None if placed.longitude is None else float(placed.longitude),
        len(same),
        sum(one.is_open for one in same),
    )


def _range(years: Years | None) -> "NumericRange | None":
    return NumericRange(*years) if years else None


def _rows(read: Read) -> Iterable[Finding]:
    for one in read.found:
        part = read.parts[one.position]
        yield Finding(
            article=read.article,
            position=one.position,
            start=one.start,
            end=one.end,
            text=one.text,
            kind=one.kind,
            key=one.key,
            label=one.label,
            edtf=one.edtf,
            years=_range(one.years),
            day=one.day if one.kind == "time" else "",
            calendar=one.calendar,
            rule=one.rule,
            confidence=one.confidence,
            narrative=one.narrative,
            is_open=part.is_open,
            sentence=rules.sentence(part.text, one.start, one.end) if part.is_open else "",
            status=one.status,
        )


def _reading(read: Read, of_article: Sequence[Listed], keys: dict[str, int]) -> Reading:
    article = read.article
    asked = rules.question(article.headline, article.standfirst)
    subject = next((one for one in of_article if one.is_open), None) if asked else None
    return Reading(
        article=article,
        read_of=article.appearance.changed_at,
        rules=rules_in_force(),
        focus=_range(read.focus),
        spans=rules.numbered(read.spans),
        question=asked[:600],
        subject_id=keys[subject.key] if subject else None,
    )


def entries_without_articles() -> int:
    """Promise: entries under which nothing is listed any more are gone; how many."""
    return Entry.objects.filter(articles__lte=0).delete()[0]
