"""Who should be able to read: worked out anew from the till's own book and from what readers and staff did, by the rules of
docs/rules/money.md and without the project's code. Slow, plain, and ignorant of how the project does it.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.simulation.magazine import months_paid_for

LONDON = ZoneInfo("Europe/London")
GRACE = timedelta(days=14)
MORNING, EVENING = 6, 20


@dataclass(frozen=True)
class Fact:
    """What happened to the money of an order, or what was done: `what` is "paid", "failed", "back", "disputed", "won", "lost" or a
    reader's act. `at` is when it was so, `heard` when the shop could know.
    """

    heard: datetime
    at: datetime
    what: str
    order: str = ""
    sale: str = ""
    minor: int = 0
    months: int = 0
    renews: bool = False


@dataclass
class Term:
    order: str
    sale: str
    months: int
    begins: datetime
    until: datetime
    anchor: datetime
    before: int
    counts: bool = True
    ended_by_staff: bool = False


@dataclass
class Agreement:
    """A subscription: the key of the order it began with stands for it."""

    until: datetime
    anchor: datetime
    before: int
    goes_on: bool = True
    stops: bool = False
    unpaid: bool = False
    paused_until: datetime | None = None
    last: str = ""
    grace: tuple[datetime, datetime] | None = None


def later(day: datetime, months: int) -> datetime:
    """Promise: the same day and hour in London, so many months later; the month's last day where it has no such day."""
    local = day.astimezone(LONDON)
    year, month = local.year + (local.month - 1 + months) // 12, (local.month - 1 + months) % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return local.replace(year=year, month=month, day=min(local.day, last)).astimezone(day.tzinfo)


@dataclass
class Account:
    """One reader's terms and subscriptions, as facts come in."""

    terms: list[Term] = field(default_factory=list)
    sales: dict[str, Agreement] = field(default_factory=dict)

    def after(self, facts: Iterable[Fact]) -> "Account":
        for fact in sorted(facts, key=lambda one: (one.heard, one.at, one.what, one.order)):
            self._end_what_stops(fact.heard)
            getattr(self, "_" + fact.what)(fact)
        return self

    def may_read(self, at: datetime) -> bool:
        self._end_what_stops(at)
        open_terms = any(term.counts and term.begins <= at < term.until for term in self.terms)
        graces = [sale.grace for sale in self.sales.values() if sale.grace]
        return open_terms or any(begins <= at < until for begins, until in graces)

    def _end_what_stops(self, now: datetime) -> None:
        """The clock comes round in the morning: what was stopped ends, and what was never paid."""
        for sale in self.sales.values():
            if sale.goes_on and sale.stops and now >= sale.until:
                sale.goes_on, sale.grace = False, None
            if sale.goes_on and sale.unpaid and not sale.stops and now >= _morning_after(sale.until + GRACE):
                sale.goes_on, sale.grace = False, None

    def _cover(self, now: datetime) -> Term | None:
        """The last of the terms that follow on one another from now."""
        last, until = None, now
        for term in sorted(self.terms, key=lambda one: (one.begins, one.until)):
            if term.counts and term.begins <= until < term.until:
                last, until = term, term.until
        return last

    def _place(self, months: int, now: datetime) -> tuple[datetime, datetime, datetime, int]:
        last = self._cover(now)
        if last is None:
            return now, later(now, months), now, 0
        before = last.before + last.months
        return last.until, later(last.anchor, before + months), last.anchor, before

    def _move_up(self, now: datetime) -> bool:
        waiting = sorted((t for t in self.terms if t.counts and t.begins > now), key=lambda one: one.begins)
        placed = [t for t in self.terms if t.counts and t.begins <= now]
        moved = False
        for term in waiting:
            place = Account(placed)._place(term.months, now)
            if place[0] < term.begins:
                term.begins, term.until, term.anchor, term.before = place
                moved = True
            placed = [*placed, term]
        return moved

    def _follow(self, now: datetime) -> None:
        """What renews is charged when all that is paid for is over."""
        for sale in self.sales.values():
            if not sale.goes_on or sale.unpaid or sale.paused_until:
                continue
            own = [t for t in self.terms if t.order == sale.last and t.counts]
            last = self._cover(now) or (own[0] if own and sale.before else None)
            if last is not None:
                sale.until, sale.anchor, sale.before = last.until, last.anchor, last.before + last.months

    def _paid(self, fact: Fact) -> None:
        if any(term.order == fact.order for term in self.terms):
            return
        months = months_paid_for(fact.minor)
        sale = self.sales.get(fact.sale)
        if sale is not None:
            place = self._next(sale, months, fact.at)
        else:
            place = self._place(months, fact.heard if self._move_up(fact.heard) else fact.at)
        self.terms.append(Term(fact.order, fact.sale, months, *place))
        if sale is None and fact.renews:
            sale = self.sales[fact.sale] = Agreement(place[1], place[2], place[3] + months)
        if sale is not None:
            sale.until, sale.anchor, sale.before = place[1], place[2], place[3] + months
            sale.grace, sale.last = None, fact.order
            sale.unpaid, sale.paused_until = False, None
        self._follow(fact.heard)

    def _next(self, sale: Agreement, months: int, paid: datetime) -> tuple[datetime, datetime, datetime, int]:
        self._go_on(sale)
        if paid >= sale.until + GRACE:
            return paid, later(paid, months), paid, 0
        return sale.until, later(sale.anchor, sale.before + months), sale.anchor, sale.before

    def _go_on(self, sale: Agreement) -> None:
        """A renewal is tried: a pause is over."""
        if sale.paused_until is not None:
            sale.until = sale.anchor = sale.paused_until
            sale.before, sale.paused_until = 0, None

    def _failed(self, fact: Fact) -> None:
        sale = self.sales.get(fact.sale)
        if sale is None or not sale.goes_on or any(term.order == fact.order for term in self.terms):
            return
        self._go_on(sale)
        sale.unpaid = sale.unpaid or fact.months == 0
        if sale.grace is None:
            sale.grace = (sale.until, sale.until + GRACE)

    def _lose(self, fact: Fact) -> None:
        """The right ends; with the last term of a subscription, all of it does."""
        for term in self.terms:
            if term.order == fact.order and term.counts:
                term.counts = False
        for sale in self.sales.values():
            if sale.last == fact.order:
                sale.goes_on, sale.grace = False, None
        self._move_up(fact.heard)
        self._follow(fact.heard)

    _back = _disputed = _lose

    def _ended(self, fact: Fact) -> None:
        for term in self.terms:
            term.ended_by_staff |= term.order == fact.order
        self._lose(fact)

    def _lost(self, fact: Fact) -> None:
        self._move_up(fact.heard)
        self._follow(fact.heard)

    def _won(self, fact: Fact) -> None:
        for term in self.terms:
            if term.order == fact.order:
                term.counts = True
        self._follow(fact.heard)

    def _cancel(self, fact: Fact) -> None:
        sale = self.sales[fact.sale]
        if sale.goes_on:
            sale.stops, sale.paused_until = True, None
            sale.unpaid = False
            self._end_what_stops(fact.heard)

    def _resume(self, fact: Fact) -> None:
        sale = self.sales[fact.sale]
        if sale.paused_until is not None and fact.at >= sale.until:
            sale.until = sale.anchor = fact.at
            sale.before = 0
        sale.stops, sale.paused_until = False, None

    def _pause(self, fact: Fact) -> None:
        sale = self.sales[fact.sale]
        sale.paused_until = later(sale.until, fact.months)


def _morning_after(instant: datetime) -> datetime:
    morning = instant.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if morning >= instant else morning + timedelta(days=1)
