"""Reads of what was found: what is still to be read, the index, times, days, questions. What an editor alone may see is in `desk.py`."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q, QuerySet

from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists
from backnumber.past.models import Entry, Finding, Kind, Mention, Tally, Word
from backnumber.past.rules import WIDEST, Said, Years, bounds, span_of

PIECES_A_PAGE = 30
MOST_SPANS_LISTED = 20_000
NAMES_A_PAGE = 120


def articles_to_read(keys: Sequence[int]) -> list[Article]:
    """Promise: the published ones among them with their text, in the order of their keys; one query."""
    published = Article.objects.filter(pk__in=keys, live=True, issue__live=True)
    return list(published.select_related("issue", "appearance").order_by("pk"))


def unread(rules: str, after: int = 0, most: int = 200) -> list[int]:
    """Promise: the next articles, by key, whose reading is missing, of an older text, by other rules, or of what was withdrawn."""
    is_published = Q(live=True, issue__live=True)
    out_of_date = (
        Q(past_reading=None)
        | ~Q(past_reading__rules=rules)
        | ~Q(past_reading__read_of=F("appearance__changed_at"))
    )
    wanted = Article.objects.filter(
        (is_published & out_of_date) | (~is_published & Q(past_reading__isnull=False)), pk__gt=after
    )
    return list(wanted.order_by("pk").values_list("pk", flat=True)[:most])


def said(word: Word) -> Said:
    years = (word.years.lower, word.years.upper) if word.years else None
    return Said(
        word.kind,
        word.text,
        word.before,
        word.after,
        word.verdict,
        word.key,
        word.label,
        word.edtf,
        years,
    )


def words_of(articles: Sequence[int]) -> dict[int, list[Said]]:
    """Promise: what editors said of findings in each article, the oldest first; one query."""
    found: dict[int, list[Said]] = {}
    for word in Word.objects.filter(article__in=articles).order_by("pk"):
        found.setdefault(word.article_id, []).append(said(word))
    return found


def words_elsewhere(said_of: "set[tuple[str, str]]") -> list[tuple[int, Said]]:
    """Promise: every editor's word about such a kind and text, in any article, the latest last; one query."""
    texts = {text for _, text in said_of}
    words = Word.objects.filter(text__in=texts).order_by("pk") if texts else ()
    return [(word.article_id, said(word)) for word in words if (word.kind, word.text) in said_of]


# The index.

_SHOWN = Q(articles__gt=0) & (Q(is_known=True) | Q(open_articles__gt=0))


def entries(kind: Kind) -> "QuerySet[Entry]":
    """Promise: the entries of a kind that have pages."""
    return Entry.objects.filter(_SHOWN, kind=kind)


def entry_at(kind: Kind, slug: str) -> Entry | None:
    return entries(kind).filter(key=f"{kind}:{slug}").first()


@dataclass(frozen=True, slots=True)
class Piece:
    """A published article as these pages list it. `sentence` is open text, or empty."""

    article: Article
    sentence: str = ""
    times: tuple[Years, ...] = ()
    why: str = ""


def pieces_under(entry: Entry, page: int) -> tuple[list[Piece], bool]:
    """Promise: one page of what is listed under an entry, the latest printed first, and whether there is another page; two queries.

    The order tells nothing of the text.
    """
    mentions = (
        Mention.objects.filter(entry=entry, article__live=True, article__issue__live=True)
        .order_by("-article__issue__sort_date", "article__position", "article")
        .annotate(is_current=Q(article__past_reading__read_of=F("article__appearance__changed_at")))
    )
    start = (page - 1) * PIECES_A_PAGE
    rows = list(mentions.values_list("article", "sentence", "is_current")[start : start + PIECES_A_PAGE + 1])
    articles = by_key([pk for pk, _, _ in rows[:PIECES_A_PAGE]])
    found = [
        Piece(articles[pk], sentence if is_current else "")
        for pk, sentence, is_current in rows
        if pk in articles
    ]
    return found, len(rows) > PIECES_A_PAGE


def by_key(keys: Collection[int]) -> dict[int, Article]:
    """Promise: those of these articles that are published, by their keys; one query, none for none."""
    if not keys:
        return {}
    return {one.pk: one for one in articles_for_lists().prefetch_related(None).filter(pk__in=keys).order_by()}


