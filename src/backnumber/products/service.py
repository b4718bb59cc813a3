"""Commands on what is for sale."""

from collections.abc import Mapping

from django.db import transaction
from wagtail.log_actions import log

from backnumber.money import Amount
from backnumber.products.models import Product, Region
from backnumber.products.queries import prices_of

PRICE_CHANGED = "products.price"


@transaction.atomic
def log_prices(product: Product, before: Mapping[str, Amount]) -> int:
    """Promise: the log holds every price of the product that is not what it was `before`, from and to, by who is at work in
    the admin; how many.
    """
    after = prices_of(product.pk)
    changed = [region for region in Region.values if before.get(region) != after.get(region)]
    for region in changed:
        was, now = before.get(region), after.get(region)
        data = {
            "region": Region(region).label,
            "from": str(was) if was else "",
            "to": str(now) if now else "",
        }
        log(instance=product, action=PRICE_CHANGED, data=data)
    return len(changed)
