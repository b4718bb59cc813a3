"""Paying: what stands afterwards depends on what is true, not on who told it, how often, in which order."""

from datetime import timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from backnumber.checkout import queries, service
from backnumber.checkout.models import Order
from backnumber.checkout.rules import months_after
from backnumber.grants.models import Grant
from backnumber.payments import queries as payment_queries
from backnumber.payments.models import Payment, WebhookEvent
from backnumber.payments.till.models import TillPayment
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.checkout.deliveries import DELIVERIES
from tests.checkout.outcomes import grants, mails, state
from tests.making import NOON

_readers = count(1)


@st.composite
def happenings(draw: st.DrawFn) -> list[str]:
    """Deliveries dropped, doubled and in any order; among them the facts fall: paid, perhaps refunded."""
    told = draw(st.lists(st.sampled_from(sorted(DELIVERIES)), max_size=7))
    paid = draw(st.integers(0, len(told)))
    told.insert(paid, "PAID")
    if draw(st.booleans()):
        told.insert(draw(st.integers(paid + 1, len(told))), "REFUNDED")
    return told


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(happened=happenings(), code=st.sampled_from(["online-monthly", "print-and-archive"]))
def test_the_state_depends_only_on_the_set_of_facts(happened: list[str], code: str) -> None:
    reader = making.reader(f"reader{next(_readers)}")
    placed = steps.order(reader, code, now=NOON)
    now, facts = NOON, {}
    for what in happened:
        now += timedelta(minutes=7)
        if what == "PAID":
            steps.approve(placed, now)
            facts[what] = now
        elif what == "REFUNDED":
            steps.refund(placed, now)
            facts[what] = now
        else:
            DELIVERIES[what](placed, now)
    for settle_all in (service.reconcile, service.review):
        settle_all(now + timedelta(hours=1))

    paid, refunded = facts["PAID"], facts.get("REFUNDED")
    until = months_after(paid, 1 if code == "online-monthly" else 12, ZoneInfo("Europe/London"))
    stands = state(placed)
    assert stands["order"]["state"] == ("refunded" if refunded else "paid")
    assert (stands["order"]["paid_at"], stands["order"]["refunded_at"]) == (paid, refunded)
    assert stands["grants"] == [(paid, until, refunded, "archive")]
    assert stands["payments"] == [("refunded" if refunded else "paid", paid, "")]
    assert stands["mails"] == (["Refunded", "Your receipt"] if refunded else ["Your receipt"])
    assert len(stands["copies"]) == (1 if code == "print-and-archive" else 0)
    assert all(status == ("cancelled" if refunded else "active") for _, _, status in stands["copies"])
    DELIVERIES["paid webhook"](placed, now + timedelta(days=2))
    assert state(placed) == stands


def test_paid_means_access_even_if_no_webhook_ever_comes(dan: Reader) -> None:
    placed = steps.order(dan, now=NOON)
    steps.approve(placed, NOON + timedelta(minutes=1))
    service.reconcile(NOON + timedelta(minutes=4))
    assert grants(placed) == [], "the webhook still has its five minutes"
    assert service.reconcile(NOON + timedelta(minutes=6)) == 1
    assert len(grants(placed)) == 1
    assert service.reconcile(NOON + timedelta(minutes=12)) == 0


def test_an_order_nobody_paid_grants_nothing(dan: Reader) -> None:
    placed = steps.order(dan, now=NOON)
    for what in DELIVERIES.values():
        what(placed, NOON + timedelta(minutes=10))
    assert state(placed)["order"]["state"] == "open"
    assert (grants(placed), mails(placed)) == ([], [])
    service.reconcile(NOON + timedelta(hours=25))
    assert state(placed)["order"]["state"] == "cancelled"
    assert service.reconcile(NOON + timedelta(hours=26)) == 0, "an abandoned page is not asked about for ever"


def test_a_declined_payment_grants_nothing_and_a_second_try_does(dan: Reader) -> None:
    placed = steps.order(dan)
    steps.decline(placed)
    assert service.settle(placed.key, timezone.now()).state == Order.State.DECLINED
    assert grants(placed) == []
    address = service.pay(placed.key, timezone.now())
    assert Payment.objects.filter(order_key=placed.key).count() == 2
    assert address.endswith(f"/till/{steps.at_the_till(placed).key}/")
    steps.approve(placed, timezone.now())
    assert service.settle(placed.key, timezone.now()).state == Order.State.PAID
    assert len(grants(placed)) == 1


