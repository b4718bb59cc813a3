"""Which rate is in a price. Pure: what the table holds is handed in, the day too.

A price is the price, tax included, wherever the buyer lives; the tax in it is the buyer's country's. Outside the United Kingdom and
the European Union no tax of theirs is in it. Whoever sells must have these rules confirmed: see docs/tax.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backnumber.money.shares import WHOLE, parted
from backnumber.tax.numbers import country_of

# fmt: off
MEMBER_STATES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on
TAXING = MEMBER_STATES | {"GB"}
# Countries that are part of another for value added tax: Directive 2006/112/EC, Article 7; Value Added Tax Act 1994.
_PART_OF = {"MC": "FR", "IM": "GB"}

REVERSE_CHARGE = (
    "Reverse charge: the customer accounts for the VAT (Directive 2006/112/EC, Articles 194 and 196)."
)
OUTSIDE = "Outside the scope of UK and EU VAT."
NOT_REGISTERED = "The seller is not registered for VAT: no VAT is charged."


class Kind(StrEnum):
    """What is sold, as tax sees it."""

    ONLINE = "online"
    PRINT = "print"


class NoRate(LookupError):
    """A country of the United Kingdom or the Union has no rate in the table for this kind on this day: staff must add it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A row of the table: from `from_date` on, until the next of the same country and kind. `share` is basis points of the net."""

    country: str
    kind: Kind
    from_date: date
    share: int
    name: str = "VAT"


@dataclass(frozen=True, slots=True)
class Charge:
    """What is charged on a line: `share` basis points of the net, under this name; `note` is what an invoice must say of it."""

    share: int
    name: str = "VAT"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Buying:
    """Who buys, where they live (ISO 3166-1), and the number of a business."""

    country: str
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class Selling:
    """Who sells, from where, and the number; none: they are not registered and may charge no tax."""

    country: str
    vat_number: str


def taxed_as(country: str) -> str:
    """Promise: the country whose tax is charged in `country`, by code in capitals: GB for IM."""
    return _PART_OF.get(country.upper(), country.upper())


def rate_for(rates: Iterable[Rate], country: str, kind: Kind, on: date) -> Rate | None:
    """Promise: the rate of that day: the latest that had begun by then. None outside the United Kingdom and the Union, where a row
    of the table holds no less if there is one.

    Errors: NoRate where a country of theirs has none.
    """
    code = taxed_as(country)
    begun = [rate for rate in rates if (rate.country, rate.kind) == (code, kind) and rate.from_date <= on]
    if begun:
        return max(begun, key=lambda rate: rate.from_date)
    if code in TAXING:
        raise NoRate(f"The table of tax rates has none for {code}, {kind.value}, on {on}")
    return None


def is_reverse_charged(buyer: Buying, seller: Selling) -> bool:
    """Promise: whether the buyer accounts for the tax: a business in a member state other than the seller's, with a number that
    is well formed and of that state.
    """
    state = taxed_as(buyer.country)
    return (
        state in MEMBER_STATES
        and state != taxed_as(seller.country)
        and bool(buyer.vat_number)
        and country_of(buyer.vat_number) == state
    )


def charge_for(rates: Iterable[Rate], buyer: Buying, seller: Selling, kind: Kind, on: date) -> Charge:
    """Promise: what is charged, by whom it is bought and sold. Errors: NoRate."""
    if not seller.vat_number:
        return Charge(0, note=NOT_REGISTERED)
    if is_reverse_charged(buyer, seller):
        return Charge(0, note=REVERSE_CHARGE)
    rate = rate_for(rates, buyer.country, kind, on)
    return Charge(rate.share, rate.name) if rate else Charge(0, note=OUTSIDE)


def kinds_of(minor: int, *, is_print: bool, print_share: int | None = None) -> dict[Kind, int]:
    """Promise: how much of a price is for which kind, together the price. `print_share` is basis points of a bundle; None, and all
    of it is print where copies are sent, else online. Nothing stands in it with 0, but for a price of 0.

    Errors: ValueError for what is no share.
    """
    share = (WHOLE if is_print else 0) if print_share is None else print_share
    for_print, for_online = parted(minor, share)
    both = {Kind.PRINT: for_print, Kind.ONLINE: for_online}
    main = Kind.PRINT if share == WHOLE else Kind.ONLINE
    return {kind: part for kind, part in both.items() if part or (minor == 0 and kind is main)}


def in_percent(share: int) -> str:
    """Promise: basis points as they are written: "20%", "25.5%", "2.1%"."""
    whole, hundredths = divmod(share, 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") + "%"
