"""Orders: what makes one, which are the same one, and when the term they buy begins."""

from datetime import UTC, datetime, timedelta

from backnumber.access import Evidence
from backnumber.checkout import service
from backnumber.checkout.models import Order, new_key
from backnumber.circulation.models import PrintSubscription
from backnumber.grants import service as grants
from backnumber.payments.models import Payment
from backnumber.products.models import Price
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.making import NOON


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


def test_every_form_key_ever_given_leads_to_the_order_it_became_also_after_it_was_paid(dan: Reader) -> None:
    """Two tabs share an order; the second tab's form, sent again after paying, must not begin another."""
    first_tab, second_tab = new_key(), new_key()
    placed = service.place(dan, steps.wish(), first_tab, NOON)
    assert service.place(dan, steps.wish(), second_tab, NOON) == placed
    service.pay(placed.key, NOON)
    steps.approve(placed, NOON)
    service.settle(placed.key, NOON)
    for tab in (second_tab, first_tab):
        assert service.place(dan, steps.wish(), tab, NOON + timedelta(minutes=1)) == placed
    assert Order.objects.count() == 1
    assert service.place(dan, steps.wish(), new_key(), NOON + timedelta(minutes=2)) != placed


def test_a_form_whose_first_order_was_set_aside_leads_to_whichever_was_paid(dan: Reader) -> None:
    """Sent, gone back, the address changed, sent again with the same key; then the old page is paid after all."""
    tab = new_key()
    british = service.place(dan, steps.wish("print-and-archive"), tab, NOON)
    service.pay(british.key, NOON)
    abroad = service.place(dan, steps.wish("print-and-archive", to=steps.OHIO), tab, NOON)
    assert abroad != british
    steps.approve(british, NOON)
    service.settle(british.key, NOON)
    for wish in (steps.wish("print-and-archive"), steps.wish("print-and-archive", to=steps.OHIO)):
        assert service.place(dan, wish, tab, NOON + timedelta(minutes=1)) == british


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


def test_a_print_order_begins_a_print_subscription_at_the_address_given(dan: Reader) -> None:
    placed = steps.paid_order(dan, "print-and-archive", to=steps.OHIO, now=NOON)
    found = PrintSubscription.objects.get(order_key=placed.key)
    assert (found.reader, found.name, found.surname, found.country) == (dan, "Ann Lee", "Lee", "US")
    assert (found.address, found.postcode) == ("12 Elm Street\nDayton, OH", "45402")
    assert placed.amount == Price.objects.get(region="world").amount


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
    grants.revoke(Evidence.PAYMENT, withdrawn.key, because="by staff", now=NOON)
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
