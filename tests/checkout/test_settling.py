"""Paying: what stands afterwards depends on what is true, not on who told it, how often, in which order."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from backnumber.access import Evidence
from backnumber.checkout import queries, service
from backnumber.checkout.models import Order, new_key
from backnumber.checkout.rules import months_after
from backnumber.circulation.models import PrintSubscription
from backnumber.newsstand.models import Price
from backnumber.payments import queries as payment_queries
from backnumber.payments.models import Payment, WebhookEvent
from backnumber.payments.till import signature
from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.provider import secret
from backnumber.readers.models import Reader
from backnumber.subscriptions import service as subscriptions
from backnumber.subscriptions.models import Grant
from tests import making
from tests.checkout import steps
from tests.making import NOON

_readers = count(1)


def grants(placed: Order) -> list[Grant]:
    return list(Grant.objects.filter(evidence=Evidence.PAYMENT.value, evidence_key=placed.key))


def mails(placed: Order) -> list[str]:
    return [m.subject.partition(":")[0] for m in mail.outbox if placed.key in m.extra_headers["Message-ID"]]


def state(placed: Order) -> dict[str, Any]:
    """All that paying leaves behind."""
    placed.refresh_from_db()
    fields = ("state", "paid_at", "refunded_at", "begins", "until", "anchor", "months_before")
    copies = PrintSubscription.objects.filter(order_key=placed.key).values_list(
        "starts_on", "ends_on", "status"
    )
    return {
        "order": {name: getattr(placed, name) for name in fields},
        "grants": [(g.starts, g.until, g.revoked_at, g.scope) for g in grants(placed)],
        "payments": list(
            Payment.objects.filter(order_key=placed.key).values_list("state", "paid_at", "problem")
        ),
        "copies": list(copies),
        "mails": sorted(mails(placed)),
    }


DELIVERIES: dict[str, Callable[[Order, datetime], object]] = {
    "success page": lambda placed, now: service.settle(placed.key, now),
    "paid webhook": lambda placed, now: deliver(placed, "payment.paid", now),
    "refund webhook": lambda placed, now: deliver(placed, "payment.refunded", now),
    "reconciliation": lambda placed, now: service.reconcile(now),
    "review": lambda placed, now: service.review(now),
}


def deliver(placed: Order, kind: str, now: datetime) -> None:
    """A webhook at a moment of the test's own: signed then, heard then."""
    body = steps.event(steps.at_the_till(placed).key, kind)
    service.hear("till", {signature.HEADER: signature.sign(body, secret(), now)}, body, now)


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


def test_a_renewal_while_it_runs_begins_where_it_ends(dan: Reader) -> None:
    first = steps.paid_order(dan, "online-monthly", now=datetime(2026, 1, 31, 10, tzinfo=UTC))
    second = steps.paid_order(dan, "online-monthly", now=datetime(2026, 2, 10, 10, tzinfo=UTC))
    third = steps.paid_order(dan, "online-yearly", now=datetime(2026, 2, 11, 10, tzinfo=UTC))
    assert first.until == second.begins == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert second.until == third.begins == datetime(2026, 3, 31, 9, tzinfo=UTC), (
        "the thirty-first again, in summer time"
    )
    assert third.until == datetime(2027, 3, 31, 9, tzinfo=UTC)


def test_a_renewal_after_it_lapsed_begins_now(dan: Reader) -> None:
    steps.paid_order(dan, "online-monthly", now=NOON - timedelta(days=60))
    assert steps.paid_order(dan, "online-monthly", now=NOON).begins == NOON


def test_a_refunded_or_withdrawn_term_is_not_extended(dan: Reader, ben: Reader) -> None:
    first = steps.paid_order(dan, now=NOON)
    steps.refund(first, NOON + timedelta(days=1))
    service.settle(first.key, NOON + timedelta(days=1))
    assert steps.paid_order(dan, now=NOON + timedelta(days=2)).begins == NOON + timedelta(days=2)
    withdrawn = steps.paid_order(ben, now=NOON)
    subscriptions.revoke(Evidence.PAYMENT, withdrawn.key, because="by staff", now=NOON)
    assert steps.paid_order(ben, now=NOON + timedelta(days=2)).begins == NOON + timedelta(days=2)


def test_printed_copies_begin_at_once_and_their_renewal_follows_them(dan: Reader) -> None:
    online = steps.paid_order(dan, now=NOON)
    printed = steps.paid_order(dan, "print-and-archive", now=NOON + timedelta(days=1))
    again = steps.paid_order(dan, "print-and-archive", now=NOON + timedelta(days=2))
    assert printed.begins == NOON + timedelta(days=1)
    assert online.until
    assert again.begins == printed.until
    subscriptions = PrintSubscription.objects.order_by("starts_on")
    assert [(s.starts_on.isoformat(), s.ends_on.isoformat()) for s in subscriptions] == [
        ("2026-11-19", "2027-11-18"),
        ("2027-11-19", "2028-11-18"),
    ]