_WITH = """
    SELECT other.kind, other.slug, other.label, count(*) AS together
    FROM (
        SELECT article_id FROM past_mention WHERE entry_id = %(entry)s ORDER BY article_id DESC LIMIT 300
    ) AS here
    JOIN past_mention AS mention ON mention.article_id = here.article_id
    JOIN past_entry AS other ON other.id = mention.entry_id
    WHERE other.id <> %(entry)s AND other.articles > 0 AND (other.is_known OR other.open_articles > 0)
    GROUP BY other.id ORDER BY together DESC, other.articles, other.label LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Together:
    """An entry that is listed with another, in how many articles."""

    entry: Entry
    articles: int


def listed_with(entry: Entry, most: int = 24) -> list[Together]:
    """Promise: what else the articles under an entry are listed under, the most often first; one query of at most 300 articles."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH, {"entry": entry.pk, "most": most})
        return [
            Together(Entry(kind=kind, slug=slug, label=label), together)
            for kind, slug, label, together in cursor.fetchall()
        ]


_WHEN = """
    SELECT floor(lower(reading.focus) / 10.0)::int * 10 AS decade, count(*)
    FROM (SELECT article_id FROM past_mention WHERE entry_id = %s ORDER BY article_id DESC LIMIT 1000) AS here
    JOIN past_reading AS reading ON reading.article_id = here.article_id
    WHERE NOT isempty(reading.focus) GROUP BY decade ORDER BY decade
"""


def decades_of(entry: Entry) -> list[tuple[int, int]]:
    """Promise: in which decades the articles under an entry mostly begin, and how many in each; one query of at most 1,000 articles."""
    with connection.cursor() as cursor:
        cursor.execute(_WHEN, [entry.pk])
        return list(cursor.fetchall())


# Times.


def tallies(unit: int, lo: int, hi: int) -> dict[int, int]:
    """Promise: how many articles each span of that unit counts, by its first year, from `lo` up to `hi`."""
    found = Tally.objects.filter(unit=unit, start__gte=span_of(unit, lo), start__lt=hi, articles__gt=0)
    return dict(found.values_list("start", "articles"))


def whole_span() -> tuple[int, int] | None:
    """Promise: the first and the last century that counts an article, as half-open years; None when nothing was found."""
    found = Tally.objects.filter(unit=100, articles__gt=0).order_by("start").values_list("start", flat=True)
    first, last = found.first(), found.last()
    return (bounds(100, first)[0], bounds(100, last)[1]) if first is not None and last is not None else None


_IN_YEARS = """
    SELECT finding.article_id, array_agg(DISTINCT ARRAY[lower(finding.years), upper(finding.years)])
    FROM past_finding AS finding
    JOIN archive_article AS article ON article.id = finding.article_id
    JOIN archive_issue AS issue ON issue.id = article.issue_id
    WHERE finding.kind = 'time' AND finding.narrative AND finding.status <> 'dismissed' AND article.live AND issue.live
    AND finding.years && int4range(%(lo)s, %(hi)s)
    AND (
        upper(finding.years) - lower(finding.years) <= %(widest)s
        OR int4range(%(lo)s, %(hi)s) @> lower(finding.years) AND upper_inf(finding.years)
        OR int4range(%(lo)s, %(hi)s) @> upper(finding.years) AND lower_inf(finding.years)
    )
    GROUP BY finding.article_id
    ORDER BY min(greatest(coalesce(lower(finding.years), upper(finding.years) - 1), %(lo)s)), finding.article_id
    LIMIT %(most)s OFFSET %(start)s
"""


def pieces_in(lo: int, hi: int, unit: int, page: int) -> tuple[list[Piece], bool]:
    """Promise: one page of the articles that speak of these years, the earliest first, each with the times that do; whether there is
    another page. Two queries. A time much wider than a span of `unit` years does not count.
    """
    asked = {
        "lo": lo,
        "hi": hi,
        "widest": unit * WIDEST,
        "most": PIECES_A_PAGE + 1,
        "start": (page - 1) * PIECES_A_PAGE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_IN_YEARS, asked)
        rows = cursor.fetchall()
    articles = by_key([pk for pk, _ in rows[:PIECES_A_PAGE]])
    found = [Piece(articles[pk], times=tuple(map(tuple, times))) for pk, times in rows if pk in articles]
    return found, len(rows) > PIECES_A_PAGE


# Places.


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map."""

    entry: Entry
    articles: int


def places(years: Years | None, most: int = 250) -> list[Place]:
    """Promise: the places that most articles are listed under; of the articles mostly about these years, if any are said; one query."""
    placed = entries(Kind.PLACE).filter(latitude__isnull=False)
    if years is None:
        return [Place(one, one.articles) for one in placed.order_by("-articles", "label")[:most]]
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"lo": years[0], "hi": years[1], "most": most})
        rows = cursor.fetchall()
    return [
        Place(Entry(kind=Kind.PLACE, slug=slug, label=label, latitude=lat, longitude=lon), articles)
        for slug, label, lat, lon, articles in rows
    ]


_PLACES = """
    SELECT entry.slug, entry.label, entry.latitude, entry.longitude, count(*) AS many
    FROM past_reading AS reading
    JOIN past_mention AS mention ON mention.article_id = reading.article_id
    JOIN past_entry AS entry ON entry.id = mention.entry_id
    WHERE reading.focus && int4range(%(lo)s, %(hi)s) AND entry.kind = 'place' AND entry.latitude IS NOT NULL AND entry.articles > 0
    GROUP BY entry.id ORDER BY many DESC, entry.label LIMIT %(most)s
