"""Amounts: as many digits as the currency has, as printed and as typed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.money import Amount
from backnumber.money.amounts import currencies, digits_of
from backnumber.money.typed import NotAnAmount, amount_from, as_typed, currency_from


@pytest.mark.parametrize(
    ("minor", "currency", "printed", "major"),
    [
        (4800, "GBP", "£48", "48.00"),
        (4805, "GBP", "£48.05", "48.05"),
        (123456789, "GBP", "£1,234,567.89", "1234567.89"),
        (5000, "XOF", "F\u202fCFA\u00a05,000", "5000"),
        (5200, "CLP", "CLP\u00a05,200", "5200"),
        (120000, "VND", "₫120,000", "120000"),
        (4850, "OMR", "OMR\u00a04.850", "4.850"),
        (12000, "JOD", "JOD\u00a012", "12.000"),
        (900, "JPY", "¥900", "900"),
    ],
)
def test_a_currency_has_the_digits_that_cldr_gives_it(
    minor: int, currency: str, printed: str, major: str
) -> None:
    amount = Amount(minor, currency)
    assert (str(amount), str(amount.major)) == (printed, major)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("52", "GBP", 5200),
        ("52.00", "GBP", 5200),
        (" 52.00\n", "GBP", 5200),
        ("52,00", "GBP", 5200),
        ("£52.00", "GBP", 5200),
        ("GBP 52", "GBP", 5200),
        ("52 €", "EUR", 5200),
        ("1,000.00", "GBP", 100000),
        ("1,000", "GBP", 100000),
        ("1.000,00", "EUR", 100000),
        ("1 000,00", "EUR", 100000),
        ("1’000.00", "CHF", 100000),
        ("5000", "XOF", 5000),
        ("5,000", "XOF", 5000),
        ("4.850", "OMR", 4850),
        ("5", "JOD", 5000),
    ],
)
def test_an_amount_is_typed_as_it_is_printed(typed: str, currency: str, minor: int) -> None:
    assert amount_from(typed, currency) == Amount(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("52.005", "GBP"),
        ("52.5", "GBP"),
        ("52.", "GBP"),
        (".50", "GBP"),
        ("1.000", "GBP"),
        ("12,34,567", "GBP"),
        ("1,000,00", "GBP"),
        ("€52", "GBP"),
        ("52 EUR", "GBP"),
        ("1e3", "GBP"),
        ("nan", "GBP"),
        ("٥٢", "GBP"),
        ("", "GBP"),
        ("52.00", "JPY"),
        ("52.0", "XOF"),
        ("4.85", "OMR"),
        ("1,000", "OMR"),
        ("0", "GBP"),
        ("0.00", "GBP"),
        ("-5", "GBP"),
        ("−5.00", "GBP"),
        ("99999999999", "GBP"),
        ("9" * 5000, "GBP"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused_with_what_to_type(
    typed: str, currency: str
) -> None:
    with pytest.raises(NotAnAmount, match=r"\.$"):
        amount_from(typed, currency)


@given(st.integers(1, 2_000_000_000), st.sampled_from(sorted(currencies())))
def test_what_is_put_into_the_form_is_read_back_as_the_same(minor: int, currency: str) -> None:
    amount = Amount(minor, currency)
    assert amount_from(as_typed(amount), currency) == amount
    assert amount.major * 10 ** digits_of(currency) == Decimal(minor)


@pytest.mark.parametrize("typed", ["", "GB", "ABC", "DEM", "GBPX", "XXX", "£"])
def test_a_currency_is_one_of_today(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        currency_from(typed)
    assert currency_from(" gbp\n") == "GBP"


@pytest.mark.parametrize("code", ["GBP\n", "ＧＢＰ", "gbp", "GB"])
def test_an_amount_is_of_a_currency(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Amount(1, code)
