"""What the database's own triggers cost when one statement changes many rows, on a connection that changed one row before.

    python bench/triggers.py

A hundred, a thousand and ten thousand rows of each table whose triggers compare rows before and after, in an empty embedded
database. The same statement without triggers (`session_replication_role = replica`) is the baseline of the same run. A step of
ten should cost about ten times as much. The figures go to docs/benchmarks.md.
"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta

from results import machine, write

SIZES = (100, 1_000, 10_000)
LATER = "coalesce(revoked_at, now()) + interval '1 second'"
CHANGES = {
    "articles": ("archive_article", "standfirst = standfirst || '.'"),
    "issues": ("archive_issue", "first_page = CASE first_page WHEN '1' THEN '2' ELSE '1' END"),
    "contributors": ("archive_contributor", "name = name || '.'"),
    "authorships": ("archive_authorship", "position = position + 1"),
    "readers": ("readers_reader", "password = password || '.'"),
    "grants": ("grants_grant", f"revoked_at = {LATER}"),
    "gift links": ("gifts_giftlink", f"revoked_at = {LATER}"),
}


def main() -> None:
    if "BENCH_TRIGGERS" in os.environ:
        measure()
        return
    with tempfile.TemporaryDirectory() as var:
        own = {
            **os.environ,
            "BACKNUMBER_VAR": var,
            "DJANGO_SETTINGS_MODULE": "backnumber.settings",
            "BENCH_TRIGGERS": "1",
        }
        own.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=own, check=True)
        subprocess.run([sys.executable, __file__], env=own, check=True)


def lay() -> None:
    """Promise: as many rows of each table as the largest size, all published, so that every trigger has something to say."""
    from backnumber.archive.models import Article, Authorship, Contributor, Issue, Title  # noqa: PLC0415
    from backnumber.gifts.models import GiftLink  # noqa: PLC0415  # only once Django is set up
    from backnumber.grants.models import Grant  # noqa: PLC0415
    from backnumber.readers.models import Reader  # noqa: PLC0415

    now, many = datetime.now(UTC), range(1, SIZES[-1] + 1)
    title = Title.objects.create(name="The Bench", slug="the-bench")
    issues = Issue.objects.bulk_create(
        Issue(
            title=title,
            number=str(n),
            cover_date=str(n),
            sort_date=date(1900, 1, 1) + timedelta(n),
            slug=str(n),
        )
        for n in many
    )
    articles = Article.objects.bulk_create(
        Article(issue=issue, headline=f"Article {issue.slug}", slug=f"article-{issue.slug}")
        for issue in issues
    )
    people = Contributor.objects.bulk_create(
        Contributor(name=f"Person {n}", sort_name=f"Person {n}", slug=f"person-{n}") for n in many
    )
    Authorship.objects.bulk_create(
        Authorship(article=article, contributor=person)
        for article, person in zip(articles, people, strict=True)
    )
    readers = Reader.objects.bulk_create(Reader(email=f"reader{n}@example.org", password="!") for n in many)  # noqa: S106
    span = {"starts": now - timedelta(9), "until": now + timedelta(90)}
    Grant.objects.bulk_create(
        Grant(reader=r, evidence="staff", evidence_key=r.email, label="Bench", granted_at=now, **span)
        for r in readers
    )
    GiftLink.objects.bulk_create(
        GiftLink(reader=r, article=a, token_digest=r.email, made_at=now, until=now + timedelta(9))
        for r, a in zip(readers, articles, strict=True)
    )


def measure() -> None:
    import django  # noqa: PLC0415  # the first process, which makes the database, needs none of it

    django.setup()
    lay()
    section = _section({what: [_changed(what, size) for size in SIZES] for what in CHANGES})
    write("triggers", section)
    print(section)


def _changed(what: str, size: int) -> tuple[float, float]:
    """Milliseconds of one statement on `size` rows: with triggers, on a connection that is warm, and without."""
    return _timed(what, size, "origin"), _timed(what, size, "replica")


def _timed(what: str, size: int, role: str) -> float:
    from django.db import connection  # noqa: PLC0415

    table, change = CHANGES[what]
    of_some = f"UPDATE {table} SET {change} WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT %s)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('session_replication_role', %s, false)", [role])
        for _ in range(6):  # the plans of prepared statements and of functions are kept by now
            cursor.execute(of_some, [1])
        began = time.perf_counter()
        cursor.execute(of_some, [size])
        return (time.perf_counter() - began) * 1000


def _section(measures: dict[str, list[tuple[float, float]]]) -> str:
    head = " | ".join(f"{size:,} rows | without triggers" for size in SIZES)
    rows = "\n".join(
        f"| {what} | " + " | ".join(f"{one:,.1f} | {bare:,.1f}" for one, bare in steps) + " |"
        for what, steps in measures.items()
    )
    return f"""## Many rows changed by one statement

Milliseconds of one UPDATE, on a connection that changed one row before, with the triggers that void stored pages, search
entries, passes and gift links, and without any trigger. A step of ten in rows should cost about ten times as much.

| | {head} |
|---|{"---|" * len(SIZES) * 2}
{rows}

{datetime.now(UTC):%-d %B %Y}, {machine("Django", "psycopg")}; `python bench/triggers.py`.
"""


if __name__ == "__main__":
    main()
