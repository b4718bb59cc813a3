"""The tables of docs/invoices.md hold."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from backnumber.invoices import rules, service
from backnumber.invoices.facts import RateTotal
from backnumber.invoices.models import Invoice
from backnumber.invoices.rules import CreditTooHigh
from backnumber.money.shares import without_tax
from tests.invoices.sales import ground, sale
from tests.tables import Row, minor, share, tables

TABLES = tables("invoices.md")
NUMBERS = ("Letters", "Issued", "Is the", "Number")
CREDITS = ("Invoice", "Given back before", "Given back now", "Of it, by rate")
ORDINALS = ("first", "second", "third")


def test_every_table_is_known() -> None:
    assert set(TABLES) == {NUMBERS, CREDITS}


@pytest.mark.django_db
def test_the_numbers_follow_one_another_as_told() -> None:
    given: dict[str, list[str]] = {}
    for at, (letters, issued, what, number) in enumerate(TABLES[NUMBERS]):
        ground(prefix=letters)
        now = datetime.fromisoformat(issued).replace(tzinfo=ZoneInfo("Europe/London"))
        if what.endswith("credit note"):
            found = service.credit(Invoice.objects.all()[0], 100, f"back {at}", "", now).number
        else:
            found = service.issue(sale(f"order {at}"), now).number
        assert found == number
        series = given.setdefault(number.rpartition("-")[0], [])
        series.append(number)
        assert what.startswith(ORDINALS[len(series) - 1])
    assert len(given) == 4


def totals(written: str) -> tuple[RateTotal, ...]:
    found = re.findall(r"([\d.]+) at ([\d.]+%)", written)
    assert found
    parts = [(share(rate), without_tax(minor(gross), share(rate))) for gross, rate in found]
    return tuple(RateTotal("VAT", rate, taxed.net, taxed.tax, taxed.gross) for rate, taxed in parts)


@pytest.mark.parametrize("row", TABLES[CREDITS], ids=" / ".join)
def test_what_is_given_back(row: Row) -> None:
    invoice, before, now, said = row
    invoiced = totals(invoice)
    earlier = [rules.credit_of(invoiced, [], minor(before))] if minor(before) else []
    if said == "refused":
        with pytest.raises(CreditTooHigh):
            rules.credit_of(invoiced, earlier, minor(now))
        return
    found = rules.credit_of(invoiced, earlier, minor(now))
    wanted = re.findall(r"([\d.]+) \+ ([\d.]+) at ([\d.]+%)", said)
    assert [(one.net, one.tax, one.share) for one in found] == [
        (minor(net), minor(tax), share(rate)) for net, tax, rate in wanted
    ]


def test_control_a_wrong_example_is_found() -> None:
    with pytest.raises(AssertionError):
        test_what_is_given_back(("48.00 at 9%", "−", "48.00", "44.03 + 3.97 at 9%"))
