"""A run of printed copies from the dry run to its files: how long it takes, and how much memory.

    python bench/run.py [--copies 30000]

Subscribers in an empty embedded database, a seventh of them abroad, each owed one copy of one issue: the dry run, the freeze, the mailing
file, all label sheets, and both made once more and compared. The figures go to docs/benchmarks.md.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from results import machine, write

CUT_OFF = date(2026, 8, 20)
PLACES = (
    ("London", "SW{}A 1AA", "GB"),
    ("York", "YO{} 7HH", "GB"),
    ("Leeds", "LS{} 4AP", "GB"),
    ("Glasgow", "G{} 1XQ", "GB"),
    ("Bristol", "BS{} 5TR", "GB"),
    ("Cardiff", "CF{} 3NB", "GB"),
    ("Berlin", "101{}5", "DE"),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--copies", type=int, default=30_000)
    many = parser.parse_args().copies
    if "BENCH_RUN" in os.environ:
        measure(many)
        return
    with tempfile.TemporaryDirectory() as var:
        own = {
            **os.environ,
            "BACKNUMBER_VAR": var,
            "DJANGO_SETTINGS_MODULE": "backnumber.settings",
            "BENCH_RUN": "1",
        }
        own.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=own, check=True)
        subprocess.run([sys.executable, __file__, "--copies", str(many)], env=own, check=True)


def lay(many: int) -> tuple[Any, Any]:
    """Promise: so many subscribers, an issue, and a house."""
    from backnumber.archive.models import Issue, Title  # noqa: PLC0415  # only once Django is set up
    from backnumber.circulation.models import PrintSubscription  # noqa: PLC0415
    from backnumber.copies.models import Profile  # noqa: PLC0415

    chance = Random(1)
    title = Title.objects.create(name="The Bench", slug="the-bench")
    issue = Issue.objects.create(
        title=title, number="9", cover_date="September 2026", sort_date=date(2026, 9, 1), slug="september"
    )
    for first in range(0, many, 5000):
        PrintSubscription.objects.bulk_create(
            _subscriber(n, chance) for n in range(first, min(first + 5000, many))
        )
    return issue, Profile.objects.create(house="Bench", title=title, code="BEN", lead_days=2)


def _subscriber(n: int, chance: Random) -> Any:
    from backnumber.circulation.models import PrintSubscription  # noqa: PLC0415

    town, postcode, country = PLACES[n % len(PLACES)]
    return PrintSubscription(
        number=f"B-{n:06d}",
        claim_number=f"B{n:06d}",
        claim_digits=str(n),
        name=f"Subscriber {n} of {chance.choice(['Ash', 'Birch', 'Cedar'])}",
        surname="Subscriber",
        address=f"{chance.randrange(1, 300)} {chance.choice(['High', 'Low', 'Church'])} Street\n{town}",
        postcode=postcode.format(chance.randrange(1, 9)),
        country=country,
        starts_on=CUT_OFF - timedelta(days=chance.randrange(1, 300)),
        ends_on=CUT_OFF + timedelta(days=chance.randrange(1, 300)),
    )


def measure(many: int) -> None:
    import django  # noqa: PLC0415  # the first process, which makes the database, needs none of it

    django.setup()
    from backnumber.copies import files, labels, service  # noqa: PLC0415
    from backnumber.copies.models import SentFile  # noqa: PLC0415

    issue, house = lay(many)
    now = datetime.now(UTC)
    open_one = service.open_run(
        issue, house, cut_off=CUT_OFF, mailing_on=CUT_OFF + timedelta(days=5), by=None, now=now
    )
    steps: dict[str, float] = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = act()
        steps[name] = time.perf_counter() - began
        return made

    kinds = SentFile.Kind
    timed("the dry run", lambda: service.draft(open_one))
    run = timed("freezing", lambda: service.freeze(open_one, by=None, now=now))
    assert run.copies == many
    parts = range(1, labels.parts(many) + 1)
    table = timed("the mailing file", lambda: files.file_of(run, kinds.MAILING, by=None, now=now))
    sheets = timed(
        "label sheets",
        lambda: [files.file_of(run, kinds.LABELS, part, by=None, now=now) for part in parts],
    )
    whole = sum(steps[name] for name in ("freezing", "the mailing file", "label sheets"))
    again = timed("the mailing file, made again", lambda: files.made(run, kinds.MAILING))
    assert again == files.content_of(table)
    anew = timed("label sheets, made again", lambda: [files.made(run, kinds.LABELS, part) for part in parts])
    assert anew == [files.content_of(sheet) for sheet in sheets]
    section = _section(many, steps, whole, len(again), sum(map(len, anew)), len(anew))
    write("run", section)
    print(section)


def _section(many: int, steps: dict[str, float], whole: float, table: int, pdf: int, parts: int) -> str:
    rows = "\n".join(f"| {name} | {seconds:.1f} |" for name, seconds in steps.items())
    own, child = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"""## A run of printed copies

{many:,} copies frozen, labelled and exported: **{whole:.0f} seconds**. Memory at most {own} MB in the process that freezes, {child} MB in the
one that sets the sheets of a part. Made again, every file was the same byte for byte.

| | seconds |
|---|---|
{rows}

The mailing file has {table / 1e6:.1f} million bytes, the label sheets {pdf / 1e6:.1f} million in {parts} PDFs.

{datetime.now(UTC):%-d %B %Y}, {machine("Django", "psycopg", "typst")}; `make bench-run`.
"""


if __name__ == "__main__":
    main()
