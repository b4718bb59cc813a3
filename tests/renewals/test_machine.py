"""Anything may happen to a reader's subscriptions and orders, in any order, and word of it may be lost, doubled or late. What must hold is
held after every step: the money adds up, nobody pays twice for a day, and paid means access, to the instant.

A short run, always the same, is part of the tests. With BACKNUMBER_LONG_TESTS=yes it runs for tens of thousands of steps, each time others.
"""

import itertools
import os
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from backnumber.checkout import changing, clock, service
from backnumber.checkout.models import Order
from backnumber.grants.models import Grant
from backnumber.payments.models import LedgerEntry, Payment
from backnumber.payments.rules import balance
from backnumber.payments.till import service as till
from backnumber.payments.till.models import TillMandate, TillPayment
from backnumber.payments.till.truths import truth_of
from backnumber.renewals.models import Subscription
from tests import making
from tests.checkout import deliveries
from tests.making import NOON
from tests.renewals import renewing

IS_LONG = bool(os.environ.get("BACKNUMBER_LONG_TESTS"))
EXAMPLES, STEPS = (1500, 60) if IS_LONG else (6, 15)
PRODUCTS = ("monthly", "yearly", "fixed")
HOURS = st.sampled_from([24 * 31, 24 * 8, 2, 0])
seen: Counter[str] = Counter()
"""What came to pass over all examples, so that a machine that does nothing is noticed."""


