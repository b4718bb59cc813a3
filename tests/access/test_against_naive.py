"""The rule and the naive reading agree on everything random; a naive reading with one sentence broken is found out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backnumber.access import (
    Anniversary,
    Asked,
    Asker,
    Evidence,
    Grant,
    Meter,
    Reason,
    Scope,
    ScopeKind,
    decide,
)
from backnumber.access.openings import access_type
from backnumber.edge.page.usage import type_of
from tests.access.cases import Case, a_grant, random_cases
from tests.access.naive import NaiveReading

A_BATCH = 250
MOST_BEFORE_A_CONTROL_IS_FOUND = 20_000
seeds = st.integers(0, 2**63)


def by_the_rule(case: Case) -> tuple[bool, str]:
    decision = decide(case.asked, case.asker, case.now)
    return decision.allowed, decision.reason.value


def naively(case: Case, reading: type[NaiveReading] = NaiveReading) -> tuple[bool, str]:
    return reading(case.asked, case.asker, case.now).answer()


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_the_rule_and_the_naive_reading_never_differ(seed: int) -> None:
    for case in random_cases(seed, A_BATCH):
        assert by_the_rule(case) == naively(case), case


def test_every_reason_comes_up_among_the_random_cases() -> None:
    """Else the comparison would say nothing of it."""
    found = {by_the_rule(case)[1] for case in random_cases(1, 10_000)}
    assert found == {reason.value for reason in Reason}


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_what_a_decision_names_is_what_opened_it(seed: int) -> None:
    for case in random_cases(seed, A_BATCH):
        decision = decide(case.asked, case.asker, case.now)
        place = case.asker.place.grants if case.asker.place else ()
        assert (decision.via is not None) is (decision.reason in {Reason.GRANT, Reason.LICENCE})
        assert decision.via is None or decision.via in (*case.asker.grants, *place)
        assert (decision.window is not None) is (decision.reason in {Reason.FREE_NOW, Reason.FREE_WHILE_NEW})
        assert decision.window is None or case.now < decision.window.until
        assert decision.reason is not Reason.FREE_NOW or decision.window.starts <= case.now  # type: ignore[union-attr]
        assert bool(decision.offers) is not decision.allowed
        assert len(decision.considered) == len(case.asker.grants) + len(place)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_further_right_never_shuts_what_was_open(seed: int) -> None:
    more = a_grant(Random(seed))
    for case in random_cases(seed, A_BATCH):
        if by_the_rule(case)[0]:
            richer = replace(case.asker, grants=(*case.asker.grants, more))
            assert decide(case.asked, richer, case.now).allowed, (case, more)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_the_kind_of_access_that_is_written_down_is_the_one_that_the_rule_would_work_out(seed: int) -> None:
    for case in random_cases(seed, A_BATCH):
        written = type_of(case.asked, decide(case.asked, case.asker, case.now), case.now)
        assert written == access_type(case.asked, case.now), case


class EndsAnInstantLate(NaiveReading):
    def is_over(self, grant: Grant) -> bool:
        return grant.until is not None and self.now > grant.until


class ShutsWindowsLate(NaiveReading):
    def in_a_window(self) -> bool:
        return any(w.starts <= self.now <= w.until for w in self.asked.windows)


class KeepsTheLeapDayOnThe28th(NaiveReading):
    def is_the_day(self, kept: Anniversary) -> bool:
        day = (kept.month, 28 if (kept.month, kept.day) == (2, 29) else kept.day)
        return (self.today.month, self.today.day) == day


class CountsDaysByUtc(NaiveReading):
    def __init__(self, asked: Asked, asker: Asker, now: datetime) -> None:
        super().__init__(asked, asker, now)
        self.today = now.astimezone(UTC).date()


class FreesADayLate(NaiveReading):
    def is_old_enough(self) -> bool:
        self.today -= timedelta(days=1)
        old = super().is_old_enough()
        self.today += timedelta(days=1)
        return old


class IsNewADayLonger(NaiveReading):
    def is_new_enough(self) -> bool:
        weeks = self.asked.wall.paid_after_weeks or 0
        return weeks > 0 and (self.today - self.asked.cover_date).days <= 7 * weeks


class OpensTheEmbargoToSubscribers(NaiveReading):
    def opens(self, grant: Grant) -> bool:
        staffed = replace(grant, evidence=grant.evidence and Evidence.STAFF)
        return super().opens(staffed)


class KeepsWhatMoves(NaiveReading):
    def keeps(self, grant: Grant) -> bool:
        return self.is_over(grant) and grant.kept is not None and self.covers(grant.kept)


class GivesAwayEveryArticle(NaiveReading):
    def is_for_this_article(self) -> bool:
        return self.asker.gift is not None


class SpendsReadingAgain(NaiveReading):
    def meter_lets_in(self) -> bool:
        meter = self.asker.meter
        return meter is not None and len(self.read_lately(meter)) < meter.allowance


class CountsOldReads(NaiveReading):
    def read_lately(self, meter: Meter) -> set[int]:
        return {read.article for read in meter.reads if read.at + meter.period >= self.now}


class ForgetsRevoking(NaiveReading):
    def is_revoked(self, grant: Grant) -> bool:
        return False


class TakesASpanWithoutDates(NaiveReading):
    def is_whole(self, scope: Scope) -> bool:
        return scope.kind is ScopeKind.SPAN or super().is_whole(scope)


class NeedsNoEvidence(NaiveReading):
    def opens(self, grant: Grant) -> bool:
        return super().opens(replace(grant, evidence=grant.evidence or Evidence.PAYMENT))


BROKEN = [
    EndsAnInstantLate,
    ShutsWindowsLate,
    KeepsTheLeapDayOnThe28th,
    CountsDaysByUtc,
    FreesADayLate,
    IsNewADayLonger,
    OpensTheEmbargoToSubscribers,
    KeepsWhatMoves,
    GivesAwayEveryArticle,
    SpendsReadingAgain,
    CountsOldReads,
    ForgetsRevoking,
    TakesASpanWithoutDates,
    NeedsNoEvidence,
]


@pytest.mark.parametrize("broken", BROKEN)
def test_control_one_broken_sentence_is_found(broken: type[NaiveReading]) -> None:
    """Only whether it may be read is compared here: a wrong reason alone would be too easy a find."""
    differs = (
        case
        for case in random_cases(2, MOST_BEFORE_A_CONTROL_IS_FOUND)
        if by_the_rule(case)[0] is not naively(case, broken)[0]
    )
    found = next(differs, None)
    assert found is not None
    assert naively(found)[0] is by_the_rule(found)[0]
