"""The numbers of the meter and of gifts are whole, and within bounds, or nothing starts."""

import pytest

from backnumber import configuration

NAME = "BACKNUMBER_METER_NOBODY"


@pytest.mark.parametrize("given", ["-1", "65", "three", "", "3.0", "1e1", "٣", "9" * 5000, "0x3"])
def test_what_is_no_fitting_number_is_refused_by_name(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, given)
    with pytest.raises(ValueError, match=f"{NAME} .* whole number from 0 to 64"):
        configuration.whole_number(NAME, 0, 64)


@pytest.mark.parametrize(("given", "number"), [("0", 0), (" 64 ", 64), ("07", 7)])
def test_a_fitting_number_is_taken(given: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, given)
    assert configuration.whole_number(NAME, 0, 64) == number
