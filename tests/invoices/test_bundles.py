"""Copies and online access sold together: the price is parted by kind on the invoice, exactly."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from backnumber.checkout import invoicing, service
from backnumber.checkout.models import Order
from backnumber.invoices.models import Invoice
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from backnumber.tax.models import TaxRate
from backnumber.tax.rules import Kind
from tests import making
from tests.checkout import steps
from tests.invoices.sales import ground

pytestmark = pytest.mark.django_db


def bundle(percent: str | None) -> Product:
    product = making.products()["print-and-archive"]
    product.print_percent = Decimal(percent) if percent is not None else None
    product.save()
    return product


def invoice_of(placed: Order) -> Invoice:
    return Invoice.objects.get(reference=placed.key)


def test_the_invoice_of_a_bundle_has_a_line_for_each_kind_at_its_own_rate(dan: Reader) -> None:
    ground()
    bundle("40")
    TaxRate.objects.filter(country="IE", kind="print").update(basis_points=0)
    lines = invoice_of(
        steps.paid_order(dan, "print-and-archive", to=steps.GALWAY, now=making.NOON)
    ).said.lines
    assert [(line.kind, line.what.rpartition(": ")[2]) for line in lines] == [
        ("print", "printed copies"),
        ("online", "online access"),
    ]
    assert {line.kind: line.share for line in lines} == {"print": 0, "online": 900}
    assert all(line.net + line.tax == line.gross for line in lines)


def test_the_parts_of_a_bundle_add_up_to_its_price() -> None:
    for percent in ("0", "0.01", "33.33", "50", "66.67", "99.99", "100"):
        product = Product(is_print=True, print_percent=Decimal(percent))
        for minor in (1, 3, 999, 8900, 1_234_567):
            lines = invoicing.lines_of(Order(product=product, label="Print & archive", minor=minor))
            assert sum(line.gross for line in lines) == minor
            assert all(line.gross > 0 for line in lines)
            if percent in {"0", "100"}:
                assert [line.kind for line in lines] == [Kind.PRINT if percent == "100" else Kind.ONLINE]


def test_a_refund_in_part_gives_back_of_both_kinds_and_the_rest_leaves_nothing(dan: Reader) -> None:
    ground()
    bundle("33.33")
    placed = steps.paid_order(dan, "print-and-archive", to=steps.GALWAY, now=making.NOON)
    for minor in (1000, placed.minor - 1000):
        service.refund(placed.key, minor, ends_right=False, because="Test", by="", now=making.NOON)
    invoice = invoice_of(placed)
    back = [total for note in invoice.credit_notes.all() for total in note.said.totals]
    for total in invoice.said.totals:
        same = [one for one in back if one.share == total.share]
        assert (sum(one.net for one in same), sum(one.tax for one in same)) == (total.net, total.tax)


def test_a_share_is_of_copies_only_and_no_more_than_all() -> None:
    """Of the migration `0006_print_share` of products: a new column, empty for all that is sold already."""
    online = making.products()["online-yearly"]
    online.print_percent = Decimal(40)
    with pytest.raises(ValidationError, match="Only what has printed copies"):
        online.full_clean()
    with pytest.raises(IntegrityError):
        online.save()
