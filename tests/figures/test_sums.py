"""Figures on a small known set of terms, against sums done by hand."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backnumber.figures.charts import Bar, bars
from backnumber.figures.rules import Back, Term, active, cohorts, flows, months, recognised

ZONE = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 15, tzinfo=UTC)
OVER = months(date(2026, 1, 1), date(2026, 7, 1))


def at(month: int, day: int = 1, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def term(holder: str, begins: datetime, until: datetime, product: str = "Online", **more: Any) -> Term:
    return Term(holder, product, begins, until, more.pop("minor", 600), more.pop("currency", "GBP"), **more)


# Ada: January to June without a gap. Ben: January, then nothing. Cleo: January, back in May for good. Dan: print, from June on.
# Eve: paid in March, had her money back on the 11th.
KNOWN = [
    term("ada", at(1, 5), at(2, 5)), term("ada", at(2, 5), at(3, 5)), term("ada", at(3, 5), at(8, 5)),
    term("ben", at(1, 10), at(2, 10)),
    term("cleo", at(1, 20), at(2, 20)), term("cleo", at(5, 2), at(12, 2)),
    term("dan", at(6, 1), at(6, 1, 2027), "Print"),
    term("eve", at(3, 1), at(4, 1), ended_at=at(3, 11), back=(Back(at(3, 11), 600),)),
]  # fmt: skip


def test_active_is_counted_by_product_at_an_instant() -> None:
    assert active(KNOWN, at(2)) == {"Online": 3}
    assert active(KNOWN, at(3, 10)) == {"Online": 2}, "Ada, and Eve until her money went back"
    assert active(KNOWN, at(3, 11)) == {"Online": 1}
    assert active(KNOWN, NOW) == {"Online": 2, "Print": 1}
    assert active([term("a", at(1), at(3)), term("a", at(2), at(4))], at(2, 5)) == {"Online": 1}


def test_new_renewed_returned_and_lapsed_by_month() -> None:
    found = {
        one.month.month: (one.new, one.renewed, one.returned, one.lapsed)
        for one in flows(KNOWN, OVER, ZONE, NOW)
    }
    assert found == {
        1: (3, 0, 0, 0),  # Ada, Ben, Cleo
        2: (0, 1, 0, 2),  # Ada renewed; Ben and Cleo ended
        3: (1, 1, 0, 1),  # Eve came and went, Ada renewed
        4: (0, 0, 0, 0),
        5: (0, 0, 1, 0),  # Cleo
        6: (1, 0, 0, 0),  # Dan
        7: (0, 0, 0, 0),
    }


def test_somebody_whose_days_of_grace_run_has_not_lapsed_yet() -> None:
    ended = [term("a", at(5, 20), at(6, 20))]
    assert [one.lapsed for one in flows(ended, OVER, ZONE, at(7, 19))][5] == 0
    assert [one.lapsed for one in flows(ended, OVER, ZONE, at(7, 20))][5] == 1


def test_churn_by_month_of_beginning() -> None:
    found = {one.month.month: one for one in cohorts(KNOWN, OVER, ZONE, NOW)}
    assert sorted(found) == [1, 3, 6]
    january = found[1]
    assert january.size == 3
    assert january.active == (3, 1, 1, 1, 2, 2), "the ends of January to June: Cleo is back at the end of May"
    assert january.gone == (0, 67, 67, 67, 33, 33)
    assert (found[3].active, found[3].gone) == ((0, 0, 0, 0), (100, 100, 100, 100))
    assert found[6].active == (1,)


def test_a_year_s_payment_is_earned_day_by_day_and_adds_up_to_the_penny() -> None:
    year = [term("a", at(1), at(1, 1, 2027), minor=4800)]
    earned = recognised(year, ZONE)["GBP"]
    # 4800 × 31 ÷ 365 = 407.67…; × 59 = 775.89…; × 90 = 1183.56…; rounded down, and each month the difference
    assert (earned[date(2026, 1, 1)], earned[date(2026, 2, 1)], earned[date(2026, 3, 1)]) == (407, 368, 408)
    assert sum(earned.values()) == 4800
    assert len(earned) == 12


def test_what_goes_back_is_taken_from_what_is_not_earned_and_then_from_its_month() -> None:
    thirty = {"begins": at(4), "until": at(5)}
    part = Term("a", "Online", thirty["begins"], thirty["until"], 3000, "GBP", (Back(at(4, 11), 500),))
    # ten days of 100 earned 1000; of 2000 left 500 go back; the other 1500 are earned
    assert recognised([part], ZONE) == {"GBP": {date(2026, 4, 1): 2500}}
    late = Term("a", "Online", at(4), at(5), 3000, "GBP", (Back(at(5, 20), 3000),))
    assert recognised([late], ZONE) == {"GBP": {date(2026, 4, 1): 3000, date(2026, 5, 1): -3000}}
    half = Term("a", "Online", at(4), at(6), 6100, "GBP", (Back(at(5), 6100),))
    # 30 of 61 days earned 3000; 3100 were not earned; the other 3000 are taken from May
    assert recognised([half], ZONE) == {"GBP": {date(2026, 4, 1): 3000, date(2026, 5, 1): -3000}}


@pytest.mark.parametrize("minor", [1, 7, 99, 4800, 123457])
def test_no_split_loses_a_penny(minor: int) -> None:
    backs = tuple(Back(at(m, 13), b) for m, b in ((2, minor // 9), (5, minor // 7), (11, minor // 3)))
    for given in ((), backs[:1], backs[1:], backs):
        odd = Term("a", "Online", at(1, 29), at(11, 3), minor, "GBP", given)
        assert sum(recognised([odd], ZONE).get("GBP", {}).values()) == minor - sum(one.minor for one in given)


def test_currencies_are_not_mixed() -> None:
    both = [term("a", at(4), at(5), minor=10), term("b", at(4), at(5), minor=20, currency="EUR")]
    assert recognised(both, ZONE) == {"GBP": {date(2026, 4, 1): 10}, "EUR": {date(2026, 4, 1): 20}}


def test_a_drawing_says_its_values_and_lets_bars_hang_below_nought() -> None:
    drawn = bars("Net <growth>", [Bar("Jan", 5, "+5"), Bar("Feb", -5, "-5")])
    assert drawn.count("<rect") == 2
    assert 'aria-label="Net &lt;growth&gt;. Jan: +5; Feb: -5"' in drawn
    assert 'y="101.0"' in drawn.split("<rect")[2], "the second hangs from the middle"
    assert bars("Nothing", []) == ""