class Selling(RuleBasedStateMachine):
    """One reader, three products of the same scope, and the clock."""

    @initialize(first=st.sampled_from(PRODUCTS))
    def begin(self, first: str) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        mail.outbox.clear()
        self.now = NOON
        self.reader = making.reader("machine")
        self.sold = {
            "monthly": renewing.product("monthly", 600, 1),
            "yearly": renewing.product("yearly", 4800, 12),
            "fixed": renewing.product("fixed", 5000, 12, renews=False),
        }
        renewing.pay(renewing.order(self.reader, self.sold[first], now=self.now), now=self.now)

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            seen["renewals paid"] += Order.objects.filter(term__gt=1, state=Order.State.PAID).count()
            seen["went back"] += LedgerEntry.objects.filter(minor__lt=0).count()
            seen["ended unpaid"] += Subscription.objects.filter(ended_because="unpaid").count()
            seen["grace"] += Grant.objects.filter(evidence_key__endswith=".grace").count()
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @rule(hours=HOURS, code=st.sampled_from(PRODUCTS))
    def order(self, hours: int, code: str) -> None:
        self.later(hours)
        with suppress(service.Subscribed):
            renewing.order(self.reader, self.sold[code], now=self.now)

    @rule(hours=HOURS, code=st.sampled_from(PRODUCTS), later=st.sampled_from(TillMandate.Later))
    def buy(self, hours: int, code: str, later: TillMandate.Later) -> None:
        self.later(hours)
        try:
            placed = renewing.order(self.reader, self.sold[code], now=self.now)
        except service.Subscribed:
            assert Subscription.objects.exclude(state="ended").exists()
        else:
            renewing.pay(placed, now=self.now, later=later)

    @rule(
        hours=HOURS,
        button=st.sampled_from(till.Button),
        later=st.sampled_from(TillMandate.Later),
        which=st.integers(0, 1),
    )
    def press(self, hours: int, button: till.Button, later: TillMandate.Later, which: int) -> None:
        self.later(hours)
        open_pages = TillPayment.objects.filter(state="open").order_by("-pk")
        if which < len(open_pages):
            till.press(open_pages[which].key, button, self.now, later)

    @rule(
        hours=HOURS,
        which=st.integers(0, 1),
        kind=st.sampled_from(["payment.paid", "payment.refunded", "payment.declined"]),
    )
    def word_comes(self, hours: int, which: int, kind: str) -> None:
        self.later(hours)
        known = Payment.objects.filter(key__isnull=False).order_by("-pk")
        if which < len(known):
            deliveries.deliver(Order.objects.get(key=known[which].order_key), kind, self.now)

    @rule(hours=st.sampled_from([5, 24 * 9, 24 * 33, 24 * 40]))
    def time_goes_by(self, hours: int) -> None:
        self.later(hours)

    def later(self, hours: int) -> None:
        """The clock goes on, and what is due is done."""
        seen["steps"] += 1
        seen["days"] += hours // 24
        until = self.now + timedelta(hours=hours)
        while self.now < until:
            self.now = min(until, self.now + timedelta(hours=max(1, min(24, hours // 8))))
            clock.act_on_all(self.now)

    @rule(hours=HOURS, later=st.sampled_from(TillMandate.Later))
    def the_card_changes(self, hours: int, later: TillMandate.Later) -> None:
        self.later(hours)
        TillMandate.objects.update(later=later)

    @precondition(lambda self: Subscription.objects.exclude(state="ended").exists())
    @rule(hours=HOURS, do=st.sampled_from(["cancel", "resume", "pause", "monthly", "yearly", "pay"]))
    def the_reader_changes_it(self, hours: int, do: str) -> None:
        self.later(hours)
        held = Subscription.objects.exclude(state="ended").latest("pk")
        try:
            match do:
                case "cancel":
                    changing.cancel(held.key, self.now)
                case "resume":
                    changing.resume(held.key, self.now)
                case "pause":
                    changing.pause(held.key, 2, self.now)
                case "pay":
                    changing.pay(held.key, self.now)
                case code:
                    changing.switch(held.key, self.sold[code], self.now)
        except changing.NotNow:
            pass

    @rule(hours=HOURS, which=st.integers(0, 1), part=st.sampled_from([1, 3]), ends_right=st.booleans())
    def staff_give_back(self, hours: int, which: int, part: int, ends_right: bool) -> None:
        self.later(hours)
        paid = Order.objects.filter(begins__isnull=False).order_by("-pk")
        if which < len(paid):
            with suppress(ValueError):
                service.refund(paid[which].key, paid[which].minor // part, ends_right=ends_right, because="x", by="y", now=self.now)  # fmt: skip

    @rule(hours=HOURS, which=st.integers(0, 1), step=st.sampled_from([s for s in TillPayment.Dispute if s]))
    def the_bank_disputes(self, hours: int, which: int, step: TillPayment.Dispute) -> None:
        self.later(hours)
        pages = TillPayment.objects.filter(state="approved").order_by("-pk")
        if which < len(pages):
            till.dispute(pages[which].key, step, self.now)

    @invariant()
    def what_is_true_stands(self) -> None:
        if not hasattr(self, "transaction"):
            return
        for payment in Payment.objects.filter(key__isnull=False):
            service.settle(payment.order_key, self.now)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        self._ledger_is_what_the_till_says()
        self._paid_is_open_and_nothing_else()
        self._no_day_is_paid_twice()
        assert Subscription.objects.exclude(state="ended").count() <= len(PRODUCTS)
        for product in self.sold.values():
            assert Subscription.objects.exclude(state="ended").filter(product=product).count() <= 1

    def _ledger_is_what_the_till_says(self) -> None:
        for payment in Payment.objects.filter(key__isnull=False):
            there = truth_of(TillPayment.objects.get(key=payment.key), self.now)
            says = balance(there)
            ours = LedgerEntry.objects.filter(payment=payment).aggregate(sum=Sum("minor"))["sum"] or 0
            assert ours == says.payment + says.refund + says.dispute

    def _paid_is_open_and_nothing_else(self) -> None:
        """Each order that is paid has one grant that counts, for its term; each that is not has none. Grace hangs on a paid term."""
        live = list(Grant.objects.filter(revoked_at=None, evidence="payment"))
        by_order: dict[str, list[Grant]] = {}
        for grant in live:
            by_order.setdefault(grant.evidence_key.partition(".")[0], []).append(grant)
        orders = {order.key: order for order in Order.objects.all()}
        ended = set(Grant.objects.exclude(revoked_at=None).values_list("evidence_key", flat=True))
        for key, grants in by_order.items():
            assert orders[key].state == Order.State.PAID
            assert len([g for g in grants if not g.evidence_key.endswith(".grace")]) <= 1
        for order in orders.values():
            if (
                order.state == Order.State.PAID
                and order.evidence_key not in ended
                and (order.until or self.now) > self.now
            ):
                terms = [g for g in by_order.get(order.key, []) if not g.evidence_key.endswith(".grace")]
                assert [(g.starts <= max(order.begins or self.now, self.now), g.until) for g in terms] == [(True, order.until)]  # fmt: skip

    def _no_day_is_paid_twice(self) -> None:
        """Terms that count never overlap: a refund or an end by staff makes room, nothing else does."""
        ended = set(Grant.objects.exclude(revoked_at=None).values_list("evidence_key", flat=True))
        terms = sorted(
            (order.begins, order.until)
            for order in Order.objects.filter(state=Order.State.PAID, restored=0)
            if order.evidence_key not in ended and order.begins and order.until
        )
        for (_, until), (begins, _) in itertools.pairwise(terms):
            assert until <= begins


@pytest.mark.django_db
def test_whatever_happens_the_money_adds_up_and_paid_means_access(db: Any) -> None:
    run_state_machine_as_test(
        Selling,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not IS_LONG,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    assert seen["steps"] > 2 * EXAMPLES, seen
    assert seen["renewals paid"] > 0, seen