def test_a_payment_that_fails_after_it_looked_paid_leaves_no_grant(dan: Reader) -> None:
    placed = steps.paid_order(dan, "print-and-archive", now=NOON)
    assert [g.revoked_at for g in grants(placed)] == [None]
    steps.decline(placed)
    service.settle(placed.key, NOON + timedelta(days=3))
    assert [g.revoked_at for g in grants(placed)] == [NOON + timedelta(days=3)]
    assert state(placed)["order"]["state"] == "declined"
    assert state(placed)["copies"][0][2] == "cancelled"


@pytest.mark.parametrize(
    "wrong",
    [{"minor": 1}, {"currency": "EUR"}, {"order_key": "another-order"}],
    ids=["amount", "currency", "order"],
)
def test_a_payment_of_something_else_is_rejected_and_told_to_staff(
    dan: Reader, wrong: dict[str, Any]
) -> None:
    placed = steps.order(dan)
    steps.approve(placed, timezone.now())
    right = {name: getattr(steps.at_the_till(placed), name) for name in wrong}
    TillPayment.objects.update(**wrong)
    assert steps.hear(placed).status_code == 200
    assert WebhookEvent.objects.get().outcome == "rejected"
    assert grants(placed) == []
    assert steps.payment_of(placed).problem
    TillPayment.objects.update(**right)
    service.settle(placed.key, timezone.now())
    assert len(grants(placed)) == 1
    assert steps.payment_of(placed).problem == ""


def test_a_truth_in_doubt_takes_nothing_from_anybody(dan: Reader) -> None:
    placed = steps.paid_order(dan)
    before = state(placed)
    TillPayment.objects.update(minor=1)
    service.settle(placed.key, timezone.now())
    after = state(placed)
    assert after["grants"] == before["grants"]
    assert after["order"] == before["order"]
    assert "the amount is" in after["payments"][0][2]


def test_a_failure_half_way_leaves_nothing_and_the_event_may_come_again(
    dan: Reader, settings: Settings
) -> None:
    placed = steps.order(dan)
    steps.approve(placed, timezone.now())
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.checkout.test_settling.Broken"
    assert steps.hear(placed).status_code == 500
    assert (grants(placed), WebhookEvent.objects.count(), state(placed)["order"]["state"]) == ([], 0, "open")
    settings.EMAIL_BACKEND = working
    assert steps.hear(placed).status_code == 200
    assert len(grants(placed)) == 1


class Broken(EmailBackend):
    """A queue that cannot be written to."""

    def send_messages(self, messages: Any) -> int:
        raise OSError("no room left")


def test_one_order_that_cannot_be_settled_keeps_no_other_waiting(dan: Reader, ben: Reader) -> None:
    bad, good = steps.order(dan, now=NOON), steps.order(ben, now=NOON + timedelta(seconds=1))
    steps.approve(good, NOON)
    TillPayment.objects.filter(order_key=bad.key).delete()
    assert service.reconcile(NOON + timedelta(hours=1)) == 2
    assert len(grants(good)) == 1


def test_paying_twice_gives_one_term_and_tells_staff(dan: Reader) -> None:
    placed = steps.order(dan, now=NOON)
    first = steps.at_the_till(placed)
    steps.decline(placed)
    service.pay(placed.key, NOON)
    for minutes, key in ((1, first.key), (2, steps.at_the_till(placed).key)):
        TillPayment.objects.filter(key=key).update(
            state="approved", settles_at=NOON + timedelta(minutes=minutes)
        )
    service.settle(placed.key, NOON + timedelta(minutes=5))
    assert len(grants(placed)) == 1
    assert [bool(p.problem) for p in Payment.objects.order_by("attempt")] == [False, True]
    assert payment_problems() == [placed.key]


def payment_problems() -> list[str]:
    return payment_queries.orders_with_problems()


def test_money_for_an_account_that_is_gone_is_told_to_staff(dan: Reader) -> None:
    placed = steps.order(dan)
    steps.approve(placed, timezone.now())
    dan.delete()
    assert steps.hear(placed).status_code == 200
    assert payment_problems() == [placed.key]
    assert Grant.objects.count() == 0


def test_a_slow_bank_grants_only_when_the_money_is_there(dan: Reader) -> None:
    placed = steps.order(dan, now=NOON)
    steps.approve(placed, NOON + timedelta(seconds=30))
    service.settle(placed.key, NOON)
    assert grants(placed) == []
    assert queries.is_pending(placed.key)
    assert service.pay(placed.key, NOON) == f"/checkout/{placed.key}/done/", (
        "nobody pays a second time meanwhile"
    )
    service.settle(placed.key, NOON + timedelta(seconds=30))
    assert len(grants(placed)) == 1
