"""Reads: who sells, and the invoices of one owner."""

from django.conf import settings

from backnumber.invoices.models import CreditNote, Invoice, Seller
from backnumber.readers.models import Reader


def seller_now() -> Seller:
    """Promise: who sells, as staff wrote it; where nobody has, the site's name and address for help and no more."""
    return Seller.objects.filter(pk=1).first() or Seller(name=settings.SITE_NAME, email=settings.HELP_EMAIL)


def missing_of_seller() -> list[str]:
    """Promise: which of the facts that every invoice needs nobody has written yet; one query."""
    seller = Seller.objects.filter(pk=1).first() or Seller()
    wanted = {"name": seller.name, "address": seller.address, "e-mail": seller.email}
    return [label for label, value in wanted.items() if not value.strip()]


def owner_of(reader: Reader) -> str:
    """Promise: the owner key of a reader's own invoices: a number that is never given again, also after the account is deleted."""
    return f"reader-{reader.pk}"


def invoices_of(owner_key: str) -> list[Invoice]:
    """Promise: the invoices of this owner with their credit notes, the latest first; two queries. None for an empty key."""
    if not owner_key:
        return []
    return list(Invoice.objects.filter(owner_key=owner_key).prefetch_related("credit_notes"))


def issued(key: str) -> Invoice | CreditNote | None:
    """Promise: the invoice or credit note of this key."""
    note = CreditNote.objects.select_related("invoice").filter(key=key).first()
    return note or Invoice.objects.filter(key=key).first()


def owner_key_of(document: Invoice | CreditNote) -> str:
    return document.owner_key if isinstance(document, Invoice) else document.invoice.owner_key
