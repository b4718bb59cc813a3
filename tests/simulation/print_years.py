"""Years of printed copies, day by day: subscribers come, renew, lapse, move, go on holiday, lose copies; each month an issue is mailed.

    python -m tests.simulation.print_years --subscribers 5000 --years 3 [--seed 1]

Beside the database stands a book of its own, kept by hand (`Person`): at each run the labels must say what the book says, every copy owed
on exactly one label, at the address of that moment, and the files must be the same made again, then and at the end.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

FIRST_DAY = date(2027, 1, 1)
DAY = timedelta(days=1)
CUT_OFF, MAILED, LATE = 18, 5, 26  # day of the month; days after; day of the month of the supplementary run
PLACES = (
    ("York", "YO1 7HH", "GB"),
    ("London", "SW1A 1AA", "GB"),
    ("Leeds", "LS1 4AP", "GB"),
    ("Glasgow", "G1 1XQ", "GB"),
    ("Dublin", "D02 AF30", "IE"),
    ("Berlin", "10115", "DE"),
    ("Boston, MA", "02108", "US"),
)
Place = tuple[str, str, str, str]  # the street, the town, the postcode, the country


@dataclass
class Term:
    """As the book knows it. `issues`: counted so; else by its days, both inclusive."""

    key: str
    starts_on: date
    ends_on: date
    issues: int | None
    is_over: bool = False
    sent: dict[int, date] = field(default_factory=dict)
    credits: int = 0

    def runs(self, day: date, issue: int) -> bool:
        if self.is_over or self.starts_on > day:
            return False
        if self.issues is None:
            return day <= self.ends_on
        return len(self.sent.keys() - {issue}) < self.issues + self.credits

    def is_owed_more(self, day: date, issue: int) -> bool:
        after = sum(cut_off > self.ends_on for one, cut_off in self.sent.items() if one != issue)
        return not self.is_over and self.issues is None and self.ends_on < day and after < self.credits


@dataclass
class Person:
    """One subscriber, with what the database is not asked for."""

    number: int
    random: Random
    place: Place
    donor: str = ""
    copies: int = 1
    terms: list[Term] = field(default_factory=list)
    pauses: list[tuple[date, date, str]] = field(default_factory=list)
    elsewhere: list[tuple[date, date | None, Place]] = field(default_factory=list)
    had: Counter[int] = field(default_factory=Counter)
    skipped: set[int] = field(default_factory=set)
    again: Counter[int] = field(default_factory=Counter)
    reader: Any = None

    @property
    def name(self) -> str:
        return f"Reader {self.number:05d}"

    def term_for(self, day: date, issue: int) -> Term | None:
        running = sorted((one for one in self.terms if one.runs(day, issue)), key=lambda one: one.starts_on)
        later = sorted(
            (one for one in self.terms if one.is_owed_more(day, issue)), key=lambda one: one.starts_on
        )
        return next(iter([*running, *later]), None)

    def place_on(self, day: date) -> Place:
        """A temporary address before one for good; the later of two."""
        there = [one for one in self.elsewhere if one[0] <= day and (one[1] is None or day <= one[1])]
        for_days = [one for one in there if one[1] is not None]
        return max(for_days or there, key=lambda one: one[0])[2] if there else self.place

    def mailed(self, issue: int, cut_off: date, mailing_on: date) -> int:
        """Promise: how many copies of the issue are mailed, by the book; it is written down."""
        term = self.term_for(cut_off, issue)
        if term is None or issue in self.skipped or self.copies <= self.had[issue]:
            return 0
        missed = next((what for first, last, what in self.pauses if first <= mailing_on <= last), None)
        if missed is not None:
            if missed != "late":
                self.skipped.add(issue)
                term.credits += missed == "after" and term.issues is None and term.ends_on >= cut_off
            return 0
        many = self.copies - self.had[issue]
        self.had[issue] = self.copies
        term.sent.setdefault(issue, cut_off)
        return many


@dataclass
class Told:
    """What the years came to."""

    steps: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    runs: int = 0
    copies: int = 0


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class Years:
    """The magazine, its subscribers and the book."""

    def __init__(self, subscribers: int, seed: int) -> None:
        from backnumber.readers.models import Reader  # noqa: PLC0415  # only once Django is set up
        from tests import making  # noqa: PLC0415
        from tests.copies.making import profile  # noqa: PLC0415

        self.random = Random(seed)
        self.told = Told()
        self.title = making.title("Years in Print", position=0)
        self.house = profile(self.title, house="Years", code="YIP")
        accounts = Reader.objects.bulk_create(
            Reader(email=f"print{n}@example.org", password="!") for n in range(subscribers)
        )
        self.people = [
            Person(n, Random(f"{seed} {n}"), self._place(n), reader=account)
            for n, account in enumerate(accounts)
        ]

    def _place(self, n: int) -> Place:
        return (f"{self.random.randrange(1, 200)} Street {n}", *self.random.choice(PLACES))

    def live_a_day(self, day: date) -> None:
        for person in self.people:
            self._act(person, day)

    def _act(self, person: Person, day: date) -> None:
        last = person.terms[-1] if person.terms else None
        if last is None:
            if person.random.random() < 1 / 120:
                self._begin(person, day, day)
        elif last.issues is None and not last.is_over and last.ends_on - 10 * DAY == day:
            if person.random.random() < 0.75:
                self._begin(person, last.ends_on + DAY, day)
        elif person.random.random() < 1 / 60:
            acts = [self._move, self._pause, self._away, self._forward, self._more, self._stop, self._lose]
            act = person.random.choice([*acts, self._lose, self._move])
            act(person, day)

    def _begin(self, person: Person, starts_on: date, day: date) -> None:
        from backnumber.circulation.service import begin_print_subscription  # noqa: PLC0415

        key = f"years-{person.number}-{len(person.terms)}"
        is_first = not person.terms
        issues = person.random.choice([None, None, None, None, 6]) if is_first else None
        months = person.random.choice([3, 6, 12])
        ends_on = starts_on + timedelta(days=30 * months)
        row = begin_print_subscription(
            person.reader,
            name=person.name,
            address_lines=list(person.place[:2]) if is_first else ["1 Old Order Street", "Nowhere"],
            postcode=person.place[2] if is_first else "YO1 7HH",
            country=person.place[3] if is_first else "GB",
            starts_on=starts_on,
            ends_on=ends_on,
            order_key=key,
            title=self.title.pk,
            issues=issues,
        )
        if is_first:
            # moved once, so that a renewal's order, which keeps its address, has nothing to say
            self._change(row, person, day)
            if person.random.random() < 0.15:
                person.donor = f"Donor {person.number}"
                type(row).objects.filter(pk=row.pk).update(given_by=person.donor)
        person.terms.append(Term(key, starts_on, ends_on, issues))
        self.told.steps["begin" if is_first else "renew"] += 1

    def _rows(self, person: Person) -> Any:
        from backnumber.circulation.models import PrintSubscription  # noqa: PLC0415

        return PrintSubscription.objects.filter(order_key__in=[term.key for term in person.terms]).order_by(
            "pk"
        )

    def _change(self, row: Any, person: Person, day: date) -> None:
        from backnumber.circulation.service import change_address  # noqa: PLC0415

        street, town, postcode, country = person.place
        change_address(row, address=f"{street}\n{town}", postcode=postcode, country=country, now=_at(day))

    def _move(self, person: Person, day: date) -> None:
        person.place = self._place(person.number)
        self._change(self._rows(person).first(), person, day)
        self.told.steps["move"] += 1

    def _pause(self, person: Person, day: date) -> None:
        from backnumber.copies import remedies  # noqa: PLC0415
        from backnumber.copies.models import Pause  # noqa: PLC0415

        first = max([day, *(last + DAY for _, last, _ in person.pauses)])
        last, missed = first + person.random.randrange(5, 60) * DAY, person.random.choice(list(Pause.Missed))
        person.pauses.append((first, last, missed.value))
        remedies.pause(
            self._rows(person).first(),
            remedies.Days(first, last),
            missed,
            because="Away",
            by=None,
            now=_at(day),
        )
        self.told.steps["pause"] += 1

    def _elsewhere(self, person: Person, day: date, last: date | None) -> None:
        from backnumber.copies import remedies  # noqa: PLC0415

        if any(first == day for first, _, _ in person.elsewhere):
            return
        street, town, postcode, country = place = self._place(person.number)
        person.elsewhere.append((day, last, place))
        remedies.send_elsewhere(
            self._rows(person).last(), remedies.Days(day, last), name="", address=f"{street}\n{town}",
            postcode=postcode, country=country, because="By the sea", by=None, now=_at(day),
        )  # fmt: skip
        self.told.steps["elsewhere" if last else "forward"] += 1

    def _away(self, person: Person, day: date) -> None:
        self._elsewhere(person, day, day + person.random.randrange(10, 90) * DAY)

    def _forward(self, person: Person, day: date) -> None:
        if person.random.random() < 0.3:
            self._elsewhere(person, day, None)

    def _more(self, person: Person, day: date) -> None:
        person.copies = person.random.choice([1, 1, 2, 3])
        self._rows(person).update(copies=person.copies)
        self.told.steps["copies"] += 1

    def _stop(self, person: Person, day: date) -> None:
        from backnumber.circulation.service import end_print_subscription  # noqa: PLC0415

        term = person.terms[-1]
        if term.is_over or term.ends_on < day or person.random.random() < 0.7:
            return
        end_print_subscription(term.key, on=day)
        term.is_over = True
        self.told.steps["stop"] += 1

    def _lose(self, person: Person, day: date) -> None:
        from backnumber.copies import remedies  # noqa: PLC0415
        from backnumber.copies.models import Copy, Remedy  # noqa: PLC0415

        keys = [term.key for term in person.terms]
        rows = Copy.objects.filter(subscription__order_key__in=keys, remedies=None).select_related(
            "subscription"
        )
        copy = max(rows, key=lambda one: one.pk, default=None)
        if copy is None:
            return
        done = person.random.choice(list(Remedy.Done))
        remedies.remedy(
            copy, person.random.choice(list(Remedy.What)), done, because="Wrote to us", by=None, now=_at(day)
        )
        if done == Remedy.Done.REPLACE:
            person.again[copy.issue_id] += 1
        elif done == Remedy.Done.CREDIT:
            next(term for term in person.terms if term.key == copy.subscription.order_key).credits += 1
        self.told.steps[f"lost: {done.value}"] += 1

    def mail(self, issue: Any, cut_off: date) -> None:
        """A run of the issue, and the book held against it."""
        from backnumber.copies import files, service  # noqa: PLC0415
        from backnumber.copies.models import SentFile  # noqa: PLC0415

        mailing_on = cut_off + MAILED * DAY
        run = service.open_run(
            issue, self.house, cut_off=cut_off, mailing_on=mailing_on, by=None, now=_at(cut_off)
        )
        book: dict[tuple[str, str], tuple[int, Place, str]] = {}
        for person in self.people:
            where = person.place_on(mailing_on)
            if many := person.mailed(issue.pk, cut_off, mailing_on):
                book[person.name, "owed"] = (many, where, person.donor)
            if many := person.again.pop(issue.pk, 0):
                book[person.name, "replaced"] = (many, where, person.donor)
        expected = sum(many for many, _, _ in book.values())
        drafted = service.draft(run)
        if not book:
            service.close_run(run, by=None, now=_at(cut_off))
            self._hold(drafted.copies, 0, f"{run}: copies where the book has none")
            return
        run = service.freeze(run, by=None, now=_at(cut_off))
        labels = {
            (label.name, label.kind): (
                label.copies,
                (*label.lines.splitlines(), label.town, label.postcode, label.country),
                label.given_by,
            )
            for label in run.labels.all()
        }
        for key in book.keys() | labels.keys():
            self._hold(labels.get(key), book.get(key), f"{run}: {key}")
        self._hold(drafted.copies, expected, f"{run}: the dry run's total")
        self._hold(run.copies, expected, f"{run}: the total")
        self._hold(sum(n for n, *_ in labels.values()), expected, f"{run}: the labels' total")
        file = files.file_of(run, SentFile.Kind.MAILING, by=None, now=_at(cut_off))
        self._hold(
            files.made(run, SentFile.Kind.MAILING), files.content_of(file), f"{run}: the file made again"
        )
        self.told.runs += 1
        self.told.copies += run.copies

    def _hold(self, found: object, expected: object, what: str) -> None:
        if found != expected:
            self.told.wrong.append(f"{what}: {str(found)[:150]} where the book has {str(expected)[:150]}")

    def end(self) -> None:
        """Every file is made once more, after all that has changed since."""
        from backnumber.copies import files  # noqa: PLC0415
        from backnumber.copies.models import Copy, Label, SentFile  # noqa: PLC0415

        for file in SentFile.objects.filter(profile=self.house).select_related(
            "run__issue__volume", "run__profile"
        ):
            assert file.run is not None
            again = files.made(file.run, SentFile.Kind(file.kind))
            self._hold(again == files.content_of(file), True, f"{file.name}, made again at the end")
        self._hold(Copy.objects.filter(issue__title=self.title).count(), self.told.copies, "copies in all")
        self._hold(Label.objects.filter(sent=None).count(), 0, "labels without a copy")


def simulate(subscribers: int, days: int, *, seed: int = 1, says: Callable[[str], None] = print) -> Told:
    """Promise: so many days went by; what was done, and what did not agree with the book."""
    from tests import making  # noqa: PLC0415

    years, began, issue = Years(subscribers, seed), time.monotonic(), None
    for day in (FIRST_DAY + timedelta(days=n) for n in range(days)):
        years.live_a_day(day)
        if day.day == CUT_OFF:
            following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
            issue = making.issue(following, of=years.title, number=f"{following:%m}")
            years.mail(issue, day)
        if day.day == LATE and issue is not None:
            years.mail(issue, day)
            seconds = time.monotonic() - began
            says(f"{day:%B %Y}: {years.told.copies} copies, {seconds:.0f} s, {len(years.told.wrong)} wrong")
        if years.told.wrong:
            break
    years.end()
    return years.told


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subscribers", type=int, default=5000)
    parser.add_argument("--years", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if "BACKNUMBER_SIMULATION" not in os.environ:
        with tempfile.TemporaryDirectory() as var:
            own = {**os.environ, "BACKNUMBER_VAR": var, "DJANGO_SETTINGS_MODULE": "backnumber.settings"}
            own |= {"BACKNUMBER_SIMULATION": "1", "PGOPTIONS": "-c synchronous_commit=off"}
            own.pop("DATABASE_URL", None)
            subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=own, check=True)
            return subprocess.run(
                [sys.executable, "-m", "tests.simulation.print_years", *sys.argv[1:]], env=own
            ).returncode
    import django  # noqa: PLC0415

    django.setup()
    told = simulate(
        given.subscribers,
        round(given.years * 365.25),
        seed=given.seed,
        says=lambda line: print(line, flush=True),
    )
    for name, many in told.steps.most_common():
        print(f"{many:>9} {name}")
    print(f"{told.runs} runs, {told.copies} copies, {len(told.wrong)} wrong")
    for line in told.wrong[:20]:
        print(f"  {line}")
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
