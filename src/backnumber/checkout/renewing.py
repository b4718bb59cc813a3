"""What an order's money means for its subscription. Every command here runs within `service.settle`, under the reader's lock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from backnumber.checkout import notices, queries, rights, rules
from backnumber.checkout.models import Order
from backnumber.payments.provider import Decline, Mandate
from backnumber.payments.queries import last_payment
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import living, subscription_for_update
from backnumber.renewals.rules import GRACE, after_failure, charge_at

State, Ended = Subscription.State, Subscription.Ended


def next_term(subscription: Subscription, order: Order, paid_at: datetime, zone: ZoneInfo) -> rules.Term:
    """Promise: the term that follows what is paid for, without gap or overlap; from the payment on, when grace was over before it came."""
    until = subscription.paid_until
    if paid_at >= until + GRACE:
        return rules.first_term(paid_at, order.months, zone)
    held = rules.Term(until, until, subscription.anchor, subscription.months_before, 0)
    return rules.next_term(held, order.months, zone)


def term_was_paid(order: Order, term: rules.Term, mandate: Mandate | None, now: datetime) -> None:
    """Promise: the order's subscription is paid until the end of the term; the first term of what renews begins one, or lengthens the
    one there is.
    """
    subscription = order.subscription
    if subscription is None:
        if order.renews:
            _begin(order, term, mandate)
        return
    subscription = subscription_for_update(subscription.key)
    end_grace_of(subscription, "Paid", now)
    if order.product_id != subscription.product_id:
        subscription.product, subscription.next_product = order.product, None
        subscription.months = order.months
    subscription.minor, subscription.seats = order.minor, order.seats
    if subscription.next_seats == order.seats:
        subscription.next_seats = None
    if subscription.next_minor == order.minor:
        subscription.next_minor = subscription.next_from = None
    subscription.term = max(subscription.term, order.term)
    _set_paid_until(subscription, term)
    _take_mandate(subscription, mandate)
    subscription.failures, subscription.decline = 0, ""
    if subscription.state == State.UNPAID:
        subscription.state = State.ACTIVE
        notices.recovered(subscription, now)
    _set_clock(subscription)
    subscription.save()


def _begin(order: Order, term: rules.Term, mandate: Mandate | None) -> None:
    paid_by = last_payment(order.key)
    there = living(order.reader, order.product) if order.reader else None
    if there is not None:
        _set_paid_until(there, term)
        _take_mandate(there, mandate)
        _set_clock(there)
        there.save()
        return
    made, _ = Subscription.objects.get_or_create(
        first_order=order.key,
        defaults={
            "reader": order.reader,
            "product": order.product,
            "months": order.renewal_months or order.months,
            "minor": order.renewal_minor or order.minor,
            "currency": order.currency,
            "seats": order.seats,
            "region": order.region,
            "address": order.address,
            "provider": paid_by.provider if paid_by else "",
            "began_at": order.paid_at or term.begins,
            "paid_until": term.until,
            "anchor": term.anchor,
            "months_before": term.months_before + term.months,
        },
    )
    _take_mandate(made, mandate)
    if not made.mandate_key:
        made.state = State.ENDING  # nothing may be charged again, and the reader is told so before the end
    _set_clock(made)
    made.save()
    order.subscription = made
    order.save(update_fields=["subscription"])


def _set_paid_until(subscription: Subscription, term: rules.Term) -> None:
    subscription.paid_until, subscription.anchor = term.until, term.anchor
    subscription.months_before = term.months_before + term.months


def _take_mandate(subscription: Subscription, mandate: Mandate | None) -> None:
    if mandate is not None:
        subscription.mandate_key, subscription.mandate_label = mandate.key, mandate.label[:80]
        subscription.mandate_expires = mandate.expires


def _set_clock(subscription: Subscription) -> None:
    match subscription.state:
        case State.ACTIVE:
            subscription.acts_at = charge_at(subscription.paid_until)
        case State.ENDING:
            subscription.acts_at = subscription.paid_until


def follow_what_is_paid(reader: Reader, product: Product, now: datetime) -> None:
    """Promise: a subscription that gives what `product` gives is charged when all that is paid for is over, and not before: another
    term of the same (a gift, a second order) that follows on it puts the renewal off; a refund of that brings it back.
    """
    there = living(reader, product)
    if there is not None:
        follow_terms(reader, there, now)


def follow_terms(reader: Reader, there: Subscription, now: datetime) -> None:
    """Promise: as `follow_what_is_paid`, for a subscription of the reader that is at hand; it is changed in place and saved."""
    if there.state not in {State.ACTIVE, State.ENDING}:
        return
    last = rules.last_of_cover(queries.terms_held(reader, there.product), now) or _own_term(there)
    if last is None or last.until == there.paid_until:
        return
    _set_paid_until(there, last)
    _set_clock(there)
    there.save()


def wait_for_cover(reader: Reader, there: Subscription, now: datetime) -> None:
    """Promise: what goes on after a pause is charged no earlier than where all that covers the present ends."""
    last = rules.last_of_cover(queries.terms_held(reader, there.product), now)
    if last is not None and last.until > there.paid_until:
        _set_paid_until(there, last)
        _set_clock(there)
        there.save()


def a_gift_covers(reader: Reader, product: Product, now: datetime) -> None:
    """Promise: after a gift was redeemed, a subscription of the same whose renewal had failed asks for nothing until the gift is over;
    one that renews is put off.
    """
    there = living(reader, product)
    if there is None:
        return
    if there.state == State.UNPAID:
        end_grace_of(there, "A gift follows", now)
        there.state, there.failures, there.decline = State.ACTIVE, 0, ""
    follow_terms(reader, there, now)


def _own_term(subscription: Subscription) -> rules.Term | None:
    """The last term paid for it, when nothing covers the present any more; None for one that goes on after a pause, whose next term
    begins anew.
    """
    own = _last_paid(subscription)
    if subscription.months_before == 0 or own is None or not (own.begins and own.until and own.anchor):
        return None
    return rules.Term(own.begins, own.until, own.anchor, own.months_before, own.months)


def money_is_on_its_way(order: Order) -> None:
    """Promise: a renewal that the bank has not yet settled shuts nobody out for as long as grace lasts."""
    if order.subscription is None or order.term < 2 or order.begins is not None:
        return
    subscription = subscription_for_update(order.subscription.key)
    if not subscription.has_ended:
        give_grace(subscription)


def charge_failed(order: Order, now: datetime) -> None:
    """Promise: after a renewal that failed: grace until a day that is told, the next try, and one mail that says what to do."""
    if order.subscription is None or order.term < 2:
        return
    subscription = subscription_for_update(order.subscription.key)
    if subscription.has_ended or subscription.term >= order.term:
        return
    paid_by = last_payment(order.key)
    decline = Decline(paid_by.decline) if paid_by and paid_by.decline else Decline.OTHER
    follows = after_failure(subscription.paid_until, decline, now)
    subscription.failures += 1
    subscription.decline = decline.value
    if subscription.state == State.ACTIVE:
        subscription.state = State.UNPAID
    subscription.acts_at = follows.next_try or follows.over_at
    subscription.save()
    give_grace(subscription)
    notices.charge_failed(subscription, now)


def give_grace(subscription: Subscription) -> None:
    """Promise: what the last paid term opens stays open for `GRACE` after it, once a term. It rests on the payment of that term."""
    last = _last_paid(subscription)
    if last is None or last.reader is None or last.begins is None:
        return
    rights.give(
        last,
        subscription.reader or last.reader,
        key=_grace_key(last),
        starts=subscription.paid_until,
        until=subscription.paid_until + GRACE,
        label=f"{last.product.name}, until the renewal is paid",
        now=subscription.paid_until,
    )


def end_grace(order: Order, because: str, now: datetime) -> None:
    """Promise: grace that followed on the term of this order opens nothing from `now` on."""
    rights.end(order, key=_grace_key(order), because=because, at=now)


def end_grace_of(subscription: Subscription, because: str, now: datetime) -> None:
    """Promise: grace that followed on the last term that was paid for opens nothing from `now` on."""
    last = _last_paid(subscription)
    if last is not None:
        end_grace(last, because, now)


def _grace_key(order: Order) -> str:
    return f"{order.key}.grace"


def _last_paid(subscription: Subscription) -> Order | None:
    paid = Order.objects.filter(
        subscription=subscription, state=Order.State.PAID, term__lte=subscription.term
    )
    return paid.select_related("product", "reader", "article", "group").order_by("-term").first()


def term_was_taken_back(order: Order, state: Order.State, now: datetime) -> None:
    """Promise: when the last term that was paid for is taken back, the subscription ends; an earlier one changes nothing of it."""
    if order.subscription is None:
        return
    subscription = subscription_for_update(order.subscription.key)
    if subscription.has_ended or order.term < subscription.term:
        return
    end(subscription, Ended.DISPUTED if state == Order.State.DISPUTED else Ended.REFUNDED, now)


def end(subscription: Subscription, because: Subscription.Ended, now: datetime) -> None:
    """Promise: nothing is charged any more. What is paid for stays open to its end; grace does not. An open renewal is set aside."""
    Order.objects.filter(
        subscription=subscription, term__gt=subscription.term, state=Order.State.OPEN
    ).update(state=Order.State.CANCELLED)
    subscription.state, subscription.ended_at, subscription.ended_because = State.ENDED, now, because
    subscription.acts_at = subscription.paused_until = None
    subscription.save()
    end_grace_of(subscription, because.label, now)
