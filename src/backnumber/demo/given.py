"""The demo's gift: bought by Ada at the till, and waiting for its day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from backnumber.checkout import presenting, service
from backnumber.payments import providers
from backnumber.payments.models import Payment
from backnumber.payments.till import service as till
from backnumber.presents.models import Present
from backnumber.products.models import Product, Region
from backnumber.products.queries import price_for
from backnumber.readers.models import Reader

CODE = "gift-year"
TOKEN = "demogift"  # noqa: S105  # the form it is said to come from


def load(now: datetime) -> bool:
    """Promise: a gift from Ada to Percy, paid for, that goes by mail on Christmas Eve; whether it is new. None where the
    demo's till takes no payments.
    """
    ada = Reader.objects.filter(email="ada@example.com").first()
    product = Product.objects.filter(code=CODE).prefetch_related("prices").first()
    price = price_for(product, Region.ANYWHERE) if product else None
    if settings.PAYMENTS != "till" or ada is None or product is None or price is None:
        return False
    if Present.objects.filter(donor=ada).exists():
        return False
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    eve = today.replace(month=12, day=24)
    said = presenting.Wording(
        donor_name="Ada Lovell",
        recipient_name="Percy",
        message="Seventy years of it, and no more excuses about the attic. Begin with the eunuch’s timetable.",
        sent_to="percy@example.com",
        arrives_on=eve if eve >= today else eve.replace(year=eve.year + 1),
    )
    by = Present.By.MAIL.value
    order = presenting.place(ada, product, price, Region.ANYWHERE, by, said, TOKEN, now)
    service.pay(order.key, now)
    paid = Payment.objects.filter(order_key=order.key, provider=providers.current().name).latest("attempt")
    till.press(paid.key or "", till.Button.APPROVE, now)
    service.settle(order.key, now)
    return True
