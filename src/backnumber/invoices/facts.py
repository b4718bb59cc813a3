"""All that an invoice or a credit note says, as it is frozen in its row. What is read back is checked against these shapes.

Amounts are minor units of `currency`; a share is basis points of the net. A field that is added later needs a default: what was
issued before is never rewritten.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys. `country` is ISO 3166-1 in capitals, and stands in `address` only where whoever wrote that put it there."""

    name: str
    address: tuple[str, ...]
    country: str
    vat_number: str = ""
    company_number: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `net + tax == gross`, all of it together, not each of `quantity`."""

    what: str
    quantity: int
    kind: str
    net: int
    tax: int
    gross: int
    share: int
    tax_name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What stands at one rate, together. `note` says why there is no tax, where the law wants it said."""

    tax_name: str
    share: int
    net: int
    tax: int
    gross: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """`reference` is the caller's own word for the sale. `paid_on` is None where it was not yet paid."""

    number: str
    reference: str
    issued_on: date
    supplied_on: date
    paid_on: date | None
    paid_by: str
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    totals: tuple[RateTotal, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """What of an invoice is given back, and why. Amounts are positive."""

    number: str
    reference: str
    issued_on: date
    invoice: str
    invoiced_on: date
    because: str
    currency: str
    seller: Party
    buyer: Party
    totals: tuple[RateTotal, ...]
    notes: tuple[str, ...]
