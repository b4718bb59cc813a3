"""When a renewal is charged, tried again, told of and given up: the table, row by row."""

from datetime import UTC, datetime, timedelta

import pytest

from backnumber.payments.provider import Decline
from backnumber.renewals import rules

UNTIL = datetime(2026, 12, 18, 12, tzinfo=UTC)


def test_it_is_charged_a_day_before_the_paid_term_ends() -> None:
    assert rules.charge_at(UNTIL) == UNTIL - timedelta(days=1)


@pytest.mark.parametrize(("months", "days"), [(1, 7), (5, 7), (6, 30), (12, 30)])
def test_long_terms_are_told_of_earlier(months: int, days: int) -> None:
    assert rules.tell_at(UNTIL, months) == UNTIL - timedelta(days=days)


def test_each_failure_leads_to_the_next_try_and_the_last_to_none() -> None:
    now, tries = UNTIL - timedelta(days=1), []
    while (follows := rules.after_failure(UNTIL, Decline.FUNDS, now)).next_try is not None:
        tries.append((follows.next_try - UNTIL).days)
        now = follows.next_try
    assert tries == [1, 3, 6, 10]
    assert follows.over_at == UNTIL + timedelta(days=14)


@pytest.mark.parametrize("decline", [Decline.CONFIRMATION, Decline.EXPIRED, Decline.MANDATE_GONE])
def test_what_only_the_reader_can_mend_is_not_tried_again(decline: Decline) -> None:
    assert rules.after_failure(UNTIL, decline, UNTIL).next_try is None


def test_no_try_lies_beyond_grace() -> None:
    assert max(rules.TRIED_AGAIN) < rules.GRACE


@pytest.mark.parametrize(
    ("begins", "renewal", "costs"),
    [
        (None, UNTIL, 600),
        (UNTIL + timedelta(seconds=1), UNTIL, 600),
        (UNTIL, UNTIL, 700),
        (UNTIL - timedelta(days=40), UNTIL, 700),
    ],
)
def test_an_old_price_holds_until_the_day_that_was_told(
    begins: datetime | None, renewal: datetime, costs: int
) -> None:
    assert rules.price_at(600, 700 if begins else None, begins, renewal) == costs
