"""Years of a magazine, day by day, on a database of its own.

    python -m tests.simulation.run --subscribers 5000 --years 3 [--shuffled] [--seed 1] [--export state.json]

In the morning the clock does its part, at noon readers do as they please, in the evening word of the day's payments comes. At every
month's end the books are compared. `--shuffled`: every event comes twice, late and in any order; the state at the end must be the same.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.people import Person

FIRST_DAY = date(2027, 1, 4)
COMES_EVERY = 45.0
NEW_FOR_DAYS = 300
BANK_TAKES = timedelta(days=3)


@dataclass
class Told:
    """What a run comes to. `state` is the export."""

    steps: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    state: str = ""
    mails: int = 0


def simulate(
    subscribers: int,
    days: int,
    *,
    seed: int = 1,
    shuffled: bool = False,
    comes_every: float = COMES_EVERY,
    new_for_days: int = NEW_FOR_DAYS,
    says: Callable[[str], None] = print,
) -> Told:
    """Promise: so many days went by; what was done, and what did not hold at some month's end. The shop opens in it: the database has no
    products and no readers yet.
    """
    from tests.simulation import magazine, people, word  # noqa: PLC0415  # only once Django is set up

    magazine.open_shop()
    everybody = [people.Person(n, seed, comes_every) for n in range(1, subscribers + 1)]
    diary: dict[date, list[Person]] = defaultdict(list)
    for person in everybody:
        diary[FIRST_DAY + timedelta(days=person.random.randrange(new_for_days))].append(person)
    post = word.Word(Random(seed), shuffled)
    told = Told()
    began = time.monotonic()
    for day in (FIRST_DAY + timedelta(days=n) for n in range(days)):
        told.steps.update(_one_day(day, everybody, diary, post, seed))
        if (day + timedelta(days=1)).day == 1 or day == FIRST_DAY + timedelta(days=days - 1):
            _month_ends(day, everybody, told, began, says)
            if told.wrong:
                break
    told.steps["events delivered"] = post.delivered
    from tests.simulation.export import export  # noqa: PLC0415

    told.state = export()
    return told


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def _one_day(
    day: date, everybody: "list[Person]", diary: "dict[date, list[Person]]", post: object, seed: int
) -> Counter[str]:
    from backnumber.checkout import clock, service  # noqa: PLC0415
    from tests.simulation import magazine, word  # noqa: PLC0415

    steps: Counter[str] = Counter(days=1)
    morning, noon, evening = _at(day, 6), _at(day, 12), _at(day, 20)
    steps["payments asked about"] += service.reconcile(morning)
    steps["subscriptions acted on"] += clock.act_on_all(morning)
    steps["mails by the clock"] += clock.tell_all(morning)
    service.send_refunds(morning)
    if day.day == 15 and day.month % 5 == 0:
        code = Random(f"{seed} {day}").choice([code for code in magazine.SOLD if code not in magazine.FIXED])
        steps["told of a new price"] += magazine.raise_price(code, noon)
    for person in sorted(diary.pop(day, []), key=lambda one: one.number):
        steps[person.act(noon)] += 1
        if not person.deleted:
            diary[person.next_day(day)].append(person)
    assert isinstance(post, word.Word)
    post.take_in(day)
    post.deliver(evening)
    word.compare(evening)
    return steps


def _month_ends(
    day: date, everybody: "list[Person]", told: Told, began: float, says: Callable[[str], None]
) -> None:
    from django.core import mail  # noqa: PLC0415

    from backnumber.renewals.models import Subscription  # noqa: PLC0415
    from tests.simulation import checks  # noqa: PLC0415

    told.wrong += checks.what_is_wrong(everybody, _at(day, 20, 30))
    told.mails += len(mail.outbox)
    mail.outbox.clear()
    living = Subscription.objects.exclude(state="ended").count()
    minutes = (time.monotonic() - began) / 60
    says(
        f"{day:%B %Y}: {living} subscriptions, {told.mails} mails, {minutes:.1f} minutes, {_peak_mb()} MB, {len(told.wrong)} wrong"
    )
    for line in told.wrong[:20]:
        says(f"  {line}")


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subscribers", type=int, default=5000)
    parser.add_argument("--years", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--comes-every", type=float, default=COMES_EVERY, help="days between two acts of a reader"
    )
    parser.add_argument(
        "--new-for-days", type=int, default=NEW_FOR_DAYS, help="days over which readers first come"
    )
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--export", type=Path, help="where to write the state at the end")
    given = parser.parse_args()
    if "BACKNUMBER_SIMULATION" not in os.environ:
        return _on_a_database_of_its_own()
    return _run(given)


def _on_a_database_of_its_own() -> int:
    with tempfile.TemporaryDirectory() as var:
        own = {**os.environ, "BACKNUMBER_VAR": var, "DJANGO_SETTINGS_MODULE": "backnumber.settings"}
        own |= {"BACKNUMBER_SIMULATION": "1", "PGOPTIONS": "-c synchronous_commit=off"}
        own.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=own, check=True)
        return subprocess.run(
            [sys.executable, "-m", "tests.simulation.run", *sys.argv[1:]], env=own
        ).returncode


def _run(given: argparse.Namespace) -> int:
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415
    from django.core import mail  # noqa: PLC0415

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    django.setup()
    from backnumber.payments.till import service as till  # noqa: PLC0415

    till.BANK_TAKES = BANK_TAKES
    began = time.monotonic()
    told = simulate(
        given.subscribers,
        round(given.years * 365.25),
        seed=given.seed,
        shuffled=given.shuffled,
        comes_every=given.comes_every,
        new_for_days=given.new_for_days,
        says=lambda line: print(line, flush=True),
    )
    for name, many in told.steps.most_common():
        print(f"{many:>9} {name}")
    print(f"{(time.monotonic() - began) / 60:.1f} minutes, {_peak_mb()} MB at most, {len(told.wrong)} wrong")
    if given.export:
        given.export.write_text(told.state)
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
