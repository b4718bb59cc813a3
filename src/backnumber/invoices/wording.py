"""A document in words: the one text that the page and the PDF both set. Pure but for the names of countries."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel import Locale

from backnumber.invoices.facts import CreditFacts, InvoiceFacts, Line, Party, RateTotal
from backnumber.money import Amount
from backnumber.money.amounts import digits_of
from backnumber.tax.rules import OUTSIDE, in_percent

LONGEST_WORD = 24  # letters after which a word without a space may be broken
_MAY_BREAK = "\u200b"
_NO_TAX = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, each cell as it is set."""

    what: str
    rate: str
    net: str
    tax: str
    gross: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A document: everything as text, nothing of it to be interpreted."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    seller: tuple[str, ...]
    seller_facts: tuple[tuple[str, str], ...]
    buyer: tuple[str, ...]
    buyer_facts: tuple[tuple[str, str], ...]
    tax_name: str
    currency: str
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    total_label: str
    total: str
    notes: tuple[str, ...]


def of_invoice(said: InvoiceFacts) -> Wording:
    paid = _day(said.paid_on) if said.paid_on else "not yet"
    facts = (
        ("Invoice number", said.number),
        ("Date", _day(said.issued_on)),
        ("Date of supply", _day(said.supplied_on)),
        ("Paid", paid),
        ("Paid by", said.paid_by),
        ("Reference", said.reference),
    )
    return _wording("Invoice", said, facts, [_row(line, said.currency) for line in said.lines], "Total")


def of_credit(said: CreditFacts) -> Wording:
    facts = (
        ("Credit note number", said.number),
        ("Date", _day(said.issued_on)),
        ("For invoice", f"{said.invoice} of {_day(said.invoiced_on)}"),
        ("Reason", said.because),
        ("Reference", said.reference),
    )
    rows = [_total(total, said.currency, f"Credit on invoice {said.invoice}") for total in said.totals]
    return _wording("Credit note", said, facts, rows, "Total credited")


def breakable(text: str) -> str:
    """Promise: the text, where a very long word may be broken to fit its column; never before a mark that belongs to a letter."""
    parts, run = [], 0
    for letter in text:
        run = 0 if letter.isspace() else run + 1
        if run > LONGEST_WORD and not unicodedata.combining(letter):
            parts.append(_MAY_BREAK)
            run = 1
        parts.append(letter)
    return "".join(parts)


def _wording(
    title: str,
    said: InvoiceFacts | CreditFacts,
    facts: Iterable[tuple[str, str]],
    rows: list[Row],
    total: str,
) -> Wording:
    names = sorted({one.tax_name for one in said.totals})
    by_rate = [_total(one, said.currency, _together(one)) for one in said.totals]
    gross = Amount(sum(one.gross for one in said.totals), said.currency)
    return Wording(
        title=title,
        number=said.number,
        facts=_known(facts),
        seller=_address(said.seller),
        seller_facts=_known(
            (
                ("Company number", said.seller.company_number),
                ("VAT number", said.seller.vat_number),
                ("E-mail", said.seller.email),
            )
        ),
        buyer=_address(said.buyer),
        buyer_facts=_known((("VAT number", said.buyer.vat_number), ("E-mail", said.buyer.email))),
        tax_name=" / ".join(names),
        currency=said.currency,
        rows=tuple(rows),
        totals=tuple(by_rate) if len(by_rate) > 1 and isinstance(said, InvoiceFacts) else (),
        total_label=total,
        total=str(gross),
        notes=said.notes,
    )


def _row(line: Line, currency: str) -> Row:
    what = f"{line.quantity} × {line.what}" if line.quantity > 1 else line.what
    figures = [_figures(minor, currency) for minor in (line.net, line.tax, line.gross)]
    return Row(what, _rate(line.share, line.note), *figures)


def _total(total: RateTotal, currency: str, what: str) -> Row:
    figures = [_figures(minor, currency) for minor in (total.net, total.tax, total.gross)]
    return Row(what, _rate(total.share, total.note), *figures)


def _rate(share: int, note: str) -> str:
    """A rate of nothing is a rate; where the law charges none there is none."""
    if not note:
        return in_percent(share)
    return "outside" if note == OUTSIDE else _NO_TAX


def _together(total: RateTotal) -> str:
    return "Together without tax" if total.note else f"Together at {in_percent(total.share)}"


def _figures(minor: int, currency: str) -> str:
    return f"{Amount(minor, currency).major:,.{digits_of(currency)}f}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _address(party: Party) -> tuple[str, ...]:
    country = str(Locale("en", "GB").territories.get(party.country, party.country))
    lines = tuple(line for line in (party.name, *party.address) if line)
    return lines if not country or country in lines else (*lines, country)


def _known(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in facts if value)
