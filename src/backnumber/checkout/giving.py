"""What is true of an order's money, done: the right, the printed copies, the subscription, the receipt, given and taken back. Everything
here runs within `service.settle`, under the reader's and the order's lock, and asks no provider.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from backnumber.checkout import (
    invoicing,
    moving,
    postal,
    present_mails,
    present_money,
    queries,
    receipts,
    renewing,
    rights,
    rules,
    wares,
)
from backnumber.checkout.models import Order
from backnumber.circulation import service as circulation
from backnumber.payments import service as payments
from backnumber.payments.provider import PaymentState, PaymentTruth
from backnumber.payments.rules import Outcome, was_lost
from backnumber.readers.models import Reader


def follow(order: Order, found: Outcome, now: datetime) -> None:
    """Promise: the order, its grant, copies, subscription and receipt agree with where its money is; asked again, nothing changes."""
    truth = found.truth
    match found.state:
        case PaymentState.PAID if truth:
            give(order, truth, now)
            _restore(order, now)
            if truth.given_back:
                invoicing.credit(order, now)
        case PaymentState.REFUNDED if truth:
            give(order, truth, now)
            state = Order.State.DISPUTED if was_lost(truth) else Order.State.REFUNDED
            take_back(order, state, truth.disputed_at if was_lost(truth) else truth.refunded_at, now)
            invoicing.credit(order, now)
        case PaymentState.DISPUTED if truth:
            give(order, truth, now)
            take_back(order, Order.State.DISPUTED, truth.disputed_at, now)
        case PaymentState.DECLINED | PaymentState.CANCELLED:
            _stop(order, Order.State(found.state.value), now)
        case PaymentState.PENDING:
            renewing.money_is_on_its_way(order)
        case _:
            pass  # open: there is nothing to say yet


def give(order: Order, truth: PaymentTruth, now: datetime) -> None:
    """What paying does, once: the term, the grant, the printed copies, the subscription, the receipt."""
    if order.begins is not None:
        return
    if order.reader is None:
        payments.flag(order.key, [truth], "Paid after the reader deleted the account: refund it.")
        return
    if order.product.is_by_the_piece and order.article is None:
        payments.flag(order.key, [truth], "Paid for a piece that is no longer there: refund it.")
        return
    paid_at = truth.paid_at or now
    if order.is_gift:
        order.state, order.paid_at, order.begins = Order.State.PAID, paid_at, paid_at
        order.save()
        present_money.was_paid(order.key, now)
    else:
        term = give_right(order, order.reader, paid_at, now)
        if term is not None:
            renewing.term_was_paid(order, term, truth.mandate, now)
            renewing.follow_what_is_paid(order.reader, order.product, now)
    receipts.send_receipt(order)
    invoicing.issue(order, now)


def give_right(order: Order, reader: Reader, paid_at: datetime, now: datetime) -> rules.Term | None:
    """Promise: the order is paid, and its reader has its term, right and copies; the term, None without end. The caller holds the reader."""
    zone = ZoneInfo(settings.TIME_ZONE)
    term = _term(order, reader, paid_at, now, zone)
    order.state, order.paid_at = Order.State.PAID, paid_at
    order.begins, order.until = (term.begins, term.until) if term else (paid_at, None)
    order.anchor, order.months_before = (term.anchor, term.months_before) if term else (paid_at, 0)
    rights.give(
        order,
        reader,
        key=order.key,
        starts=order.begins,
        until=order.until,
        label=order.label,
        now=paid_at,
        kept=wares.scope_kept(order.product, term, zone),
    )
    if order.address is not None and term is not None:
        _send_copies(order, reader, term, zone)
    order.save()
    return term


def _term(
    order: Order, reader: Reader, paid_at: datetime, now: datetime, zone: ZoneInfo
) -> rules.Term | None:
    if order.subscription is not None:
        return renewing.next_term(order.subscription, order, paid_at, zone)
    # where a waiting term was brought forward to now, this one follows it, whenever it was paid
    since = now if moving.bring_forward(reader, order.product, now) else paid_at
    held = queries.terms_held(reader, order.product)
    return rules.term_of(rules.Length(order.months, order.days), held, since, zone)


def _send_copies(order: Order, reader: Reader, term: rules.Term, zone: ZoneInfo) -> None:
    to = postal.from_json(order.address or {})
    starts_on, ends_on = rules.days_of(term, zone)
    circulation.begin_print_subscription(
        reader,
        name=to.name,
        address_lines=postal.street_lines(to),
        postcode=to.postal_code,
        country=to.country_code,
        starts_on=starts_on,
        ends_on=ends_on,
        order_key=order.evidence_key,
        title=order.product.title_id,
        issues=order.product.issues,
        paid_region=order.region,
    )


def take_back(order: Order, state: Order.State, since: datetime | None, now: datetime) -> None:
    """What a refund or a dispute does, once: from `since` (none told: `now`) on the grant opens nothing and no copy is sent; what was paid for and waited
    for its end begins at `now`; a subscription whose last term it was ends.
    """
    if order.begins is None or order.state == state:
        return
    at = since or now
    if order.state == Order.State.PAID:
        end_right(order, f"Order {order.number} {state.label.lower()}", at, now)
    order.state = state
    order.refunded_at = at if state == Order.State.REFUNDED else None
    order.save(update_fields=["state", "refunded_at"])
    renewing.term_was_taken_back(order, state, now)
    if order.reader is not None:
        moving.bring_forward(order.reader, order.product, now)
        renewing.follow_what_is_paid(order.reader, order.product, now)
    if state == Order.State.REFUNDED:
        receipts.send_refund(order)


def end_right(order: Order, because: str, at: datetime, now: datetime) -> None:
    """Promise: from `at` on the order's grant, and the grace that followed on it, open nothing, and no copy of it is sent. A gift can no
    longer be redeemed; what it gave its recipient ends.
    """
    if order.is_gift:
        if present_money.was_taken_back(order.key, because, now):
            end_given(order.key, because, at, now)
        return
    rights.end(order, key=order.evidence_key, because=because, at=at)
    renewing.end_grace(order, because, now)
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    circulation.end_print_subscription(order.evidence_key, on=day)


def end_given(present_order: str, because: str, at: datetime, now: datetime) -> None:
    """Promise: what the gift that this order bought has given ends at `at`, and its recipient is told; nothing before it is redeemed.
    What waited for its end moves up.
    """
    given = queries.given_for_update(present_order)
    if given is None or given.state != Order.State.PAID:
        return
    end_right(given, because, at, now)
    given.state, given.refunded_at = Order.State.REFUNDED, at
    given.save(update_fields=["state", "refunded_at"])
    if given.reader is not None:
        moving.bring_forward(given.reader, given.product, now)
        renewing.follow_what_is_paid(given.reader, given.product, now)
        present_mails.right_ended(given)


def _restore_gift(order: Order, now: datetime) -> None:
    order.state, order.refunded_at = Order.State.PAID, None
    order.save(update_fields=["state", "refunded_at"])
    if not present_money.came_back(order.key):
        return
    given = queries.given_for_update(order.key)
    if given is not None:
        _restore(given, now)


def _restore(order: Order, now: datetime) -> None:
    """The money is here again: a dispute was won, or a refund failed. What is left of the term is given anew; it is a new grant, for a
    grant that was withdrawn stays so.
    """
    if order.begins is None or order.state == Order.State.PAID:
        return
    if order.is_gift:
        _restore_gift(order, now)
        return
    order.state, order.refunded_at = Order.State.PAID, None
    order.restored += 1
    order.save(update_fields=["state", "refunded_at", "restored"])
    if order.reader is None or (order.until is not None and order.until <= now):
        return
    zone = ZoneInfo(settings.TIME_ZONE)
    starts = max(now, order.begins)
    term = None
    if order.until is not None and order.anchor is not None:
        term = rules.Term(starts, order.until, order.anchor, order.months_before, order.months)
    rights.give(
        order,
        order.reader,
        key=order.evidence_key,
        starts=starts,
        until=order.until,
        label=order.label,
        now=now,
        kept=wares.scope_kept(order.product, term, zone),
    )
    if order.address is not None and term is not None:
        _send_copies(order, order.reader, term, zone)
    renewing.follow_what_is_paid(order.reader, order.product, now)


def _stop(order: Order, state: Order.State, now: datetime) -> None:
    """A payment that failed leaves no grant, not even when it had once looked paid."""
    if order.begins is not None:
        take_back(order, state, now, now)
    elif order.state == Order.State.OPEN:
        order.state = state
        order.save(update_fields=["state"])
        renewing.charge_failed(order, now)
