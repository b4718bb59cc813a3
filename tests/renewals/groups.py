"""A group for tests: bought at the till, invited to, taken."""

import re
from datetime import datetime

from django.core import mail

from backnumber.checkout import grouping, service
from backnumber.checkout.models import new_key
from backnumber.checkout.service import Wish
from backnumber.groups import service as groups
from backnumber.groups.models import Group, Seat
from backnumber.payments.till import service as till
from backnumber.products.models import Product, Region
from backnumber.products.queries import price_for
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from tests.checkout import steps
from tests.making import NOON
from tests.renewals import renewing


def sold(**fields: object) -> Product:
    seats = {"is_group": True, "seats_from": 2, "seats_to": 30, **fields}
    return renewing.product("class", 200, **seats)


def bought(owner: Reader, seats: int = 3, *, now: datetime = NOON, product: Product | None = None) -> Group:
    product = product or sold()
    price = price_for(product, Region.ANYWHERE)
    assert price is not None
    wish = Wish(product, price, Region.ANYWHERE, seats=product.seats_for(seats))
    placed = service.place(owner, wish, new_key(), now)
    service.pay(placed.key, now)
    till.press(steps.at_the_till(placed).key, till.Button.APPROVE, now)
    service.settle(placed.key, now)
    return Group.objects.get(orders=placed)


def invite(group: Group, *emails: str, now: datetime = NOON) -> list[str]:
    """The tokens in the mails."""
    mail.outbox.clear()
    groups.invite(group, emails, now)
    return [re.findall(r"/groups/join/([\w-]+)/", str(sent.body))[0] for sent in mail.outbox]


def seat(group: Group, reader: Reader, now: datetime = NOON) -> Seat:
    [token] = invite(group, f"invited-{reader.pk}@example.org", now=now)
    return groups.take(token, reader, now)


def behind(group: Group) -> Subscription:
    found = grouping.subscription_behind(group)
    assert found is not None
    return found


def heirs_token(group: Group, email: str) -> str:
    mail.outbox.clear()
    groups.ask_heir(group, email)
    return re.findall(r"/groups/own/([\w-]+)/", str(mail.outbox[0].body))[0]
