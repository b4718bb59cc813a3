"""Reads of what is for sale."""

from backnumber.newsstand.models import Price, Product


def for_sale() -> list[Product]:
    """Promise: products for sale that have a price, with their prices, in the publisher's order; two queries."""
    return [p for p in Product.objects.filter(for_sale=True).prefetch_related("prices") if p.prices.all()]


def lowest_price(product: Product) -> Price:
    """Promise: the price an offer names, "from" when regions differ."""
    return min(product.prices.all(), key=lambda price: price.minor)
