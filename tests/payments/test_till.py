"""The till behaves like a hosted payment page, and refuses production."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from backnumber.checkout.models import Order
from backnumber.payments import providers
from backnumber.payments.provider import PaymentState, ProviderUnavailable
from backnumber.payments.till import service, signature, views
from backnumber.payments.till.checks import payments_are_set_up
from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.provider import Till, TillRefused, secret
from backnumber.payments.till.tasks import send_webhook
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.making import NOON

BODY = b'{"id": "1"}'
KEY = b"a key"


def jobs(of: TillPayment) -> list[ProcrastinateJob]:
    """The queue outlives a test that commits, so only this payment's are looked at."""
    return list(ProcrastinateJob.objects.filter(task_name=send_webhook.name, args__payment_key=of.key))


def test_a_signature_of_this_moment_is_genuine() -> None:
    signed = signature.sign(BODY, KEY, NOON)
    for later in (timedelta(0), timedelta(minutes=5), -timedelta(minutes=5)):
        assert signature.is_genuine(signed, BODY, KEY, NOON + later)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), timedelta(days=1), -timedelta(minutes=6)])
def test_a_replayed_signature_is_not_genuine(late: timedelta) -> None:
    assert not signature.is_genuine(signature.sign(BODY, KEY, NOON), BODY, KEY, NOON + late)


def test_an_altered_body_time_key_or_header_is_not_genuine() -> None:
    signed = signature.sign(BODY, KEY, NOON)
    assert not signature.is_genuine(signed, BODY + b" ", KEY, NOON)
    assert not signature.is_genuine(signed, BODY, b"another key", NOON)
    later = int(NOON.timestamp()) + 1
    assert not signature.is_genuine(f"t={later},{signed.split(',')[1]}", BODY, KEY, NOON)
    for header in ("", "t=1", "v1=00", signed.upper(), f"{signed},v1=00", "t=٣,v1=" + "0" * 64):
        assert not signature.is_genuine(header, BODY, KEY, NOON)


