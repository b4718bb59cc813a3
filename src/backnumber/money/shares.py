"""Shares of an amount, in basis points (2,000 is 20 per cent), with whole minor units at the end. Nothing is ever lost by rounding.

What is parted here adds up again: tax and net to the gross, the kinds of a bundle to its price, parts given back to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with tax, parted, in minor units: `net + tax == gross`."""

    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax


def rounded(numerator: int, denominator: int) -> int:
    """Promise: the quotient of two that are not negative, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)


def without_tax(gross: int, rate: int) -> Taxed:
    """Promise: the tax within `gross` at `rate` basis points of the net, halves up, and the rest. £12 at 20 per cent: £10 and £2.

    Errors: ValueError for a negative amount or rate.
    """
    if gross < 0 or rate < 0:
        raise ValueError(f"{gross} at {rate} cannot be parted")
    tax = rounded(gross * rate, WHOLE + rate)
    return Taxed(gross - tax, tax)


def parted(minor: int, share: int) -> tuple[int, int]:
    """Promise: the share of `minor`, halves up, and the rest. Errors: ValueError for what is no share of the whole."""
    if minor < 0 or not 0 <= share <= WHOLE:
        raise ValueError(f"{share} of {WHOLE} is no share of {minor}")
    part = rounded(minor * share, WHOLE)
    return part, minor - part


def spread(minor: int, over: Sequence[int]) -> list[int]:
    """Promise: `minor` parted in proportion to `over`, never more to one than it holds; the parts add up. What is left by rounding
    down goes to the largest remainders, the earlier first.

    Errors: ValueError where `over` holds less than `minor`.
    """
    whole = sum(over)
    if not 0 <= minor <= whole or min(over, default=0) < 0:
        raise ValueError(f"{minor} cannot be spread over {whole}")
    if whole == 0:
        return [0 for _ in over]
    parts = [minor * one // whole for one in over]
    by_remainder = sorted(range(len(over)), key=lambda at: (-(minor * over[at] % whole), at))
    for at in by_remainder[: minor - sum(parts)]:
        parts[at] += 1
    return parts
