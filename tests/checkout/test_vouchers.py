"""Vouchers in use: what they take off, of which term, for whom, how often; and what the buying page says of them."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from backnumber.checkout import service, vouchers
from backnumber.checkout.models import Order, new_key
from backnumber.payments.models import Payment
from backnumber.payments.till.models import TillPayment
from backnumber.products.models import Product, Region, Voucher
from backnumber.products.queries import price_for
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.checkout.forms import quote_in, token_in
from tests.making import NOON
from tests.parallel import tried
from tests.renewals import renewing

HOUR = timedelta(hours=1)
BUY = "/buy/online-yearly/"
# So many readers at once; a limit of less.
CROWD, LIMIT = 6, 2


def voucher(code: str = "SPRING", **fields: Any) -> Voucher:
    return Voucher.objects.create(code=code, **(fields or {"minor": 500}))


def place(reader: Reader, with_it: Voucher | None, code: str = "online-yearly", at: Any = NOON) -> Order:
    return service.place(reader, replace(steps.wish(code), voucher=with_it), new_key(), at)


def paid(reader: Reader, with_it: Voucher | None, code: str = "online-yearly", at: Any = NOON) -> Order:
    placed = place(reader, with_it, code, at)
    service.pay(placed.key, at)
    steps.approve(placed, at)
    return service.settle(placed.key, at)


def refusal(reader: Reader, with_it: Voucher, code: str = "online-yearly", at: Any = NOON) -> str:
    with pytest.raises(service.VoucherRefused) as why:
        place(reader, with_it, code, at)
    return str(why.value)


@pytest.mark.django_db
def test_what_is_paid_is_less_and_the_order_keeps_why(dan: Reader) -> None:
    done = paid(dan, voucher())
    assert (done.minor, done.off_minor, done.voucher and done.voucher.code) == (4300, 500, "SPRING")
    assert Payment.objects.get(order_key=done.key).minor == 4300
    assert TillPayment.objects.get().minor == 4300


@pytest.mark.django_db
def test_a_refund_gives_back_what_was_paid_and_no_more(dan: Reader) -> None:
    done = paid(dan, voucher())
    with pytest.raises(ValueError, match="43"):
        service.refund(done.key, 4800, ends_right=True, because="Asked", by="eve", now=NOON + HOUR)
    service.refund(done.key, 4300, ends_right=True, because="Asked", by="eve", now=NOON + HOUR)
    done.refresh_from_db()
    assert done.state == Order.State.REFUNDED


@pytest.mark.django_db
@pytest.mark.parametrize(("every_term", "renewal"), [(False, 600), (True, 300)])
def test_off_the_first_term_renewals_cost_the_full_price_and_off_every_term_they_do_not(
    dan: Reader, every_term: bool, renewal: int
) -> None:
    half = voucher("HALF", share=50, every_term=every_term)
    sold = renewing.product()
    price = price_for(sold, Region.ANYWHERE)
    assert price
    placed = service.place(dan, service.Wish(sold, price, Region.ANYWHERE, voucher=half), new_key(), NOON)
    service.pay(placed.key, NOON)
    renewing.pay(placed)
    service.settle(placed.key, NOON)
    renewing.turn(NOON + timedelta(days=70), since=NOON, every=timedelta(hours=12))
    orders = Order.objects.filter(reader=dan, state=Order.State.PAID).order_by("term")
    assert [order.minor for order in orders] == [300, renewal, renewal]
    assert [order.voucher for order in orders] == [half, None, None], "one use, however often it renews"


@pytest.mark.django_db
def test_why_it_may_not_be_used(dan: Reader) -> None:
    made = making.products()
    assert refusal(dan, voucher("A", share=9, valid_from=NOON + HOUR)) == "This voucher is not valid yet."
    assert refusal(dan, voucher("B", share=9, valid_until=NOON)) == "This voucher is no longer valid."
    place(dan, voucher("C", share=9, valid_from=NOON, valid_until=NOON + HOUR))
    assert "prices in EUR" in refusal(dan, voucher("D", minor=500, currency="EUR"))
    place(dan, voucher("E", share=9, currency="EUR"))  # of a share it matters not
    of_months = voucher("F", share=9)
    of_months.products.add(made["online-monthly"])
    assert refusal(dan, of_months) == "This voucher is not for Online access."
    place(dan, of_months, "online-monthly")


@pytest.mark.django_db
def test_each_reader_uses_it_once(dan: Reader, ada: Reader) -> None:
    one = voucher()
    done = paid(dan, one)
    assert "already" in refusal(dan, one, "online-monthly", NOON + HOUR)
    service.refund(done.key, 4300, ends_right=True, because="Asked", by="eve", now=NOON + HOUR)
    assert "already" in refusal(dan, one, at=NOON + 2 * HOUR), "also when the money went back"
    paid(ada, one)


@pytest.mark.django_db
def test_a_reader_with_two_orders_open_at_once_pays_one_with_it(dan: Reader) -> None:
    one = voucher()
    first = place(dan, one)
    assert "something else" in refusal(dan, one, "online-monthly")
    other = place(dan, one, "online-monthly", NOON + HOUR)
    with pytest.raises(service.VoucherRefused):
        service.pay(first.key, NOON + HOUR)  # the hour is over, and the use is the other's
    service.pay(other.key, NOON + HOUR)
    steps.approve(other, NOON + HOUR)
    service.settle(other.key, NOON + HOUR)
    with pytest.raises(service.VoucherRefused, match="already"):
        service.pay(first.key, NOON + 5 * HOUR)


@pytest.mark.django_db
def test_what_is_not_paid_within_the_hour_frees_its_use(dan: Reader, ada: Reader) -> None:
    last = voucher("LAST", share=10, limit=1)
    waits = place(dan, last)
    assert place(dan, last).pk == waits.pk, "the same reader may look at it again"
    assert "as often" in refusal(ada, last, at=NOON + HOUR - timedelta(seconds=1))
    hers = place(ada, last, at=NOON + HOUR)
    with pytest.raises(service.VoucherRefused, match="as often"):
        service.pay(waits.key, NOON + HOUR)
    service.pay(hers.key, NOON + HOUR)
    steps.decline(hers)
    service.settle(hers.key, NOON + HOUR)
    service.pay(waits.key, NOON + HOUR)  # hers was declined, so it is free again


@pytest.mark.django_db
def test_money_on_its_way_keeps_its_use_for_as_long_as_it_takes(dan: Reader, ada: Reader) -> None:
    last = voucher("LAST", share=10, limit=1)
    placed = place(dan, last)
    service.pay(placed.key, NOON)
    Payment.objects.filter(order_key=placed.key).update(state="pending")
    assert "as often" in refusal(ada, last, at=NOON + timedelta(days=3))


def crowd(last: Voucher) -> tuple[int, list[Exception]]:
    readers = [making.reader(f"reader{n}") for n in range(CROWD)]
    steps.wish()
    answers, errors = tried(*[lambda one=one: place(one, last) for one in readers])
    return len(answers), errors


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_when_many_order_at_once() -> None:
    placed, errors = crowd(voucher("LAST", share=10, limit=LIMIT))
    assert placed == LIMIT
    assert {type(error) for error in errors} == {service.VoucherRefused}
    assert Order.objects.count() == LIMIT, "of a refused one nothing is left"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_limit_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same crowd, with the voucher read and not locked."""
    counted = Barrier(CROWD)
    none_left = vouchers._none_left

    def together(*args: Any) -> str:
        why = none_left(*args)
        counted.wait(30)
        return why

    monkeypatch.setattr(vouchers, "voucher_for_update", lambda pk: Voucher.objects.get(pk=pk))
    monkeypatch.setattr(vouchers, "_none_left", together)
    placed, errors = crowd(voucher("LAST", share=10, limit=LIMIT))
    assert (placed, errors) == (CROWD, [])


