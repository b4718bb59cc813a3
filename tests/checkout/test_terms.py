"""Months by the calendar of the publisher's time zone: no day lost, no day paid for twice."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.checkout.rules import (
    Length,
    Term,
    days_of,
    first_term,
    issues_of,
    months_after,
    next_term,
    term,
    term_of,
)

LONDON = ZoneInfo("Europe/London")
zones = st.sampled_from(
    [
        LONDON,
        ZoneInfo("America/New_York"),
        ZoneInfo("Australia/Lord_Howe"),
        ZoneInfo("Asia/Kathmandu"),
        ZoneInfo("UTC"),
    ]
)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
months = st.integers(1, 60)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("begins", "count", "until"),
    [
        (local(2026, 1, 31, 10), 1, local(2026, 2, 28, 10)),
        (local(2026, 1, 31, 10), 2, local(2026, 3, 31, 10)),
        (local(2026, 1, 31, 10), 3, local(2026, 4, 30, 10)),
        (local(2024, 2, 29, 10), 12, local(2025, 2, 28, 10)),
        (local(2024, 2, 29, 10), 48, local(2028, 2, 29, 10)),
        (local(2026, 12, 15, 0), 1, local(2027, 1, 15, 0)),
        (local(2026, 10, 1, 9), 1, local(2026, 11, 1, 9)),  # the clocks go back between: an hour more in UTC
    ],
)
def test_the_same_day_and_hour_by_the_calendar(begins: datetime, count: int, until: datetime) -> None:
    assert months_after(begins, count, LONDON) == until


def test_a_time_the_clocks_skip_is_an_hour_later() -> None:
    """On 28 March 2027 one o'clock is followed by two."""
    assert months_after(local(2027, 2, 28, 1, 30), 1, LONDON) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert months_after(local(2027, 2, 28, 1, 30), 1, LONDON).astimezone(LONDON).hour == 2


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    """On 25 October 2026 half past one comes twice."""
    assert months_after(local(2026, 9, 25, 1, 30), 1, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_thirty_first_never_drifts() -> None:
    held = first_term(local(2026, 1, 31, 10), 1, LONDON)
    days = [held.until.astimezone(LONDON).day]
    for _ in range(6):
        held = next_term(held, 1, LONDON)
        days.append(held.until.astimezone(LONDON).day)
    assert days == [28, 31, 30, 31, 30, 31, 31]


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        months_after(datetime(2026, 1, 1), 1, LONDON)  # noqa: DTZ001


@given(instants, months, zones)
def test_a_term_is_that_many_calendar_months(begins: datetime, count: int, zone: ZoneInfo) -> None:
    start, end = begins.astimezone(zone), months_after(begins, count, zone).astimezone(zone)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])
    assert abs(
        end.replace(tzinfo=None) - start.replace(tzinfo=None, year=end.year, month=end.month, day=end.day)
    ) <= timedelta(hours=1)


@given(instants, st.lists(months, min_size=1, max_size=8), zones)
def test_terms_that_follow_one_another_leave_no_gap_and_end_where_one_long_term_would(
    begins: datetime, counts: list[int], zone: ZoneInfo
) -> None:
    held = first_term(begins, counts[0], zone)
    for count in counts[1:]:
        following = next_term(held, count, zone)
        assert following.begins == held.until < following.until
        held = following
    assert held.until == months_after(begins, sum(counts), zone)
    assert held.until.tzinfo is UTC


@given(instants, months, months, zones)
def test_more_months_end_later(begins: datetime, fewer: int, more: int, zone: ZoneInfo) -> None:
    assert begins < months_after(begins, fewer, zone) < months_after(begins, fewer + more, zone)


@given(instants, months, st.timedeltas(timedelta(0), timedelta(days=4000)), zones)
def test_a_running_term_is_extended_and_a_lapsed_one_begins_now(
    begins: datetime, count: int, later: timedelta, zone: ZoneInfo
) -> None:
    held = first_term(begins, count, zone)
    now = begins + later
    bought = term([held], 12, now, zone)
    assert bought.begins == (held.until if held.until > now else now)


def test_the_longest_of_the_running_terms_is_extended() -> None:
    short, long = first_term(local(2026, 1, 5), 1, LONDON), first_term(local(2026, 1, 2), 12, LONDON)
    for held in ([short, long], [long, short]):
        assert term(held, 1, local(2026, 1, 9).astimezone(UTC), LONDON).begins == long.until
    assert term([], 1, local(2026, 1, 9), LONDON).begins == local(2026, 1, 9)


