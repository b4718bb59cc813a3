"""Which region's price a country pays, and which change of a price is asked about. Pure; declared once.

Europe is as the post understands it, not the Union: what a copy costs to send decides.
"""

from backnumber.money import Amount
from backnumber.products.models import Region

_UK = frozenset({"GB", "GG", "IM", "JE"})
# fmt: off
_EUROPE = frozenset({
    "AD", "AL", "AM", "AT", "AX", "AZ", "BA", "BE", "BG", "BY", "CH", "CY", "CZ", "DE", "DK", "EE",
    "ES", "FI", "FO", "FR", "GE", "GI", "GL", "GR", "HR", "HU", "IE", "IS", "IT", "KZ", "LI", "LT",
    "LU", "LV", "MC", "MD", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI",
    "SJ", "SK", "SM", "TR", "UA", "VA", "XK",
})
# fmt: on


def region_of(country: str) -> Region:
    """Promise: the region of a country, by its ISO 3166-1 code in capitals; what is in no list is the rest of
    the world.
    """
    if country in _UK:
        return Region.UK
    return Region.EUROPE if country in _EUROPE else Region.WORLD


def reduced(price: Amount, minor: int | None, share: int | None) -> Amount:
    """Promise: the price less an amount of minor units, or less a share of it in per cent, what is taken off rounded to the nearest unit,
    halves up; never below one minor unit, for a payment of nothing is none.
    """
    off = minor if minor is not None else (price.minor * (share or 0) * 2 + 100) // 200
    return Amount(max(1, price.minor - off), price.currency)


def unusual(before: Amount | None, new: Amount, dearest: Amount | None) -> str:
    """Promise: what to ask before a price becomes `new`; empty when nothing is unusual about it: it changes by half at
    most, in its currency; a first price is at most ten times the dearest thing that is sold.
    """
    again = "If it is meant, tick the box and save again."
    if before is None:
        is_far_off = dearest is not None and new.minor > 10 * dearest.minor
        return (
            f"This would be {new}; the dearest that is sold now is {dearest}. {again}" if is_far_off else ""
        )
    if before.currency != new.currency or not before.minor <= 2 * new.minor <= 3 * before.minor:
        return f"This would be {new}, where it was {before}. {again}"
    return ""