"""


def placeless() -> int:
    """Promise: how many places with pages are on no map, because it is not sure enough where they lie."""
    return entries(Kind.PLACE).filter(latitude__isnull=True).count()


# Days.


@dataclass(frozen=True, slots=True)
class OnThisDay:
    year: int
    article: Article
    sentence: str


def on_this_day(day: str, most: int = 60) -> list[OnThisDay]:
    """Promise: what articles say happened on that month and day ("10-25"), the earliest year first, once an article and year; two
    queries. A sentence only where it is open text.
    """
    found = (
        Finding.objects.filter(
            day=day, narrative=True, kind="time", article__live=True, article__issue__live=True
        )
        .exclude(status="dismissed")
        .annotate(is_current=Q(article__past_reading__read_of=F("article__appearance__changed_at")))
        .values_list("article", "years", "sentence", "is_current")
        .order_by("years", "article", "-is_open", "position")[: most * 3]
    )
    once: dict[tuple[int, int], str] = {}
    for article, years, sentence, is_current in found:
        once.setdefault((years.lower if years else 0, article), sentence if is_current else "")
    articles = by_key({article for _, article in once})
    days = [OnThisDay(year, articles[pk], said) for (year, pk), said in once.items() if pk in articles]
    return days[:most]


def days_of(month: int) -> dict[int, int]:
    """Promise: for each day of a month how many articles speak of it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [f"{month:02d}-01", f"{month:02d}-31"])
        return dict(cursor.fetchall())


_DAYS = """
    SELECT right(day, 2)::int, count(DISTINCT article_id) FROM past_finding
    WHERE day >= %s AND day <= %s AND day <> '' AND narrative AND status <> 'dismissed' GROUP BY 1
"""


# Questions.


@dataclass(frozen=True, slots=True)
class Asked:
    """An article whose headline or standfirst asks a question. `side` is what an editor says of it."""

    article: Article
    question: str
    side: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Questions on one subject; `entry` is None for those on none that we know."""

    entry: Entry | None
    asked: tuple[Asked, ...]

    @property
    def arguing_for(self) -> list[Asked]:
        return [one for one in self.asked if one.side == "for"]

    @property
    def arguing_against(self) -> list[Asked]:
        return [one for one in self.asked if one.side == "against"]

    @property
    def others(self) -> list[Asked]:
        return [one for one in self.asked if not one.side]


def questions(page: int) -> tuple[list[Subject], bool]:
    """Promise: one page of questions by their subjects, those asked most often first; whether there is another page. Two queries."""
    start = (page - 1) * PIECES_A_PAGE
    with connection.cursor() as cursor:
        cursor.execute(_QUESTIONS, [PIECES_A_PAGE + 1, start])
        rows = cursor.fetchall()
    articles = by_key([row[0] for row in rows[:PIECES_A_PAGE]])
    return _by_subject(rows, articles), len(rows) > PIECES_A_PAGE


_QUESTIONS = """
    SELECT reading.article_id, reading.question, coalesce(standpoint.side, ''), entry.kind, entry.slug, entry.label
    FROM past_reading AS reading
    JOIN archive_article AS article ON article.id = reading.article_id
    JOIN archive_issue AS issue ON issue.id = article.issue_id
    JOIN archive_appearance AS appearance ON appearance.article_id = article.id AND appearance.changed_at = reading.read_of
    LEFT JOIN past_entry AS entry ON entry.id = reading.subject_id
    LEFT JOIN past_standpoint AS standpoint ON standpoint.article_id = reading.article_id
    WHERE reading.question <> '' AND article.live AND issue.live
    ORDER BY count(*) OVER (PARTITION BY reading.subject_id) * (entry.id IS NOT NULL)::int DESC, entry.label NULLS LAST,
        issue.sort_date DESC, article.position, article.id
    LIMIT %s OFFSET %s
"""


def _by_subject(
    rows: Iterable[tuple[int, str, str, str, str, str]], articles: dict[int, Article]
) -> list[Subject]:
    found: dict[tuple[str, str], list[Asked]] = {}
    entries_by_key: dict[tuple[str, str], Entry | None] = {}
    for pk, question, side, kind, slug, label in rows:
        if pk in articles:
            key = (kind or "", slug or "")
            entries_by_key[key] = Entry(kind=kind, slug=slug, label=label) if kind else None
            found.setdefault(key, []).append(Asked(articles[pk], question, side))
    return [Subject(entries_by_key[key], tuple(asked)) for key, asked in found.items()]
