"""Which region's price a country pays. Pure; declared once.

Europe is as the post understands it, not the Union: what a copy costs to send decides.
"""

from backnumber.newsstand.models import Region

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
