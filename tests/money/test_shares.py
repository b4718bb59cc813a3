"""What is parted adds up again, whatever the amount and the rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.money.shares import WHOLE, Taxed, parted, rounded, spread, without_tax

AMOUNTS = st.integers(0, 10**12)
RATES = st.integers(0, WHOLE)


@given(AMOUNTS, RATES)
def test_net_and_tax_are_always_the_gross(gross: int, rate: int) -> None:
    taxed = without_tax(gross, rate)
    assert taxed.gross == gross == taxed.net + taxed.tax
    assert taxed.net >= 0
    assert taxed.tax >= 0
    assert abs(taxed.tax * (WHOLE + rate) - gross * rate) * 2 <= WHOLE + rate


@given(AMOUNTS, RATES)
def test_a_part_and_the_rest_are_the_whole(minor: int, share: int) -> None:
    part, rest = parted(minor, share)
    assert part + rest == minor
    assert part >= 0
    assert rest >= 0


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.data())
def test_what_is_spread_adds_up_and_overfills_nothing(over: list[int], data: st.DataObject) -> None:
    minor = data.draw(st.integers(0, sum(over)))
    parts = spread(minor, over)
    assert sum(parts) == minor
    assert all(0 <= part <= most for part, most in zip(parts, over, strict=True))


def test_halves_go_up() -> None:
    assert [rounded(1, 2), rounded(3, 2), rounded(1, 3), rounded(2, 3)] == [1, 2, 0, 1]
    assert without_tax(3, 2_000) == Taxed(net=2, tax=1)
    assert parted(1, 5_000) == (1, 0)


def test_control_a_net_that_is_rounded_by_itself_does_not_add_up() -> None:
    """Why the net is what is left: both rounded, halves up, £0.03 at 20 per cent would be 3 and 1."""
    net, tax = rounded(3 * WHOLE, WHOLE + 2_000), rounded(3 * 2_000, WHOLE + 2_000)
    assert net + tax == 4


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: without_tax(-1, 0),
        lambda: without_tax(1, -1),
        lambda: parted(1, WHOLE + 1),
        lambda: parted(-1, 0),
        lambda: spread(3, [1, 1]),
        lambda: spread(-1, [1]),
    ],
)
def test_what_cannot_be_parted_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"part|share|spread"):
        wrong()  # type: ignore[operator]
