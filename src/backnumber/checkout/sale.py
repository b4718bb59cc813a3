"""What buying a product comes to for one reader: how long, for how much, and what each renewal costs after."""

from dataclasses import dataclass, replace

from backnumber.checkout.models import Order
from backnumber.checkout.rules import Length
from backnumber.money import Amount
from backnumber.products.models import Price, Product, Voucher
from backnumber.products.rules import reduced
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class Sale:
    """`renewal` and `renewal_months` are there for what renews; a first term may be of another length and price. `amount` is what is
    paid, `off` what a voucher took off it.
    """

    length: Length
    amount: Amount
    renewal: Amount | None = None
    renewal_months: int | None = None
    off: Amount | None = None

    @property
    def renews(self) -> bool:
        return self.renewal is not None


def sale_of(
    reader: Reader, product: Product, price: Price, voucher: Voucher | None = None, seats: int = 0
) -> Sale:
    """Promise: what the reader would get and pay at this price, for so many seats where it is for a group, with a voucher that may be used or without. A first price is for who never paid for the product; one query when
    there is one, else none.
    """
    full = _without_voucher(reader, product, price, seats)
    if voucher is None:
        return full
    paid = reduced(full.amount, voucher.minor, voucher.share)
    renewal = full.renewal
    if renewal is not None and voucher.every_term:
        renewal = reduced(renewal, voucher.minor, voucher.share)
    off = Amount(full.amount.minor - paid.minor, paid.currency)
    return replace(full, amount=paid, renewal=renewal, off=off)


def _without_voucher(reader: Reader, product: Product, price: Price, seats: int) -> Sale:
    whole = Length(product.term_months or 0, product.term_days or 0)
    full = Amount(product.cost(price.minor, seats), price.currency)
    if not product.renews:
        return Sale(whole, full)
    has_first = price.first_minor is not None or product.first_months is not None
    if has_first and not product.is_group and not _had_before(reader, product):
        first = Length(product.months_at_first)
        return Sale(first, price.at_first, price.amount, product.term_months)
    return Sale(whole, full, full, product.term_months)


def _had_before(reader: Reader, product: Product) -> bool:
    own = Order.objects.filter(reader=reader, product=product, kind=Order.Kind.OWN)
    return own.filter(begins__isnull=False).exists()
