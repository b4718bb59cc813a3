"""The next issue is proposed from the ones before it."""

from datetime import date

import pytest

from backnumber.editorial.next_issue import Before, proposed

TODAY = date(2026, 11, 28)


def monthly(*, until: date, count: int = 14) -> list[Before]:
    """The newest first; a volume a year, pages counted through the volume, forty an issue."""
    out = []
    for back in range(count):
        year, month = divmod(until.year * 12 + until.month - 1 - back, 12)
        day = date(year, month + 1, 1)
        start = month * 40 + 1
        out.append(Before(day, day.strftime("%B %Y"), str(year - 1950), str(month + 1), day.strftime("%B").lower(), str(start), str(start + 39)))  # fmt: skip
    return out


def test_a_monthly_goes_on_within_its_volume() -> None:
    made = proposed(monthly(until=date(1999, 9, 1)), TODAY)
    assert (made.day, made.cover_date, made.slug) == (date(1999, 10, 1), "October 1999", "october")
    assert (made.volume, made.number, made.first_page) == ("49", "10", "361")


def test_with_the_year_a_new_volume_begins_at_number_one_and_page_one() -> None:
    made = proposed(monthly(until=date(1999, 12, 1)), TODAY)
    assert (made.cover_date, made.volume, made.number, made.first_page) == ("January 2000", "50", "1", "1")


def test_numbers_that_run_through_run_on() -> None:
    before = [
        Before(date(2000, 1, 1), "January 2000", "50", "589", "589"),
        Before(date(1999, 12, 1), "December 1999", "49", "588", "588"),
    ]
    made = proposed(before, TODAY)
    assert (made.number, made.slug, made.volume) == ("590", "590", "50")


@pytest.mark.parametrize(
    ("covers", "days", "cover", "slug"),
    [
        (("May/June 1999", "March/April 1999"), (date(1999, 5, 1), date(1999, 3, 1)), "July/August 1999", "julyaugust"),
        (("14 May 1999", "7 May 1999"), (date(1999, 5, 14), date(1999, 5, 7)), "21 May 1999", "21-may"),
        (("Autumn 1999", "Summer 1999"), (date(1999, 10, 1), date(1999, 7, 1)), "Winter 2000", "winter"),
        (("Christmas 1951", "November 1951"), (date(1951, 12, 1), date(1951, 11, 1)), "January 1952", "january"),
    ],
)  # fmt: skip
def test_the_cover_date_is_worded_as_the_last_one(
    covers: tuple[str, str], days: tuple[date, date], cover: str, slug: str
) -> None:
    before = [Before(day, text, "1", "", "x") for text, day in zip(covers, days, strict=True)]
    made = proposed(before, TODAY)
    assert (made.cover_date, made.slug) == (cover, slug)


def test_what_cannot_be_counted_on_is_left_empty_and_a_double_number_goes_on() -> None:
    assert proposed([Before(date(1999, 9, 1), "September 1999", "", "12a", "x")], TODAY).number == ""
    assert proposed([Before(date(1999, 9, 1), "September 1999", "", "7-8", "x")], TODAY).number == "9-10"


def test_an_address_that_is_taken_is_not_proposed() -> None:
    made = proposed(monthly(until=date(1999, 9, 1)), TODAY, {(1999, "october")})
    assert made.slug == "october-2"


def test_the_first_issue_of_all_is_this_months() -> None:
    made = proposed([], TODAY)
    assert (made.cover_date, made.volume, made.number, made.slug) == ("November 2026", "1", "1", "november")
