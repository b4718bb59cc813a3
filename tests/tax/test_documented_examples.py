"""The tables of docs/tax.md hold, with the rates that a new magazine begins with."""

from datetime import date

import pytest

from backnumber.money.shares import Taxed, without_tax
from backnumber.tax import rules
from backnumber.tax.first_rates import first_rates
from backnumber.tax.rules import Buying, Charge, Kind, Selling, in_percent, kinds_of
from tests.tables import NONE, Row, minor, share, tables

TABLES = tables("tax.md")
RATES = [rate.as_rate() for rate in first_rates()]
TODAY = date(2026, 11, 18)
NOTES = {
    "reverse charge": rules.REVERSE_CHARGE,
    "outside": rules.OUTSIDE,
    "not registered": rules.NOT_REGISTERED,
}


def test_every_table_is_known() -> None:
    assert set(TABLES) == {
        ("Country", "Kind", "On", "Rate"),
        ("Price", "Rate", "Net", "Tax"),
        ("Price", "Copies", "Print share", "Print", "Online"),
        ("Seller", "Buyer", "VAT number", "Kind", "Charged"),
    }


@pytest.mark.parametrize("row", TABLES["Country", "Kind", "On", "Rate"], ids=" ".join)
def test_the_rate_of_a_day(row: Row) -> None:
    country, kind, on, said = row
    rate = rules.rate_for(RATES, country, Kind(kind), date.fromisoformat(on))
    assert (in_percent(rate.share) if rate else "outside") == said


@pytest.mark.parametrize("row", TABLES["Price", "Rate", "Net", "Tax"], ids=" ".join)
def test_net_and_tax(row: Row) -> None:
    price, rate, net, tax = row
    assert without_tax(minor(price), share(rate)) == Taxed(minor(net), minor(tax))


@pytest.mark.parametrize("row", TABLES["Price", "Copies", "Print share", "Print", "Online"], ids=" ".join)
def test_the_kinds_of_a_bundle(row: Row) -> None:
    price, copies, print_share, for_print, for_online = row
    wanted = {Kind.PRINT: for_print, Kind.ONLINE: for_online}
    found = kinds_of(
        minor(price),
        is_print=copies == "yes",
        print_share=None if print_share == NONE else share(print_share),
    )
    assert found == {kind: minor(said) for kind, said in wanted.items() if said != NONE}


@pytest.mark.parametrize("row", TABLES["Seller", "Buyer", "VAT number", "Kind", "Charged"], ids=" ".join)
def test_who_is_charged(row: Row) -> None:
    seller, buyer, number, kind, said = (cell.replace(NONE, "") for cell in row)
    found = rules.charge_for(
        RATES, Buying(buyer, number), Selling(seller[:2] or "GB", seller), Kind(kind), TODAY
    )
    assert found == (Charge(0, note=NOTES[said]) if said in NOTES else Charge(share(said)))


def test_control_a_wrong_example_is_found() -> None:
    with pytest.raises(AssertionError):
        test_the_rate_of_a_day(("GB", "online", "2026-11-18", "20%"))
    with pytest.raises(AssertionError):
        test_net_and_tax(("12.00", "20%", "9.60", "2.40"))
