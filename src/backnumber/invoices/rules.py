"""What an invoice of a sale says, and what a credit note gives back of it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backnumber.characters import seen
from backnumber.invoices.facts import Line, Party, RateTotal
from backnumber.money import Amount
from backnumber.money.shares import rounded, spread, without_tax
from backnumber.tax import numbers
from backnumber.tax.rules import Charge, Kind

# Marks that turn the order of letters around, also of what follows the text they stand in (https://unicode.org/reports/tr9/).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class NotASale(ValueError):
    """What was given cannot be invoiced: no lines, a line of less than nothing, no currency."""


class CreditTooHigh(ValueError):
    """More than is left of the invoice, or nothing."""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """`gross` is the whole line, tax included, in minor units. A bundle is two lines: see `tax.rules.kinds_of`."""

    what: str
    gross: int
    kind: Kind
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Sale:
    """What was sold, as the caller knows it. The same `reference` is the same sale, for ever.

    `paid_at` None: not paid yet. `supplied_on`: the day whose rates hold; None, and it is the day of paying, or of issuing.
    `owner_key`: the text by which the caller finds the invoices of one reader again (`queries.owner_of`); empty: nobody's.
    """

    reference: str
    buyer: Party
    lines: tuple[SaleLine, ...]
    currency: str
    paid_at: datetime | None = None
    paid_by: str = ""
    supplied_on: date | None = None
    owner_key: str = ""
    notes: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """Promise: the text in one line, without what cannot be seen or turns the order of letters around."""
    return " ".join(_TURNING.sub("", seen(text)).split())


def tidy_party(party: Party) -> Party:
    """Promise: the same with each text tidy; empty lines of the address are left out, and a VAT number that is well formed is
    written as it is printed.
    """
    number = tidy(party.vat_number)
    return Party(
        name=tidy(party.name),
        address=tuple(line for line in map(tidy, party.address) if line),
        country=tidy(party.country).upper(),
        vat_number=numbers.checked(number) if numbers.country_of(number) else number,
        company_number=tidy(party.company_number),
        email=tidy(party.email),
    )


def number_of(series: str, year: int, sequence: int) -> str:
    """Promise: as it is printed: "HG-2026-00017"."""
    return f"{series}-{year}-{sequence:05d}"


def check(sale: Sale) -> None:
    """Errors: NotASale."""
    if not sale.reference or not sale.lines:
        raise NotASale("A sale has a reference and a line")
    try:
        Amount(0, sale.currency)
    except ValueError as why:
        raise NotASale(f"{sale.reference}: {why}") from why
    if any(line.gross < 0 or line.quantity < 1 or not tidy(line.what) for line in sale.lines):
        raise NotASale(f"{sale.reference} has a line that cannot be invoiced")


def lines_of(sale: Sale, charges: Mapping[Kind, Charge]) -> tuple[Line, ...]:
    """Promise: each line parted into net and tax; the parts add up to what was paid."""
    return tuple(_line(line, charges[line.kind]) for line in sale.lines)


def _line(line: SaleLine, charge: Charge) -> Line:
    taxed = without_tax(line.gross, charge.share)
    return Line(
        what=tidy(line.what),
        quantity=line.quantity,
        kind=line.kind.value,
        net=taxed.net,
        tax=taxed.tax,
        gross=line.gross,
        share=charge.share,
        tax_name=charge.name,
        note=charge.note,
    )


def totals_of(lines: Iterable[Line]) -> tuple[RateTotal, ...]:
    """Promise: what stands at each rate, the highest first."""
    sums: dict[tuple[str, int, str], list[int]] = {}
    for line in lines:
        found = sums.setdefault((line.tax_name, line.share, line.note), [0, 0])
        found[0] += line.net
        found[1] += line.tax
    in_order = sorted(sums.items(), key=lambda one: (-one[0][1], one[0][0], one[0][2]))
    return tuple(
        RateTotal(name, share, net, tax, net + tax, note) for (name, share, note), (net, tax) in in_order
    )


def gross_of(totals: Iterable[RateTotal]) -> int:
    return sum(total.gross for total in totals)


def credit_of(
    invoiced: Sequence[RateTotal], earlier: Iterable[Sequence[RateTotal]], minor: int
) -> tuple[RateTotal, ...]:
    """Promise: what of `minor` is given back at each rate, in proportion to what is left of the invoice at that rate after the
    `earlier` credits. When all is given back, the credits add up to the invoice at each rate, tax and net alike.

    Errors: CreditTooHigh.
    """
    given = [_sum_like(one, earlier_ones) for one, earlier_ones in _beside(invoiced, earlier)]
    left = [one.gross - back.gross for one, back in zip(invoiced, given, strict=True)]
    if not 0 < minor <= sum(left):
        raise CreditTooHigh(f"{minor} of {sum(left)} that are left")
    parts = spread(minor, left)
    credited = [_part(*one) for one in zip(invoiced, given, parts, strict=True)]
    return tuple(one for one in credited if one.gross)


def _beside(
    invoiced: Sequence[RateTotal], earlier: Iterable[Sequence[RateTotal]]
) -> list[tuple[RateTotal, list[RateTotal]]]:
    every = [total for totals in earlier for total in totals]
    return [(one, [back for back in every if _same_rate(one, back)]) for one in invoiced]


def _same_rate(one: RateTotal, other: RateTotal) -> bool:
    return (one.tax_name, one.share, one.note) == (other.tax_name, other.share, other.note)


def _sum_like(one: RateTotal, backs: list[RateTotal]) -> RateTotal:
    net, tax = sum(back.net for back in backs), sum(back.tax for back in backs)
    return RateTotal(one.tax_name, one.share, net, tax, net + tax, one.note)


def _part(whole: RateTotal, given: RateTotal, gross: int) -> RateTotal:
    """Tax is counted up to here and what was given before taken off, so that the last credit leaves nothing over."""
    so_far = rounded(whole.tax * (given.gross + gross), whole.gross) if whole.gross else 0
    tax = so_far - given.tax
    return RateTotal(whole.tax_name, whole.share, gross - tax, tax, gross, whole.note)
