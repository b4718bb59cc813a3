"""What a reader does with a subscription: stop it and take it up again, pause it, switch it, give another card, pay what failed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from backnumber.checkout import clock, notices, renewing, service
from backnumber.checkout.clock import hold
from backnumber.checkout.rules import months_after
from backnumber.payments import providers
from backnumber.payments.provider import MandateRequest
from backnumber.products.models import Product, Region
from backnumber.products.queries import for_sale, price_for
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import LIVING
from backnumber.renewals.rules import LONGEST_PAUSE_MONTHS, charge_at

State, Ended = Subscription.State, Subscription.Ended


class NotNow(Exception):
    """What was asked for cannot be done as the subscription stands; the message says so to its reader."""


@transaction.atomic
def cancel(key: str, now: datetime) -> Subscription:
    """Promise: nothing more is charged; what is paid for stays open until exactly its end. Asked again, nothing changes."""
    subscription = hold(key)
    if subscription.has_ended or subscription.state == State.ENDING:
        return subscription
    subscription.cancelled_at = now
    if now >= subscription.paid_until:
        renewing.end(subscription, Ended.CANCELLED, now)
    else:
        subscription.state, subscription.paused_until = State.ENDING, None
        subscription.acts_at = subscription.paid_until
        subscription.save()
    notices.changed(subscription, "cancelled", now)
    return subscription


@transaction.atomic
def resume(key: str, now: datetime) -> Subscription:
    """Promise: it renews again, as if it had not been stopped or paused. A pause that had begun ends now. Errors: NotNow."""
    subscription = hold(key)
    if subscription.has_ended:
        raise NotNow("It has ended. You can take it up again as a new subscription.")
    if subscription.state not in {State.ENDING, State.PAUSED}:
        return subscription
    if not subscription.mandate_key:
        raise NotNow("We have no card or account to charge. Give one below; then it renews again.")
    was_paused = subscription.state == State.PAUSED
    subscription.state, subscription.cancelled_at, subscription.paused_until = State.ACTIVE, None, None
    if was_paused and now >= subscription.paid_until:
        subscription.paid_until = subscription.anchor = now
        subscription.months_before = 0
    subscription.acts_at = max(now, charge_at(subscription.paid_until))
    subscription.save()
    notices.changed(subscription, "resumed", now)
    return subscription


@transaction.atomic
def pause(key: str, months: int, now: datetime) -> Subscription:
    """Promise: after what is paid for nothing is charged for so many months; then it goes on. Errors: NotNow, ValueError for a pause that
    is too long or none.
    """
    if not 1 <= months <= LONGEST_PAUSE_MONTHS:
        raise ValueError(f"a pause is of 1 to {LONGEST_PAUSE_MONTHS} months")
    subscription = hold(key)
    if subscription.state != State.ACTIVE:
        raise NotNow("Only a subscription that renews can be paused.")
    subscription.state = State.PAUSED
    subscription.paused_until = months_after(subscription.paid_until, months, ZoneInfo(settings.TIME_ZONE))
    subscription.acts_at = charge_at(subscription.paused_until)
    subscription.save()
    notices.changed(subscription, "paused", now)
    return subscription


def choices_of(subscription: Subscription) -> list[Product]:
    """Promise: what the subscription can be switched to: other products that renew, are sold to this reader and have a price for them in
    the same currency, and post no copies unless it does already.
    """
    return [
        product
        for product in for_sale()
        if product.renews
        and product.pk != subscription.product_id
        and product.is_group == subscription.product.is_group
        and (not product.is_print or subscription.address)
        and subscription.reader is not None
        and product.is_for(subscription.reader.email)
        and _price(subscription, product) is not None
    ]


def _price(subscription: Subscription, product: Product) -> int | None:
    price = price_for(product, Region(subscription.region))
    if price is None or price.currency != subscription.currency:
        return None
    return product.cost(price.minor, product.seats_for(subscription.seats))


@transaction.atomic
def switch(key: str, product: Product, now: datetime) -> Subscription:
    """Promise: from the next renewal on it is this product, at today's price, without gap or overlap; what is paid for stays as it is. The
    product it is already undoes a switch. Errors: NotNow.
    """
    subscription = hold(key)
    if subscription.state not in {State.ACTIVE, State.ENDING, State.PAUSED}:
        raise NotNow("It can be switched once it is paid for again.")
    if product.pk == subscription.product_id:
        subscription.next_product = subscription.next_minor = subscription.next_from = None
        subscription.next_seats = None
    else:
        choice = next((one for one in choices_of(subscription) if one.pk == product.pk), None)
        minor = _price(subscription, choice) if choice else None
        if choice is None or minor is None:
            raise NotNow("It cannot be switched to that.")
        subscription.next_product, subscription.next_minor = choice, minor
        subscription.next_from = subscription.began_at
        subscription.next_seats = choice.seats_for(subscription.seats) if choice.is_group else None
    subscription.save()
    notices.changed(subscription, "switched", now)
    return subscription


@transaction.atomic
def set_seats(key: str, seats: int, now: datetime) -> Subscription:
    """Promise: from the next renewal on a group has so many seats, at today's price of them; what is paid for stays as it is. Errors: NotNow."""
    subscription = hold(key)
    product = subscription.product
    if subscription.state not in {State.ACTIVE, State.ENDING, State.PAUSED} or subscription.next_product:
        raise NotNow(
            "The number can be changed once it is paid for again, and is not to become something else."
        )
    if not product.is_group or seats != product.seats_for(seats) or not product.per_seat:
        raise NotNow(f"Choose from {product.seats_from} to {product.seats_to} seats.")
    price = price_for(product, Region(subscription.region))
    if price is None or price.currency != subscription.currency:
        raise NotNow("It is not sold any more as it was. Write to us.")
    if seats == subscription.seats:
        subscription.next_seats = subscription.next_minor = subscription.next_from = None
    else:
        subscription.next_seats, subscription.next_minor = seats, product.cost(price.minor, seats)
        subscription.next_from = subscription.began_at
    subscription.save()
    notices.changed(subscription, "seats", now)
    return subscription


