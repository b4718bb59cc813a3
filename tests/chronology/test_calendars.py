"""Other calendars, by days whose Gregorian date is known, and against the package convertdate where it is installed."""

import pytest

from backnumber.chronology import calendars


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (calendars.republican(8, 2, 18), (1799, 11, 9)),
        (calendars.republican(1, 1, 1), (1792, 9, 22)),
        (calendars.islamic(1, 1, 1), (622, 7, 19)),
        (calendars.islamic(1446, 1, 1), (2024, 7, 8)),
        (calendars.hebrew(5708, 1, 1), (1947, 9, 15)),
        (calendars.hebrew(5785, 1, 1), (2024, 10, 3)),
        (calendars.easter(1381, julian=True), (4, 14)),
        (calendars.easter(1916, julian=False), (4, 23)),
    ],
)
def test_a_day_of_another_calendar_is_the_known_day(day: tuple[int, ...], known: tuple[int, ...]) -> None:
    assert day == known


def test_every_year_agrees_with_convertdate() -> None:
    convertdate = pytest.importorskip(
        "convertdate", reason="the package convertdate is of the requirements of the bench only"
    )
    for year in range(1, 1450):
        assert calendars.islamic(year, 9, 1) == convertdate.islamic.to_gregorian(year, 9, 1)
    for year in range(4000, 5800, 7):
        assert calendars.hebrew(year) == convertdate.hebrew.to_gregorian(year, 7, 1)
    for year in range(1, 15):
        assert calendars.republican(year) == convertdate.french_republican.to_gregorian(year, 1, 1)