def test_a_term_that_ends_at_this_very_instant_has_ended() -> None:
    held = first_term(local(2026, 1, 5), 1, LONDON)
    assert term([held], 1, held.until, LONDON).months_before == 0
    assert term([held], 1, held.until - timedelta(microseconds=1), LONDON).months_before == 1


def test_a_year_of_printed_copies_is_a_year_of_days() -> None:
    assert days_of(first_term(local(2026, 11, 22, 13), 12, LONDON), LONDON) == (
        date(2026, 11, 22),
        date(2027, 11, 21),
    )


@given(instants, months, zones)
def test_days_of_terms_that_follow_one_another_do_not_overlap(
    begins: datetime, count: int, zone: ZoneInfo
) -> None:
    first = first_term(begins, count, zone)
    second: Term = next_term(first, count, zone)
    assert days_of(first, zone)[1] < days_of(second, zone)[0]
    assert days_of(second, zone)[0] - days_of(first, zone)[1] == timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "count", "first", "last"),
    [
        (local(2026, 11, 22, 13), 12, date(2026, 11, 22), date(2027, 11, 21)),
        (local(2026, 11, 1, 0), 1, date(2026, 11, 1), date(2026, 11, 30)),
        (local(2026, 10, 31, 23, 59), 1, date(2026, 10, 31), date(2026, 11, 29)),
        (local(2026, 1, 31, 10), 1, date(2026, 1, 31), date(2026, 2, 27)),  # a month that has no 31st
        (
            local(2024, 2, 29, 10),
            12,
            date(2024, 2, 29),
            date(2025, 2, 27),
        ),  # no 29 February in the year it ends
        (local(2023, 3, 1, 0), 12, date(2023, 3, 1), date(2024, 2, 29)),  # and one before the day it ends
        (local(2026, 3, 28, 1, 30), 1, date(2026, 3, 28), date(2026, 4, 27)),  # the clocks go forward between
        (local(2026, 6, 1, 0, 30), 1, date(2026, 6, 1), date(2026, 6, 30)),  # 31 May still, in UTC
    ],
)
def test_the_issues_of_a_term_are_those_with_a_cover_date_within_it(
    begins: datetime, count: int, first: date, last: date
) -> None:
    assert issues_of(first_term(begins, count, LONDON), LONDON) == (first, last)


def test_the_days_are_those_of_the_publishers_calendar() -> None:
    """Paid at half past midnight in London, while it is still the day before in UTC and long so in New York."""
    bought = first_term(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), 1, LONDON)
    assert issues_of(bought, LONDON) == (date(2026, 7, 1), date(2026, 7, 31))
    assert issues_of(bought, ZoneInfo("America/New_York")) == (date(2026, 6, 30), date(2026, 7, 30))


@given(instants, st.lists(months, min_size=2, max_size=6), zones)
def test_issues_of_terms_that_follow_one_another_leave_none_out_and_count_none_twice(
    begins: datetime, counts: list[int], zone: ZoneInfo
) -> None:
    held = first_term(begins, counts[0], zone)
    spans = [issues_of(held, zone)]
    for count in counts[1:]:
        held = next_term(held, count, zone)
        spans.append(issues_of(held, zone))
    whole = [span for span in spans if span is not None]
    assert len(whole) == len(spans)
    for before, after in pairwise(whole):
        assert after[0] - before[1] == timedelta(days=1)


def test_a_term_within_one_day_has_no_issue_of_its_own() -> None:
    begins = local(2026, 6, 1, 9)
    assert issues_of(Term(begins, begins + timedelta(hours=2), begins, 0, 0), LONDON) is None


@pytest.mark.parametrize("begins", [local(2026, 6, 1, 9), local(2026, 3, 28, 12), local(2026, 10, 24, 12)])
def test_a_day_is_24_hours_whatever_the_clocks_do(begins: datetime) -> None:
    bought = term_of(Length(days=1), [], begins, LONDON)
    assert bought is not None
    assert bought.until - bought.begins == timedelta(hours=24)


def test_days_follow_days_that_run_and_no_ended_ones() -> None:
    held = term_of(Length(days=1), [], local(2026, 6, 1, 9), LONDON)
    assert held is not None
    later = term_of(Length(days=3), [held], local(2026, 6, 1, 20), LONDON)
    assert later is not None
    assert (later.begins, later.until) == (held.until, held.until + timedelta(days=3))
    after = term_of(Length(days=1), [held], held.until, LONDON)
    assert after is not None
    assert after.begins == held.until


def test_neither_months_nor_days_is_without_end() -> None:
    assert term_of(Length(), [], local(2026, 6, 1), LONDON) is None
