"""The rule's words read a second time, naively and by other means: sets, tuples of numbers, no early way out.

It takes the values of `access.words` and nothing else of that room. Each method is one sentence of docs/rules, so that a
control can break a single one.
"""

from datetime import date, datetime, timedelta

from backnumber.access import (
    Anniversary,
    Asked,
    Asker,
    Evidence,
    Grant,
    Meter,
    Policy,
    Scope,
    ScopeKind,
)

Answer = tuple[bool, str]


class NaiveReading:
    """One question; `answer` is whether it may be read, and why, in the rule's short words."""

    def __init__(self, asked: Asked, asker: Asker, now: datetime) -> None:
        self.asked, self.asker, self.now = asked, asker, now
        self.today: date = now.astimezone(asked.zone).date()

    def answer(self) -> Answer:
        yes = [why for why, holds in self.ways_in() if holds]
        if yes:
            return True, yes[0]
        return False, next(why for why, holds in self.obstacles() if holds)

    def ways_in(self) -> list[tuple[str, bool]]:
        """In the order in which they are named. All but a right wait for the day of sale and a known policy."""
        public = self.is_on_sale() and self.asked.policy is not None
        policy = self.asked.policy
        return [
            ("grant", any(self.opens(grant) for grant in self.asker.grants)),
            ("licence", any(self.opens(grant) for grant in self.at_place())),
            ("open", public and policy == "open"),
            ("free-now", public and (self.in_a_window() or self.on_an_anniversary())),
            ("free-by-age", public and self.is_old_enough()),
            ("free-while-new", public and self.is_new_enough()),
            ("signed-in", public and policy == "sign-in" and self.asker.reader is not None),
            ("gift", public and self.is_for_this_article() and not self.gift_is_over()),
            ("metered", public and policy is Policy.METERED and self.meter_lets_in()),
        ]

    def obstacles(self) -> list[tuple[str, bool]]:
        """In the order in which they are named; the last always stands."""
        signed_in = self.asker.reader is not None
        metered = self.asked.policy is Policy.METERED
        mine = [grant for grant in self.asker.grants if self.reaches(grant)]
        alive = [grant for grant in mine if not self.is_revoked(grant)]
        begun = [grant for grant in alive if self.has_begun(grant)]
        return [
            ("embargoed", not self.is_on_sale()),
            ("unknown-policy", self.asked.policy is None),
            ("gift-ended", self.is_for_this_article()),
            ("claim-pending", signed_in and self.asker.claim_pending),
            ("not-begun", signed_in and len(begun) < len(alive)),
            ("lapsed", signed_in and bool(begun)),
            ("revoked", signed_in and len(alive) < len(mine)),
            ("print-unclaimed", signed_in and self.asker.print_unclaimed),
            ("meter-spent", metered and self.asker.meter is not None),
            ("not-counted", metered),
            ("no-account", not signed_in),
            ("other-issues", any(self.leads_elsewhere(g) for g in (*self.asker.grants, *self.at_place()))),
            ("no-grant", True),
        ]

    # What opens to anyone

    def is_on_sale(self) -> bool:
        return not (self.asked.on_sale and self.now < self.asked.on_sale)

    def in_a_window(self) -> bool:
        at = self.now.timestamp()
        return any(w.starts.timestamp() <= at < w.until.timestamp() for w in self.asked.windows)

    def on_an_anniversary(self) -> bool:
        return any(self.is_the_day(anniversary) for anniversary in self.asked.anniversaries)

    def is_the_day(self, kept: Anniversary) -> bool:
        """The first of March is also the day of those born on the 29th, when yesterday was the 28th."""
        days = {(self.today.month, self.today.day)}
        yesterday = self.today - timedelta(days=1)
        if (yesterday.month, yesterday.day) == (2, 28) and self.today.month == 3:
            days.add((2, 29))
        return (kept.month, kept.day) in days

    def is_old_enough(self) -> bool:
        """Year, month and day compare like words in a dictionary: a 29 February that is missing lies before 1 March."""
        years, cover = self.asked.wall.free_after_years, self.asked.cover_date
        turns = (cover.year + (years or 0), cover.month, cover.day)
        return bool(years and years > 0) and (self.today.year, self.today.month, self.today.day) >= turns

    def is_new_enough(self) -> bool:
        weeks = self.asked.wall.paid_after_weeks
        return bool(weeks and weeks > 0) and (self.today - self.asked.cover_date).days < 7 * (weeks or 0)

    # Gift and meter

    def is_for_this_article(self) -> bool:
        return self.asker.gift is not None and self.asker.gift.article == self.asked.article

    def gift_is_over(self) -> bool:
        return self.asker.gift is not None and self.asker.gift.until <= self.now

    def meter_lets_in(self) -> bool:
        meter = self.asker.meter
        if meter is None:
            return False
        spent = self.read_lately(meter)
        return self.asked.article in spent or len(spent) + 1 <= meter.allowance

    def read_lately(self, meter: Meter) -> set[int]:
        return {read.article for read in meter.reads if read.at + meter.period > self.now}

    # Grants

    def at_place(self) -> tuple[Grant, ...]:
        return self.asker.place.grants if self.asker.place else ()

    def opens(self, grant: Grant) -> bool:
        in_force = grant.evidence is not None and self.has_begun(grant) and not self.is_revoked(grant)
        early = not self.is_on_sale() and grant.evidence is not Evidence.STAFF
        now_or_kept = self.keeps(grant) if self.is_over(grant) else self.covers(grant.scope)
        return in_force and not early and now_or_kept

    def reaches(self, grant: Grant) -> bool:
        """It is about this article, be it early, late or withdrawn."""
        return grant.evidence is not None and (self.covers(grant.scope) or self.keeps(grant))

    def leads_elsewhere(self, grant: Grant) -> bool:
        return grant.evidence is not None and self.is_whole(grant.scope) and not self.reaches(grant)

    def has_begun(self, grant: Grant) -> bool:
        return self.now >= grant.starts

    def is_over(self, grant: Grant) -> bool:
        return grant.until is not None and self.now >= grant.until

    def is_revoked(self, grant: Grant) -> bool:
        return grant.revoked_at is not None and self.now >= grant.revoked_at

    def keeps(self, grant: Grant) -> bool:
        kept = grant.kept
        return (
            self.is_over(grant)
            and kept is not None
            and kept.kind is not ScopeKind.RECENT
            and self.covers(kept)
        )

    # Scopes

    def is_whole(self, scope: Scope) -> bool:
        """It says all that its kind needs."""
        return {
            "archive": True,
            "title": scope.title is not None,
            "issue": scope.issue is not None,
            "article": scope.article is not None,
            "span": {scope.first_date, scope.last_date} != {None},
            "recent": scope.years is not None and scope.years > 0,
        }[scope.kind.value]

    def covers(self, scope: Scope) -> bool:
        asked, cover = self.asked, self.asked.cover_date
        of_title = scope.title in (None, asked.title)
        first, last = scope.first_date or date.min, scope.last_date or date.max
        return (
            self.is_whole(scope)
            and {
                "archive": True,
                "title": scope.title == asked.title,
                "issue": scope.issue == asked.issue,
                "article": scope.article == asked.article,
                "span": of_title and first <= cover <= last,
                "recent": of_title and self.today.year - cover.year < (scope.years or 0),
            }[scope.kind.value]
        )