def begin_card(key: str, reader: Reader, now: datetime) -> str:
    """Promise: the provider's page where the reader gives another card or account. Errors: ProviderUnavailable, ProviderRefused."""
    subscription = _count_card(key)
    page = settings.ADDRESS + subscription.get_absolute_url()
    begun = providers.provider(subscription.provider).begin_mandate(
        MandateRequest(
            f"{subscription.key}-card-{subscription.cards}",
            subscription.mandate_key,
            settings.ADDRESS + reverse("subscription_card", args=[subscription.key]),
            page,
            reader.email,
            subscription.currency,
        ),
        now,
    )
    Subscription.objects.filter(pk=subscription.pk).update(card_asked=begun.payment_key)
    return begun.address


@transaction.atomic
def _count_card(key: str) -> Subscription:
    subscription = hold(key)
    subscription.cards += 1
    subscription.save(update_fields=["cards"])
    return subscription


def take_card(key: str, now: datetime) -> bool:
    """Promise: what the reader gave on the page of `begin_card` is charged from now on, and what had failed is charged at once; whether
    there was anything. Errors: ProviderUnavailable.
    """
    asked = Subscription.objects.get(key=key)
    if not asked.card_asked:
        return False
    mandate = providers.provider(asked.provider).fetch_mandate(asked.card_asked, now)
    if mandate is None:
        return False
    with transaction.atomic():
        subscription = hold(key)
        if subscription.card_asked != asked.card_asked:
            return True
        subscription.mandate_key, subscription.mandate_label = mandate.key, mandate.label[:80]
        subscription.mandate_expires, subscription.card_asked = mandate.expires, ""
        if subscription.state == State.UNPAID:
            subscription.acts_at = now
        subscription.save()
        notices.changed(subscription, "card", now)
        is_unpaid = subscription.state == State.UNPAID
    if is_unpaid:
        clock.act_on(key, now)
    return True


def pay(key: str, now: datetime) -> str:
    """Promise: the page where the reader pays the renewal that failed, with any card. Errors: NotNow, ProviderUnavailable, ProviderRefused."""
    with transaction.atomic():
        subscription = hold(key)
        if subscription.state != State.UNPAID:
            raise NotNow("Nothing is left to pay.")
        order = clock.renewal_order(subscription, now)
    return service.pay(order.key, now)


@transaction.atomic
def announce_price(subscription: Subscription, minor: int, begins: datetime, now: datetime) -> None:
    """Promise: renewals at or after `begins` cost this; the reader has a mail that says so, and pays the old price until then."""
    held = hold(subscription.key)
    if held.has_ended or held.minor == minor or held.next_product is not None:
        return
    held.next_minor, held.next_from = minor, begins
    held.save(update_fields=["next_minor", "next_from"])
    notices.price_will_change(held, now)


def end_all_of(
    reader: Reader, now: datetime, because: Subscription.Ended = Subscription.Ended.DELETED
) -> int:
    """Promise: nothing can be charged to this reader any more, at the providers first, then here; how many subscriptions ended. For an
    account about to be deleted, or a reader who has died. Errors: ProviderUnavailable; what was not ended goes on.
    """
    living = list(Subscription.objects.filter(reader=reader, state__in=LIVING))
    for one in living:
        if one.mandate_key:
            providers.provider(one.provider).forget_mandate(one.mandate_key, now)
        with transaction.atomic():
            subscription = hold(one.key)
            subscription.mandate_key = subscription.mandate_label = ""
            subscription.mandate_expires = None
            if not subscription.has_ended:
                renewing.end(subscription, because, now)
    return len(living)
