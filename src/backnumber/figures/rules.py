"""The sums. What each figure means stands in docs/figures.md. Pure: terms go in, months come out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

GRACE = timedelta(days=30)
"""A term that begins within so long after the one before renews it."""

Month = date
"""Its first day."""


@dataclass(frozen=True, slots=True)
class Back:
    """Money that went back: when, and how much in minor units."""

    at: datetime
    minor: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term that was paid for. `until` is exclusive; `ended_at` is when the right to it ended before, because the money went back."""

    holder: str
    product: str
    begins: datetime
    until: datetime
    minor: int
    currency: str
    back: tuple[Back, ...] = ()
    ended_at: datetime | None = None

    @property
    def end(self) -> datetime:
        return self.until if self.ended_at is None else max(self.begins, min(self.until, self.ended_at))


@dataclass(frozen=True, slots=True)
class Flow:
    """What happened in one month, counted in holders of one product."""

    month: Month
    new: int
    renewed: int
    returned: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who began in one month, and how many of them were active at the end of that month and of each after it."""

    month: Month
    size: int
    active: tuple[int, ...]

    @property
    def gone(self) -> tuple[int, ...]:
        """Churn: how many in a hundred were no longer active, rounded half up."""
        return tuple((200 * (self.size - one) + self.size) // (2 * self.size) for one in self.active)


def month_of(at: datetime, zone: ZoneInfo) -> Month:
    return at.astimezone(zone).date().replace(day=1)


def after(month: Month, months: int = 1) -> Month:
    year, number = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(year, number + 1, 1)


def start_of(month: Month, zone: ZoneInfo) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=zone)


def months(first: Month, last: Month) -> list[Month]:
    """Promise: every month from the first to the last, both among them."""
    return [after(first, n) for n in range((last.year - first.year) * 12 + last.month - first.month + 1)]


def active(terms: Iterable[Term], at: datetime) -> dict[str, int]:
    """Promise: how many holders each product has at one instant; a holder of two terms of a product counts once."""
    held = {(one.product, one.holder) for one in terms if one.begins <= at < one.end}
    found: dict[str, int] = defaultdict(int)
    for product, _ in held:
        found[product] += 1
    return dict(found)


def flows(terms: Sequence[Term], over: Sequence[Month], zone: ZoneInfo, now: datetime) -> list[Flow]:
    """Promise: new, renewed, returned and lapsed in each month, all products together. A lapse counts in the month in which the term
    ended, once the days of grace are over.
    """
    counts: dict[Month, list[int]] = {one: [0, 0, 0, 0] for one in over}
    for chain in _chains(terms):
        end: datetime | None = None
        for term in chain:
            if term.end <= term.begins or term.begins > now:
                continue
            kind = 0 if end is None else 1 if term.begins - end <= GRACE else 2
            _add(counts, month_of(term.begins, zone), kind)
            if kind == 2 and end is not None:
                _add(counts, month_of(end, zone), 3)
            end = term.end if end is None else max(end, term.end)
        if end is not None and end + GRACE <= now:
            _add(counts, month_of(end, zone), 3)
    return [Flow(one, *counts[one]) for one in over]


def cohorts(terms: Sequence[Term], over: Sequence[Month], zone: ZoneInfo, now: datetime) -> list[Cohort]:
    """Promise: of each month in which somebody began, how many were active at its end and at the end of every month after that is over."""
    began: dict[Month, list[list[Term]]] = defaultdict(list)
    for chain in _chains([one for one in terms if one.begins < one.end]):
        began[month_of(chain[0].begins, zone)].append(chain)
    found = []
    for month in over:
        chains = began.get(month, [])
        ends = [start_of(after(one), zone) for one in months(month, over[-1])]
        kept = tuple(
            sum(any(t.begins <= at < t.end for t in chain) for chain in chains) for at in ends if at <= now
        )
        if chains:
            found.append(Cohort(month, len(chains), kept))
    return found


def _chains(terms: Iterable[Term]) -> list[list[Term]]:
    """The terms of each holder, whatever the product, in the order in which they begin."""
    of: dict[str, list[Term]] = defaultdict(list)
    for one in terms:
        of[one.holder].append(one)
    return [sorted(one, key=lambda term: (term.begins, term.until)) for one in of.values()]


def _add(counts: dict[Month, list[int]], month: Month, kind: int) -> None:
    if month in counts:
        counts[month][kind] += 1


def recognised(terms: Iterable[Term], zone: ZoneInfo) -> dict[str, dict[Month, int]]:
    """Promise: by currency, what was earned in each month, in minor units. A term earns day by day; all months of a term add up to exactly
    what was paid less what went back.
    """
    found: dict[str, dict[Month, int]] = defaultdict(lambda: defaultdict(int))
    for term in terms:
        for month, minor in _earned(term, zone).items():
            found[term.currency][month] += minor
    return {currency: dict(by_month) for currency, by_month in found.items()}


def _earned(term: Term, zone: ZoneInfo) -> dict[Month, int]:
    """What went back is taken from what is not earned yet, and what is left of it from the month in which it went back."""
    first = term.begins.astimezone(zone).date()
    last = max(term.until.astimezone(zone).date(), first + timedelta(days=1))
    by_month: dict[Month, int] = defaultdict(int)
    since, left = first, term.minor
    for back in sorted(term.back, key=lambda one: one.at):
        day = min(max(back.at.astimezone(zone).date(), since), last)
        earned = _spread(by_month, left, since, day, last)
        unearned = left - earned
        taken = min(back.minor, unearned)
        if back.minor > taken:
            by_month[month_of(back.at, zone)] -= back.minor - taken
        since, left = day, unearned - taken
    _spread(by_month, left, since, last, last)
    return {month: minor for month, minor in by_month.items() if minor}


def _spread(by_month: dict[Month, int], minor: int, since: date, to: date, last: date) -> int:
    """Adds what is earned of `minor` from `since` to `to`, when all of it is earned at `last`; how much that is. Rounded down day by day from
    the beginning, so that the parts of any split add up.
    """
    days = (last - since).days
    if days <= 0:
        by_month[since.replace(day=1)] += minor
        return minor
    done, day = 0, since
    while day < to:
        upto = min(after(day.replace(day=1)), to)
        earned = minor * (upto - since).days // days
        by_month[day.replace(day=1)] += earned - done
        done, day = earned, upto
    return done