def test_a_print_order_begins_a_print_subscription_at_the_address_given(dan: Reader) -> None:
    placed = steps.paid_order(dan, "print-and-archive", to=steps.OHIO, now=NOON)
    found = PrintSubscription.objects.get(order_key=placed.key)
    assert (found.reader, found.name, found.surname, found.country) == (dan, "Ann Lee", "Lee", "US")
    assert (found.address, found.postcode) == ("12 Elm Street\nDayton, OH", "45402")
    assert placed.amount == Price.objects.get(region="world").amount


def test_the_same_form_sent_twice_is_one_order_also_after_it_was_paid(dan: Reader) -> None:
    wish, token = steps.wish(), new_key()
    first = service.place(dan, wish, token, NOON)
    assert service.place(dan, wish, token, NOON) == first
    service.pay(first.key, NOON)
    steps.approve(first, NOON)
    service.settle(first.key, NOON)
    again = service.place(dan, wish, token, NOON + timedelta(minutes=1))
    assert again == first
    assert service.pay(again.key, NOON + timedelta(minutes=1)) == f"/checkout/{first.key}/done/"
    assert Payment.objects.count() == 1


def test_two_tabs_share_one_open_order_and_another_reader_does_not(dan: Reader, ben: Reader) -> None:
    one, other = (
        service.place(dan, steps.wish(), new_key(), NOON),
        service.place(dan, steps.wish(), new_key(), NOON),
    )
    assert one == other
    assert service.pay(one.key, NOON) == service.pay(other.key, NOON)
    assert service.place(ben, steps.wish(), new_key(), NOON) != one


def test_another_address_is_another_order_and_the_old_page_still_buys_what_it_said(dan: Reader) -> None:
    """Otherwise one could pay the British price and have copies sent to Ohio."""
    british = steps.order(dan, "print-and-archive", to=steps.GREENWICH, now=NOON)
    abroad = steps.order(dan, "print-and-archive", to=steps.OHIO, now=NOON)
    assert british != abroad
    british.refresh_from_db()
    assert british.state == Order.State.CANCELLED
    steps.approve(british, NOON)
    assert service.settle(british.key, NOON).state == Order.State.PAID
    assert PrintSubscription.objects.get().country == "GB"


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


def together(*work: Callable[[], object]) -> list[BaseException]:
    """Runs each in a thread and a connection of its own, started at once."""
    start, failed = Barrier(len(work)), []

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait()
            job()
        except BaseException as problem:
            failed.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(job,)) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failed


@pytest.mark.django_db(transaction=True)
def test_success_page_webhook_and_reconciliation_at_once_make_one_grant_and_one_receipt(dan: Reader) -> None:
    for _ in range(3):
        placed = steps.order(dan, "print-and-archive", now=NOON)
        steps.approve(placed, NOON)
        later = NOON + timedelta(minutes=10)
        jobs = [
            lambda what=what, placed=placed, later=later: DELIVERIES[what](placed, later)
            for what in sorted(DELIVERIES)
        ]
        assert together(*jobs, jobs[1]) == []
        assert len(grants(placed)) == 1
        assert mails(placed) == ["Your receipt"]
        assert PrintSubscription.objects.filter(order_key=placed.key).count() == 1
    terms = sorted((o.begins, o.until) for o in Order.objects.filter(state="paid") if o.begins)
    assert all(one[1] == other[0] for one, other in pairwise(terms)), "no gap and no overlap"


@pytest.mark.django_db(transaction=True)
def test_two_orders_settled_at_once_follow_one_another(dan: Reader) -> None:
    monthly, yearly = (
        steps.order(dan, "online-monthly", now=NOON),
        steps.order(dan, "online-yearly", now=NOON),
    )
    for placed in (monthly, yearly):
        steps.approve(placed, NOON)
    assert together(*[lambda key=placed.key: service.settle(key, NOON) for placed in (monthly, yearly)]) == []
    one, other = Order.objects.order_by("begins")
    assert one.until == other.begins


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_order_and_one_payment(dan: Reader) -> None:
    wish, token = steps.wish(), new_key()

    def click() -> None:
        service.pay(service.place(dan, wish, token, NOON).key, NOON)

    assert together(click, click, click) == []
    assert (Order.objects.count(), Payment.objects.count(), TillPayment.objects.count()) == (1, 1, 1)
