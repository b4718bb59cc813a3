"""Buying, when several things happen at once: one order, one payment, one grant, one receipt."""

from datetime import timedelta
from itertools import pairwise

import pytest

from backnumber.checkout import service
from backnumber.checkout.models import Order, new_key
from backnumber.circulation.models import PrintSubscription
from backnumber.payments.models import Payment
from backnumber.payments.till.models import TillPayment
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.checkout.deliveries import DELIVERIES
from tests.checkout.outcomes import grants, mails
from tests.making import NOON
from tests.parallel import tried


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
        assert tried(*jobs, jobs[1])[1] == []
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
    assert tried(*[lambda key=placed.key: service.settle(key, NOON) for placed in (monthly, yearly)])[1] == []
    one, other = Order.objects.order_by("begins")
    assert one.until == other.begins


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_order_and_one_payment(dan: Reader) -> None:
    wish, token = steps.wish(), new_key()

    def click() -> None:
        service.pay(service.place(dan, wish, token, NOON).key, NOON)

    assert tried(click, click, click)[1] == []
    assert (Order.objects.count(), Payment.objects.count(), TillPayment.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_sent_at_once_and_again_after_paying_are_one_order(dan: Reader) -> None:
    wish, tabs = steps.wish(), (new_key(), new_key())

    def send(tab: str) -> None:
        service.pay(service.place(dan, wish, tab, NOON).key, NOON)

    assert tried(*[lambda tab=tab: send(tab) for tab in tabs])[1] == []
    steps.approve(Order.objects.get(), NOON)
    assert tried(*[lambda tab=tab: send(tab) for tab in (*tabs, *tabs)])[1] == []
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)
    assert {key.key for key in Order.objects.get().form_keys.all()} == set(tabs)
