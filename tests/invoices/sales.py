"""Sales to make invoices of, and the seller who makes them."""

from datetime import UTC, datetime
from typing import Any

from backnumber.invoices.facts import Party
from backnumber.invoices.models import Seller
from backnumber.invoices.rules import Sale, SaleLine
from backnumber.tax.rules import Kind
from backnumber.tax.service import load_first_rates

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
SIOBHAN = Party("Siobhán O’Dwyer", ("4 Quay Street", "Galway", "H91 X2P3"), "IE", email="siobhan@example.org")
PETTIGREW = Party("Mr A. Pettigrew", ("7 Micklegate", "York", "YO1 7HH"), "GB")
BOOKSHOP = Party("Buchhandlung am Markt", ("Marktplatz 3", "Weimar"), "DE", vat_number="de 136 695 976")


def ground(prefix: str = "HG", **fields: Any) -> None:
    """The rates, and who sells."""
    load_first_rates()
    wanted = {
        "name": "Hourglass Press Ltd",
        "address": "12 Clerkenwell Close\nLondon\nEC1R 0AT",
        "vat_number": "GB980780684",
        "company_number": "09876543",
        "email": "accounts@example.org",
        "prefix": prefix,
    }
    Seller.objects.update_or_create(id=1, defaults={**wanted, **fields})


def sale(reference: str = "order 17", *parts: tuple[int, Kind], **fields: Any) -> Sale:
    lines = tuple(SaleLine(f"Something, {kind.value}", gross, kind) for gross, kind in parts)
    wanted: dict[str, Any] = {
        "buyer": SIOBHAN,
        "lines": lines or (SaleLine("Online access, one year", 4800, Kind.ONLINE),),
        "currency": "EUR",
        "paid_at": NOON,
        "paid_by": "Card ending 4242",
    }
    return Sale(reference, **{**wanted, **fields})
