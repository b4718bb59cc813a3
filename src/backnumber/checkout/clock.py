"""What is done about subscriptions by the clock: charged, tried again, resumed, ended, told of. Each step first writes down what it is
about to do and lets go of the database; then the provider is asked; then the truth is applied by `service.settle`. A step that is
interrupted anywhere is taken up by the next run, with the same keys.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from backnumber.checkout import locks, notices, renewing, service, wares
from backnumber.checkout.models import Order
from backnumber.payments import queries as payment_queries
from backnumber.payments import service as payments
from backnumber.payments.models import Payment
from backnumber.payments.provider import ProviderRefused, ProviderUnavailable
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import subscription_for_update, to_act_on
from backnumber.renewals.rules import CHARGED_BEFORE, GRACE, charge_at, price_at

logger = logging.getLogger(__name__)

State, Ended = Subscription.State, Subscription.Ended
AT_ONCE = 500
LOOK_AGAIN = timedelta(minutes=10)
PAYS_FOR = timedelta(hours=2)


def act_on_all(now: datetime) -> int:
    """Promise: all that was to be done about subscriptions by `now` is done; how many were looked at. One that fails keeps no other
    waiting; the next run tries it again.
    """
    looked_at = 0
    for key in _all_due(now):
        looked_at += 1
        try:
            act_on(key, now)
        except ProviderUnavailable as why:
            logger.warning("subscription %s: the provider does not answer (%s)", key, why)
        except Exception:
            logger.exception("subscription %s could not be looked at", key)
    return looked_at


def _all_due(now: datetime) -> Iterator[str]:
    seen: set[str] = set()
    while fresh := [key for key in to_act_on(now, AT_ONCE + len(seen)) if key not in seen]:
        seen.update(fresh)
        yield from fresh


def act_on(key: str, now: datetime) -> None:
    """Promise: what is due of this subscription is done. Errors: ProviderUnavailable; it is looked at again in some minutes.
    Subscription.DoesNotExist.
    """
    payment = _prepare(key, now)
    if payment is not None:
        charge(payment, now)


def charge(payment: Payment, now: datetime) -> Order:
    """Promise: the payment is charged to its mandate and its order settled. A refusal counts as a mandate that is gone. Errors:
    ProviderUnavailable.
    """
    try:
        answer = payments.charge(payment, now)
    except ProviderRefused as why:
        logger.warning("payment %s was refused: %s", payment.request_key, why)
        answer = payments.refused(payment)
    return service.settle_by(payment.order_key, [answer], now)


@transaction.atomic
def _prepare(key: str, now: datetime) -> Payment | None:
    subscription = hold(key)
    if subscription.has_ended or subscription.acts_at is None or subscription.acts_at > now:
        return None
    if subscription.reader is None:
        renewing.end(subscription, Ended.DELETED, now)
        return None
    subscription.acts_at = max(subscription.acts_at, now + LOOK_AGAIN)  # in case this is interrupted
    subscription.save(update_fields=["acts_at"])
    renewing.follow_terms(subscription.reader, subscription, now)
    match subscription.state:
        case State.ENDING:
            _ending(subscription, now)
            return None
        case State.PAUSED:
            return _paused(subscription, now)
        case State.UNPAID if now >= subscription.paid_until + GRACE:
            renewing.end(subscription, Ended.UNPAID, now)
            notices.ended(subscription, now)
            return None
        case _:
            return _renewal(subscription, now)


def hold(key: str) -> Subscription:
    """Promise: the subscription, locked until the transaction ends, its reader before it, as everywhere. Errors: Subscription.DoesNotExist."""
    reader = Subscription.objects.values_list("reader", flat=True).get(key=key)
    locks.hold(reader)
    return subscription_for_update(key)


def _ending(subscription: Subscription, now: datetime) -> None:
    if now < subscription.paid_until:
        _look_at(subscription, subscription.paid_until)
        return
    renewing.end(subscription, Ended.CANCELLED, now)
    notices.ended(subscription, now)


def _paused(subscription: Subscription, now: datetime) -> Payment | None:
    """What was paused begins a new chain of terms on the day it goes on, or where a gift that was redeemed meanwhile ends."""
    begins = subscription.paused_until or now
    if now < begins - CHARGED_BEFORE:
        _look_at(subscription, begins - CHARGED_BEFORE)
        return None
    subscription.state, subscription.paused_until = State.ACTIVE, None
    subscription.paid_until = subscription.anchor = max(begins, now)
    subscription.months_before = 0
    subscription.save()
    if subscription.reader is not None:
        renewing.wait_for_cover(subscription.reader, subscription, now)
    return _renewal(subscription, now)


def _look_at(subscription: Subscription, at: datetime) -> None:
    subscription.acts_at = at
    subscription.save(update_fields=["acts_at"])


def _renewal(subscription: Subscription, now: datetime) -> Payment | None:
    if subscription.state == State.ACTIVE and now < charge_at(subscription.paid_until):
        _look_at(subscription, charge_at(subscription.paid_until))
        return None
    order = renewal_order(subscription, now)
    if order.is_settled:
        return None
    if payment_queries.is_under_way(order.key, since=now - PAYS_FOR):
        _look_at(subscription, now + PAYS_FOR)  # the bank, or the reader, is at it: it is not charged twice
        return None
    return payments.reserve(
        order.key,
        order.amount,
        order.label,
        email=order.email,
        now=now,
        charged=subscription.mandate_key or payments.NO_MANDATE,
        provider=subscription.provider,
    )


def renewal_order(subscription: Subscription, now: datetime) -> Order:
    """Promise: the one order for the subscription's next term, open, at the price agreed for that day. The caller holds the
    subscription.
    """
    product = subscription.next_product or subscription.product
    minor = price_at(
        subscription.minor, subscription.next_minor, subscription.next_from, subscription.paid_until
    )
    months = (
        (product.term_months or subscription.months) if subscription.next_product else subscription.months
    )
    seats = subscription.seats if subscription.next_seats is None else subscription.next_seats
    order, is_new = Order.objects.get_or_create(
        subscription=subscription,
        term=subscription.term + 1,
        defaults={
            "reader": subscription.reader,
            "email": subscription.reader.email if subscription.reader else "",
            "product": product,
            "label": wares.label(product, None, seats),
            "seats": seats,
            "months": months,
            "minor": minor,
            "currency": subscription.currency,
            "region": subscription.region,
            "address": subscription.address,
            "renews": True,
            "renewal_minor": minor,
            "renewal_months": months,
            "placed_at": now,
        },
    )
    if not is_new and not order.is_settled and order.state != Order.State.OPEN:
        order.state = Order.State.OPEN
        order.save(update_fields=["state"])
    return order


def tell_all(now: datetime) -> int:
    """Promise: who is to be told of a renewal or of an end by `now` has a mail about it, once; how many were sent."""
    return notices.tell_of_renewals(now) + notices.tell_of_ends(now) + notices.invite_back(now)
