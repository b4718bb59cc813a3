"""Reads of the table of rates."""

from collections.abc import Iterable
from datetime import date

from backnumber.tax import rules
from backnumber.tax.models import TaxRate
from backnumber.tax.rules import TAXING, Buying, Charge, Kind, NoRate, Rate, Selling


def rates_in(countries: Iterable[str]) -> list[Rate]:
    """Promise: every row of these countries; one query."""
    return [row.as_rate() for row in TaxRate.objects.filter(country__in=set(countries))]


def rate_for(country: str, kind: Kind, on: date) -> Rate | None:
    """Promise: what `rules.rate_for` says of the table as it is; one query. Errors: NoRate."""
    return rules.rate_for(rates_in([rules.taxed_as(country)]), country, kind, on)


def charges_for(buyer: Buying, seller: Selling, kinds: Iterable[Kind], on: date) -> dict[Kind, Charge]:
    """Promise: what is charged on each kind; one query. Errors: NoRate."""
    rates = rates_in([rules.taxed_as(buyer.country)])
    return {kind: rules.charge_for(rates, buyer, seller, kind, on) for kind in set(kinds)}


def without_a_rate(on: date) -> list[str]:
    """Promise: what of the United Kingdom and the Union has no rate that day, as "GB print"; one query."""
    rates, missing = rates_in(TAXING), []
    for country in sorted(TAXING):
        for kind in Kind:
            try:
                rules.rate_for(rates, country, kind, on)
            except NoRate:
                missing.append(f"{country} {kind.value}")
    return missing
