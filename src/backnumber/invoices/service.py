"""Commands: issue an invoice, give back of one, say who sells.

The row of a counter is locked until the transaction ends in which a number was given: what else is to be done in that transaction is
done before. A transaction that is rolled back gives its number back.
"""

from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from backnumber.invoices import rules
from backnumber.invoices.facts import CreditFacts, InvoiceFacts
from backnumber.invoices.models import Counter, CreditNote, Invoice, Seller
from backnumber.invoices.queries import seller_now
from backnumber.invoices.rules import Sale
from backnumber.readers.models import Reader
from backnumber.tax.queries import charges_for
from backnumber.tax.rules import Buying, Selling

SELLER_CHANGED = "invoices.seller"


class ReferenceTaken(ValueError):
    """The reference of a credit note is that of another invoice's."""


def issue(sale: Sale, now: datetime) -> Invoice:
    """Promise: the invoice of this sale, with the next number of its series and year; the same, unchanged, however often and
    however many at a time it is asked for, whatever else the sale then says.

    Errors: NotASale; tax.rules.NoRate where staff must first add a rate (nothing is issued, ask again later).
    """
    rules.check(sale)
    try:
        with transaction.atomic():
            return _issued(sale.reference) or _issue(sale, now)
    except IntegrityError:  # at the turn of the year, or when the series changes: two counters, one reference
        found = _issued(sale.reference)
        if found is None:
            raise
        return found


def _issued(reference: str) -> Invoice | None:
    return Invoice.objects.filter(reference=reference).first()


def _issue(sale: Sale, now: datetime) -> Invoice:
    seller, issued_on = seller_now(), timezone.localdate(now)
    supplied_on = sale.supplied_on or timezone.localdate(sale.paid_at or now)
    buyer = rules.tidy_party(sale.buyer)
    charges = charges_for(
        Buying(buyer.country, buyer.vat_number),
        Selling(seller.country, seller.vat_number),
        {line.kind for line in sale.lines},
        supplied_on,
    )
    lines = rules.lines_of(sale, charges)
    counter = _locked(seller.prefix, issued_on.year)
    if (found := _issued(sale.reference)) is not None:  # by whoever held the lock
        return found
    sequence = _next(counter)
    totals = rules.totals_of(lines)
    said = InvoiceFacts(
        number=rules.number_of(counter.series, counter.year, sequence),
        reference=sale.reference,
        issued_on=issued_on,
        supplied_on=supplied_on,
        paid_on=timezone.localdate(sale.paid_at) if sale.paid_at else None,
        paid_by=rules.tidy(sale.paid_by),
        currency=sale.currency,
        seller=rules.tidy_party(seller.as_party()),
        buyer=buyer,
        lines=lines,
        totals=totals,
        notes=tuple(dict.fromkeys(filter(None, (*(t.note for t in totals), *map(rules.tidy, sale.notes))))),
    )
    return Invoice.objects.create(
        reference=sale.reference,
        owner_key=sale.owner_key,
        series=counter.series,
        year=counter.year,
        sequence=sequence,
        issued_at=now,
        currency=sale.currency,
        minor=rules.gross_of(totals),
        facts=frozen(said),
    )


@transaction.atomic
def credit(invoice: Invoice, minor: int, reference: str, because: str, now: datetime) -> CreditNote:
    """Promise: a credit note over `minor` minor units of the invoice's currency; the same for the same reference, however often and
    however many at a time. All of an invoice's together are never more than it.

    Errors: CreditTooHigh; ReferenceTaken.
    """
    of = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if (found := CreditNote.objects.filter(reference=reference).first()) is not None:
        if found.invoice_id != of.pk:
            raise ReferenceTaken(reference)
        return found
    invoiced, earlier = of.said, [note.said.totals for note in of.credit_notes.all()]
    totals = rules.credit_of(invoiced.totals, earlier, minor)
    issued_on = timezone.localdate(now)
    counter = _locked(f"{of.series}-CN", issued_on.year)
    sequence = _next(counter)
    said = CreditFacts(
        number=rules.number_of(counter.series, counter.year, sequence),
        reference=reference,
        issued_on=issued_on,
        invoice=invoiced.number,
        invoiced_on=invoiced.issued_on,
        because=rules.tidy(because),
        currency=of.currency,
        seller=invoiced.seller,
        buyer=invoiced.buyer,
        totals=totals,
        notes=tuple(dict.fromkeys(filter(None, (total.note for total in totals)))),
    )
    return CreditNote.objects.create(
        reference=reference,
        invoice=of,
        series=counter.series,
        year=counter.year,
        sequence=sequence,
        issued_at=now,
        currency=of.currency,
        minor=minor,
        facts=frozen(said),
    )


def frozen(said: InvoiceFacts | CreditFacts) -> Any:
    """Promise: the facts as JSON has them."""
    return msgspec.to_builtins(said)


def _locked(series: str, year: int) -> Counter:
    """The counter, made where there is none, locked until the transaction ends."""
    Counter.objects.bulk_create([Counter(series=series, year=year)], ignore_conflicts=True)
    return Counter.objects.select_for_update().get(series=series, year=year)


def _next(counter: Counter) -> int:
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def keep_seller(seller: Seller, *, by: Reader) -> None:
    """Promise: this is who sells from now on, logged with what was changed."""
    names = [field.name for field in Seller._meta.fields if field.name != "id"]
    before = Seller.objects.filter(pk=1).first() or Seller()
    changed = {
        name: f"{getattr(before, name)} → {getattr(seller, name)}"
        for name in names
        if getattr(before, name) != getattr(seller, name)
    }
    seller.id = 1
    seller.save()
    log(instance=seller, action=SELLER_CHANGED, user=by, data={"changed": changed})
