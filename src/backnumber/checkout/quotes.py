"""What the buying page shows of an order, and whether that still holds when the form comes back: what was shown is what is ordered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.formats import date_format

from backnumber.checkout.models import SHORT_DAYS, Order
from backnumber.checkout.rules import Term
from backnumber.grants.ends import last_day_in_words
from backnumber.money import Amount
from backnumber.products.models import Voucher
from backnumber.renewals.rules import charge_at

_SALT = "backnumber.checkout.quotes"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of "Your order". `aside` helps to read it and promises nothing: it may change by the minute."""

    label: str
    says: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The lines of an order as they were shown to one reader."""

    reader: int
    product: int
    lines: tuple[Line, ...]

    def sealed(self) -> str:
        """Promise: fit for a hidden field; `changes_since` knows it again."""
        said = [[line.label, line.says] for line in self.lines]
        return signing.dumps(
            {"reader": self.reader, "product": self.product, "lines": said}, salt=_SALT, compress=True
        )

    def says(self, lines: Iterable[Line]) -> bool:
        """Whether these lines were shown, whatever stood aside."""
        said = {(line.label, line.says) for line in self.lines}
        return all((line.label, line.says) in said for line in lines)

    def changes_since(self, sealed: str) -> tuple[str, ...] | None:
        """Promise: a sentence for each line that was shown otherwise; empty when all was shown as it is. None when the seal is
        none of ours, or of another reader's or product's form: nobody knows then what was shown.
        """
        shown = _opened(sealed)
        if shown is None or (shown["reader"], shown["product"]) != (self.reader, self.product):
            return None
        before, now = dict(shown["lines"]), {line.label: line.says for line in self.lines}
        return tuple(
            _change(label, before.get(label), now.get(label))
            for label in dict.fromkeys([*now, *before])
            if before.get(label) != now.get(label)
        )


def _opened(sealed: str) -> Mapping[str, Any] | None:
    try:
        shown = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        return None
    return shown if isinstance(shown, dict) else None


def _change(label: str, before: str | None, now: str | None) -> str:
    if before is None:
        return f"{label}: {now}."
    return (
        f"{label}: {now}; before it was {before}." if now is not None else f"{label}: no longer ({before})."
    )


def reader_in(sealed: str) -> int | None:
    """Promise: the reader to whom the sealed quote was shown; None when it is none of ours."""
    shown = _opened(sealed)
    return shown["reader"] if shown is not None else None


def quote_of(order: Order, term: Term | None, now: datetime) -> Quote:
    """Promise: what the page of an order that was not paid shows of it; `term` is what paying would give now."""
    renewal = renewal_in_words(order.renewal_amount, order.renewal_months)
    if order.is_gift:
        said = (Line("What", order.label), *gift_lines(order.months), Line("Amount", str(order.amount)))
        return Quote(order.reader_id or 0, order.product_id, said)
    lines = (
        Line("What", order.label),
        *term_lines(order.days, term, now, renewal),
        *voucher_lines(order.voucher, order.off),
        Line("Amount", str(order.amount)),
    )
    return Quote(order.reader_id or 0, order.product_id, lines)


def voucher_lines(voucher: Voucher | None, off: Amount | None) -> tuple[Line, ...]:
    """Promise: the line of a voucher that takes something off; none without one. What is paid stands after it."""
    return (Line("Voucher", f"{voucher.code}, less {off}"),) if voucher and off else ()


def renewal_in_words(amount: Amount | None, months: int | None) -> str:
    """Promise: "£5.00 a month", "£52.00 a year", "£30.00 every 6 months"; empty for what does not renew."""
    if amount is None or not months:
        return ""
    return f"{amount} {({1: 'a month', 12: 'a year'}).get(months, f'every {months} months')}"


def gift_lines(months: int) -> tuple[Line, Line]:
    """Promise: beginning and end of a gift, which nobody knows when it is bought."""
    long = {1: "a month", 12: "a year"}.get(months, f"{months} months")
    return (
        Line("Begins", "when it is redeemed, or where what they have already ends"),
        Line("Ends", f"{long} later; it never renews"),
    )


def term_lines(days: int, term: Term | None, now: datetime, renewal: str = "") -> tuple[Line, Line]:
    """Promise: beginning and end of what is paid for, as a reader needs them; `days`: of a term in days; no term: without
    end; `renewal`: what is charged when it renews, and how often.
    """
    extends = term is not None and term.begins > now
    is_short = 0 < days <= SHORT_DAYS
    begins = Line("Begins", "as soon as it is paid")
    if term is not None and extends:
        where = "where what you have ends" if is_short else "where your present subscription ends"
        begins = Line("Begins", f"{_moment(term.begins) if is_short else _day(term.begins)}, {where}")
    if term is not None and renewal:
        return begins, Line("Renews", f"{renewal}, first on {_day(charge_at(term.until))}, until you cancel")
    return begins, _end(days, term, is_short=is_short, extends=extends)


def _end(days: int, term: Term | None, *, is_short: bool, extends: bool) -> Line:
    if term is None:
        return Line("Ends", "never: what you buy by the piece stays open to you")
    if not is_short:
        return Line("Ends", last_day_in_words(term.until), "it is not renewed unless you buy again")
    length = f"{days} day{'' if days == 1 else 's'} of 24 hours"
    if extends:
        return Line("Ends", _moment(term.until), length)
    return Line("Ends", f"{length} after it is paid", f"{_moment(term.until)}, if you pay now")


def _day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y")


def _moment(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y, H:i")
