"""What the simulated magazine sells. Every price is another, so that an amount alone says what was paid for."""

from datetime import datetime, timedelta

from backnumber.checkout import changing
from backnumber.checkout.postal import PostalAddress
from backnumber.products.models import Price, Product, Region
from backnumber.renewals.models import Subscription

ADDRESS = PostalAddress("GB", "Ann Lee", "", "1 Crane Street", "", "London", "", "SE10 9NP")
NOTICE = timedelta(days=45)
SOLD = {
    "monthly": (600, {"term_months": 1, "renews": True}),
    "yearly": (4800, {"term_months": 12, "renews": True}),
    "trial": (4900, {"term_months": 12, "renews": True, "first_months": 1}),
    "print": (6900, {"term_months": 12, "renews": True, "is_print": True}),
    "quarterly print": (1900, {"term_months": 3, "renews": True, "is_print": True}),
    "fixed": (5000, {"term_months": 12}),
    "season": (1500, {"term_months": 3}),
}
FIRST_PRICE = 107
DEARER = 11
"""By how much a price grows when it does."""
ONLINE = {"monthly": 50, "yearly": 15, "trial": 20, "fixed": 8, "season": 7}
FIXED = ("fixed", "season")
PRINTED = {"print": 50, "quarterly print": 50}


def months_paid_for(minor: int) -> int:
    """Promise: how many months are given for this amount."""
    if minor == FIRST_PRICE:
        return 1
    for price, fields in SOLD.values():
        if minor >= price and (minor - price) % DEARER == 0 and minor - price < 10 * DEARER:
            return int(fields["term_months"])
    raise ValueError(f"nothing costs {minor}")


def product(code: str) -> Product:
    return Product.objects.prefetch_related("prices").get(code=code.replace(" ", "-"))


def open_shop() -> None:
    for code, (minor, fields) in SOLD.items():
        made = Product.objects.create(code=code.replace(" ", "-"), name=f"The archive, {code}", **fields)
        first = FIRST_PRICE if code == "trial" else None
        Price.objects.create(
            product=made, region=Region.ANYWHERE, minor=minor, currency="GBP", first_minor=first
        )


def raise_price(code: str, now: datetime) -> int:
    """Promise: it costs more from now on, and who has it is told of a later day; how many were told."""
    sold = product(code)
    price = sold.prices.get()
    price.minor += DEARER
    price.save()
    held = Subscription.objects.filter(product=sold).exclude(state="ended").order_by("pk")
    for one in held:
        changing.announce_price(one, price.minor, now + NOTICE, now)
    return len(held)