def test_the_page_says_that_no_money_moves_and_what_is_to_pay(dan: Reader, client: Client) -> None:
    placed = steps.order(dan)
    page = client.get(f"/till/{steps.at_the_till(placed).key}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "no money moves" in text
    assert "Online access, yearly" in text
    assert "£48" in text
    assert "no-store" in page["Cache-Control"]


def test_a_key_there_is_not_and_a_button_there_is_not(dan: Reader, client: Client) -> None:
    till = steps.at_the_till(steps.order(dan))
    assert client.get("/till/till_guessed/").status_code == 404
    assert client.post(f"/till/{till.key}/", {"button": "steal"}).status_code == 400
    till.refresh_from_db()
    assert till.state == TillPayment.State.OPEN


@pytest.mark.parametrize(
    ("button", "goes_to", "truth", "webhook", "delayed"),
    [
        ("approve", "done", PaymentState.PAID, "payment.paid", False),
        ("late-webhook", "done", PaymentState.PAID, "payment.paid", True),
        ("slow-bank", "done", PaymentState.PENDING, "payment.paid", True),
        ("vanish", "done", PaymentState.PAID, None, False),
        ("decline", "stopped", PaymentState.DECLINED, "payment.declined", False),
        ("cancel", "stopped", PaymentState.CANCELLED, "payment.cancelled", False),
    ],
)
def test_what_each_button_does(
    dan: Reader, client: Client, button: str, goes_to: str, truth: str, webhook: str | None, delayed: bool
) -> None:
    placed = steps.order(dan)
    till = steps.at_the_till(placed)
    answer = client.post(f"/till/{till.key}/", {"button": button})
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/checkout/{placed.key}/{goes_to}/")
    assert Till().fetch(till.key, timezone.now()).state == truth
    assert [job.args["kind"] for job in jobs(till)] == ([webhook] if webhook else [])
    assert [bool(job.scheduled_at and job.scheduled_at > timezone.now()) for job in jobs(till)] == (
        [delayed] if webhook else []
    )


def test_of_two_presses_the_first_decides(dan: Reader, client: Client) -> None:
    till = steps.at_the_till(steps.order(dan))
    client.post(f"/till/{till.key}/", {"button": "decline"})
    answer = client.post(f"/till/{till.key}/", {"button": "approve"})
    assert answer["Location"].endswith("/stopped/")
    assert Till().fetch(till.key, timezone.now()).state is PaymentState.DECLINED
    assert len(jobs(till)) == 1


def test_a_slow_bank_settles_after_a_while(dan: Reader) -> None:
    till = steps.at_the_till(steps.order(dan, now=NOON))
    service.press(till.key, service.Button.SLOW_BANK, NOON)
    assert (
        Till().fetch(till.key, NOON + service.BANK_TAKES - timedelta(seconds=1)).state is PaymentState.PENDING
    )
    settled = Till().fetch(till.key, NOON + service.BANK_TAKES)
    assert settled.state is PaymentState.PAID
    assert settled.paid_at == NOON + service.BANK_TAKES


def test_a_page_nobody_used_for_a_day_is_cancelled_and_cannot_be_paid(dan: Reader) -> None:
    till = steps.at_the_till(steps.order(dan, now=NOON))
    tomorrow = NOON + timedelta(hours=24)
    assert Till().fetch(till.key, tomorrow - timedelta(seconds=1)).state is PaymentState.OPEN
    assert Till().fetch(till.key, tomorrow).state is PaymentState.CANCELLED
    assert service.press(till.key, service.Button.APPROVE, tomorrow).endswith("/stopped/")
    assert Till().fetch(till.key, tomorrow).state is PaymentState.CANCELLED


def test_the_same_request_is_the_same_payment(dan: Reader) -> None:
    steps.order(dan)
    assert TillPayment.objects.count() == 1
    steps.order(dan)
    assert TillPayment.objects.count() == 1


@pytest.mark.django_db
def test_a_payment_the_till_does_not_know_is_unavailable() -> None:
    with pytest.raises(ProviderUnavailable):
        Till().fetch("till_unknown", NOON)


@pytest.mark.django_db(transaction=True)
def test_the_webhook_settles_the_order_over_http(live_server: LiveServer, settings: Settings) -> None:
    settings.ADDRESS = live_server.url
    reader = Reader.objects.create_user("ann@example.org")
    placed = steps.order(reader)
    till = steps.at_the_till(placed)
    service.press(till.key, service.Button.APPROVE, timezone.now())
    (job,) = jobs(till)
    send_webhook(**job.args)
    placed.refresh_from_db()
    assert placed.state == Order.State.PAID


def test_the_webhook_is_sent_with_the_secret_that_is_set(settings: Settings) -> None:
    derived = secret()
    settings.TILL_SECRET = "given"
    assert secret() == b"given" != derived


def test_in_production_the_till_refuses(dan: Reader, settings: Settings) -> None:
    key = steps.at_the_till(steps.order(dan)).key
    look, pay = RequestFactory().get("/"), RequestFactory().post("/", {"button": "approve"})
    assert views.till(look, key).status_code == 200
    assert payments_are_set_up(None) == []
    settings.PRODUCTION = True
    with pytest.raises(TillRefused):
        Till()
    with pytest.raises(TillRefused):
        providers.current()
    for request in (look, pay):
        with pytest.raises(Http404):
            views.till(request, key)
    assert [error.id for error in payments_are_set_up(None)] == ["backnumber.E010"]
    settings.PAYMENTS = "none"
    assert payments_are_set_up(None) == []
    with pytest.raises(ProviderUnavailable):
        providers.current()


def test_a_mistyped_provider_is_an_error(settings: Settings) -> None:
    settings.PAYMENTS = "tiII"
    assert [error.id for error in payments_are_set_up(None)] == ["backnumber.E011"]
    with pytest.raises(LookupError):
        providers.provider("tiII")


def test_staff_refund_at_the_till_and_readers_do_not(dan: Reader, staff: Reader, client: Client) -> None:
    placed = steps.paid_order(dan)
    till = steps.at_the_till(placed)
    address = f"/till/{till.key}/refund/"
    client.force_login(dan)
    assert client.post(address).status_code == 403
    assert Till().fetch(steps.at_the_till(placed).key, timezone.now()).state is PaymentState.PAID
    client.force_login(staff)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert Till().fetch(steps.at_the_till(placed).key, timezone.now()).state is PaymentState.REFUNDED
    assert [job.args["kind"] for job in jobs(till)] == ["payment.refunded"]