@pytest.mark.django_db
def test_the_page_shows_what_it_takes_off_and_orders_it(dan: Reader, client: Client) -> None:
    making.products()
    voucher()
    client.force_login(dan)
    page = client.get(BUY).content.decode()
    looked = client.post(
        BUY, {"token": token_in(page), "quote": quote_in(page), "voucher": "spring", "use-voucher": "yes"}
    ).content.decode()
    assert "SPRING, less £5" in looked
    assert "Order and pay £43" in looked
    assert not Order.objects.exists(), "looking orders nothing"
    sent = client.post(BUY, {"token": token_in(looked), "quote": quote_in(looked), "voucher": "spring"})
    assert sent.status_code == 302
    order = Order.objects.get()
    assert (order.minor, order.off_minor) == (4300, 500)
    assert "SPRING, less £5" in client.get(f"/checkout/{order.key}/stopped/").content.decode()


@pytest.mark.django_db
def test_a_code_typed_and_not_yet_looked_at_is_shown_before_anything_is_ordered(
    dan: Reader, client: Client
) -> None:
    making.products()
    voucher()
    client.force_login(dan)
    page = client.get(BUY).content.decode()
    typed = {"token": token_in(page), "quote": quote_in(page), "voucher": "SPRING"}
    assert "something has changed" in client.post(BUY, typed).content.decode()
    assert not Order.objects.exists()


@pytest.mark.django_db
def test_the_page_says_why_a_code_does_not_work_and_orders_nothing(dan: Reader, client: Client) -> None:
    making.products()
    voucher("OLD", share=10, valid_until=timezone.now() - HOUR)
    client.force_login(dan)
    for code, why in (("OLD", "no longer valid"), ("N<b>", "“N&lt;b&gt;” is not the code of a voucher")):
        page = client.get(BUY).content.decode()
        typed = {"token": token_in(page), "quote": quote_in(page), "voucher": code}
        answer = client.post(BUY, typed).content.decode()
        assert why in answer
        assert "Order and pay £48" in answer
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_0003_vouchers_keeps_the_orders_there_are(dan: Reader) -> None:
    """From the migration before, with an order paid."""
    done = steps.paid_order(dan, now=NOON)
    assert import_module("backnumber.checkout.migrations.0003_vouchers")
    executor = MigrationExecutor(connection)
    try:
        before = executor.migrate([("checkout", "0002_subscriptions")]).apps.get_model("checkout", "Order")
        assert before.objects.get(pk=done.pk).minor == done.minor
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    kept = Order.objects.get(pk=done.pk)
    assert (kept.minor, kept.off, kept.voucher, kept.state) == (done.minor, None, None, "paid")
    assert Product.objects.filter(code="online-yearly").exists()
