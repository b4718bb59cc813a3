"""Reads of what is for sale."""

from django.conf import settings

from backnumber.money import Amount
from backnumber.products.models import Price, Product, Region, Voucher


def for_sale() -> list[Product]:
    """Promise: what readers may buy for themselves and has a price, with its prices, in the publisher's order; two queries."""
    sold = Product.objects.filter(for_sale=True).exclude(given=Product.Given.ONLY)
    return [p for p in sold.prefetch_related("prices") if p.prices.all()]


def gifts_for_sale() -> list[Product]:
    """Promise: as `for_sale`, what may be bought for somebody else; two queries."""
    sold = Product.objects.filter(for_sale=True).exclude(given=Product.Given.NO)
    return [p for p in sold.prefetch_related("prices") if p.prices.all()]


def gift_for_sale(code: str) -> Product | None:
    """Promise: the product with its prices, if it may be bought for somebody else; two queries."""
    return next((p for p in gifts_for_sale() if p.code == code), None)


def product_for_sale(code: str) -> Product | None:
    """Promise: the product with its prices, if readers may buy it for themselves; two queries."""
    sold = Product.objects.filter(for_sale=True, code=code).exclude(given=Product.Given.ONLY)
    product = sold.prefetch_related("prices").first()
    return product if product is not None and product.prices.all() else None


def is_for_sale(product: Product) -> bool:
    """Promise: whether some reader can buy it; no query when its prices are at hand."""
    return product.for_sale and bool(product.prices.all()) and settings.PAYMENTS != "none"


def status(product: Product) -> str:
    """Promise: whether readers can buy it, and what keeps them from it, for a list; no query when its prices are at hand."""
    if not product.for_sale:
        return "not for sale"
    regions = {price.region for price in product.prices.all()}
    if not regions:
        return "has no price"
    if settings.PAYMENTS == "none":
        return "no payment provider"
    if Region.ANYWHERE in regions or len(regions) == len(Region) - 1:
        return "for sale"
    return f"for sale in {' and '.join(one.label for one in Region if one in regions)} only"


def lowest_price(product: Product) -> Price:
    """Promise: the price an offer names, "from" when regions differ: the lowest in the currency of the first region, for
    amounts of two currencies cannot be compared.
    """
    prices = list(product.prices.all())
    first = min(prices, key=lambda price: Region.values.index(price.region))
    return min((p for p in prices if p.currency == first.currency), key=lambda price: price.minor)


def prices_of(product: int) -> dict[str, Amount]:
    """Promise: what the product costs now, by region; one query."""
    return {price.region: price.amount for price in Price.objects.filter(product=product)}


def dearest(currency: str) -> Amount | None:
    """Promise: the highest price in this currency, of all that has one; one query."""
    highest = Price.objects.filter(currency=currency).order_by("-minor").first()
    return highest.amount if highest else None


def price_for(product: Product, region: Region) -> Price | None:
    """Promise: the region's own price, else the one for anywhere; None when the product is not sold there."""
    by_region = {price.region: price for price in product.prices.all()}
    return by_region.get(region) or by_region.get(Region.ANYWHERE)


def voucher_named(code: str) -> Voucher | None:
    """Promise: the voucher of this code, capitals or not and whatever space stands around it; one query, none for an empty code."""
    typed = code.strip()
    return Voucher.objects.filter(code__iexact=typed).first() if typed and "\0" not in typed else None


def voucher_for_update(voucher: int) -> Voucher:
    """Promise: the voucher, locked until the transaction ends, so that its uses are counted one after another. Errors:
    Voucher.DoesNotExist.
    """
    return Voucher.objects.select_for_update(no_key=True).get(pk=voucher)
