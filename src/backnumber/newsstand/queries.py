"""Reads of what is for sale."""

from backnumber.newsstand.models import Price, Product, Region


def for_sale() -> list[Product]:
    """Promise: what is for sale and has a price, with its prices, in the publisher's order; two queries."""
    return [p for p in Product.objects.filter(for_sale=True).prefetch_related("prices") if p.prices.all()]


def product_for_sale(code: str) -> Product | None:
    """Promise: the product with its prices, if it is for sale; two queries."""
    product = Product.objects.filter(for_sale=True, code=code).prefetch_related("prices").first()
    return product if product is not None and product.prices.all() else None


def lowest_price(product: Product) -> Price:
    """Promise: the price an offer names, "from" when regions differ."""
    return min(product.prices.all(), key=lambda price: price.minor)


def price_for(product: Product, region: Region) -> Price | None:
    """Promise: the region's own price, else the one for anywhere; None when the product is not sold there."""
    by_region = {price.region: price for price in product.prices.all()}
    return by_region.get(region) or by_region.get(Region.ANYWHERE)
