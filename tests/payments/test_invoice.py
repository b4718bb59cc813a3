"""Payment on invoice: the reader is told how, staff enter what came, everything they enter is in the log."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from wagtail.models import ModelLogEntry

from backnumber.checkout.models import Order
from backnumber.money import Amount
from backnumber.payments import providers, rules
from backnumber.payments.invoice import service
from backnumber.payments.invoice.models import AwaitedPayment, InvoiceRefund
from backnumber.payments.invoice.provider import Invoice
from backnumber.payments.invoice.tasks import tell_of_invoice
from backnumber.payments.provider import PaymentState, RefundRequest, RefundState
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.making import NOON
from tests.payments.rigs import FORTY_EIGHT, GBP, request

DESK = "/admin/payments-on-invoice/"


@pytest.fixture
def awaited(db: None) -> AwaitedPayment:
    return AwaitedPayment.objects.get(key=Invoice().begin(request(), timezone.now()).payment_key)


@pytest.fixture
def desk(staff: Reader) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def state(of: AwaitedPayment) -> PaymentState:
    return Invoice().fetch(of.key, timezone.now()).state


def received(**changed: str) -> dict[str, str]:
    typed = {
        "receive": "yes",
        "amount": "48.00",
        "on": "2026-11-20",
        "how": "cheque",
        "note": "No. 17",
    } | changed
    return {name if name == "receive" else f"received-{name}": value for name, value in typed.items()}


def test_the_page_says_how_to_pay_and_with_which_reference(
    awaited: AwaitedPayment, client: Client, settings: Settings
) -> None:
    at = f"/pay-on-invoice/{awaited.key}/"
    text = client.get(at).content.decode()
    assert awaited.reference in text
    assert "£48" in text
    assert f"mailto:{settings.HELP_EMAIL}" in text
    settings.INVOICE_BANK, settings.INVOICE_CHEQUE = (
        "The Hourglass Ltd|Account 12345678",
        "The Hourglass <Ltd>",
    )
    answer = client.get(at)
    text = answer.content.decode()
    assert "The Hourglass Ltd<br>Account 12345678" in text
    assert "The Hourglass &lt;Ltd&gt;" in text
    assert "no-store" in answer["Cache-Control"]
    assert client.get("/pay-on-invoice/invoice_guessed/").status_code == 404


def test_the_reader_promises_once_or_goes_back(awaited: AwaitedPayment, client: Client) -> None:
    at = f"/pay-on-invoice/{awaited.key}/"
    answer = client.post(at, {"button": "promise", "purchase_order": "PO 17"})
    assert answer["Location"] == awaited.success_url
    assert client.post(at, {"button": "cancel"})["Location"] == awaited.success_url
    awaited.refresh_from_db()
    assert (awaited.state, awaited.purchase_order) == ("promised", "PO 17")
    assert state(awaited) is PaymentState.PENDING
    other = AwaitedPayment.objects.get(key=Invoice().begin(request("order-2"), timezone.now()).payment_key)
    assert client.post(f"/pay-on-invoice/{other.key}/", {"button": "cancel"})["Location"] == other.cancel_url
    assert state(other) is PaymentState.CANCELLED


def test_staff_enter_money_that_came_and_it_is_in_the_log(
    awaited: AwaitedPayment, desk: Client, staff: Reader
) -> None:
    assert awaited.reference in desk.get(DESK).content.decode()
    assert desk.post(f"{DESK}{awaited.key}/", received()).status_code == 302
    awaited.refresh_from_db()
    assert (awaited.state, awaited.how, awaited.note, awaited.by) == ("received", "cheque", "No. 17", staff)
    assert state(awaited) is PaymentState.PAID
    (line,) = ModelLogEntry.objects.filter(action="invoice.received")
    assert line.user == staff
    assert line.data["what"] == f"£48 by cheque for {awaited.reference}"
    desk.post(f"{DESK}{awaited.key}/", received(amount="1.00"))
    assert Invoice().fetch(awaited.key, timezone.now()).amount == FORTY_EIGHT
    assert ModelLogEntry.objects.filter(action="invoice.received").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"amount": ""}, {"amount": "-1"}, {"amount": "lots"}, {"on": "yesterday"}, {"how": "shells"}]
)
def test_what_is_typed_wrong_enters_nothing(
    awaited: AwaitedPayment, desk: Client, wrong: dict[str, str]
) -> None:
    assert desk.post(f"{DESK}{awaited.key}/", received(**wrong)).status_code == 200
    assert state(awaited) is PaymentState.OPEN


def test_another_amount_is_told_as_it_is_and_opens_nothing_by_itself(
    awaited: AwaitedPayment, desk: Client
) -> None:
    desk.post(f"{DESK}{awaited.key}/", received(amount="40"))
    truth = Invoice().fetch(awaited.key, timezone.now())
    assert truth.amount == Amount(4000, GBP)
    assert "the amount is £40, not £48" in rules.problem(
        truth, order_key="order", amount=FORTY_EIGHT, live=False
    )


def test_money_that_came_after_all_is_entered(awaited: AwaitedPayment, desk: Client) -> None:
    desk.post(f"{DESK}{awaited.key}/", {"cancel": "yes", "cancelled-note": "They bought elsewhere."})
    assert state(awaited) is PaymentState.CANCELLED
    assert ModelLogEntry.objects.filter(action="invoice.cancelled").count() == 1
    desk.post(f"{DESK}{awaited.key}/", received())
    assert state(awaited) is PaymentState.PAID


def test_a_refund_is_pending_until_staff_sent_it(
    awaited: AwaitedPayment, desk: Client, staff: Reader
) -> None:
    desk.post(f"{DESK}{awaited.key}/", received())
    wish = RefundRequest("r", awaited.key, Amount(1000, GBP))
    made = Invoice().refund(wish, timezone.now())
    assert made.state is RefundState.PENDING
    assert Invoice().fetch(awaited.key, timezone.now()).given_back == 0
    assert awaited.reference in desk.get(DESK).content.decode()
    desk.post(f"{DESK}{made.refund_key}/sent-back/", {"note": ""})
    assert InvoiceRefund.objects.get().sent_at is None
    for _ in range(2):
        desk.post(f"{DESK}{made.refund_key}/sent-back/", {"note": "By transfer"})
    assert Invoice().fetch(awaited.key, timezone.now()).given_back == 1000
    assert Invoice().refund(wish, timezone.now()).state is RefundState.DONE
    assert ModelLogEntry.objects.filter(action="invoice.sent_back", user=staff).count() == 1


def test_money_that_waits_to_be_sent_back_cannot_be_promised_twice(
    awaited: AwaitedPayment, desk: Client
) -> None:
    desk.post(f"{DESK}{awaited.key}/", received())
    Invoice().refund(RefundRequest("r1", awaited.key, Amount(4000, GBP)), timezone.now())
    with pytest.raises(Exception, match="not so much left"):
        Invoice().refund(RefundRequest("r2", awaited.key, Amount(801, GBP)), timezone.now())


def test_only_who_may_enter_payments_sees_the_desk(awaited: AwaitedPayment, db: None) -> None:
    made, allowed = making.reader("mia", is_staff=True), Client()
    made.user_permissions.add(Permission.objects.get(codename="access_admin"))
    allowed.force_login(made)
    paths = (DESK, f"{DESK}{awaited.key}/")
    assert [allowed.get(path).status_code for path in paths] == [403, 403]
    assert allowed.post(paths[1], received()).status_code == 403
    assert state(awaited) is PaymentState.OPEN
    made.user_permissions.add(Permission.objects.get(codename="change_awaitedpayment"))
    again = Client()
    again.force_login(Reader.objects.get(pk=made.pk))
    assert [again.get(path).status_code for path in paths] == [200, 200]


def test_an_unanswered_page_expires_and_a_promise_does_not(awaited: AwaitedPayment) -> None:
    later = timezone.now() + timedelta(days=31)
    assert Invoice().fetch(awaited.key, later).state is PaymentState.CANCELLED
    assert service.promise(awaited.key, "", later) == awaited.cancel_url
    service.promise(awaited.key, "", timezone.now())
    assert Invoice().fetch(awaited.key, later).state is PaymentState.PENDING


def test_it_is_real_money_on_a_live_site_alone(awaited: AwaitedPayment, settings: Settings) -> None:
    assert not Invoice().fetch(awaited.key, NOON).live
    settings.PRODUCTION = True
    assert Invoice().fetch(awaited.key, NOON).live


@pytest.mark.django_db(transaction=True)
def test_what_staff_enter_settles_the_order_over_http(live_server: LiveServer, settings: Settings) -> None:
    settings.ADDRESS, settings.PAYMENTS = live_server.url, "invoice"
    assert providers.current().name == "invoice"
    placed = steps.order(Reader.objects.create_user("ann@example.org"))
    key = steps.payment_of(placed).key
    receipt = service.Receipt(placed.amount, NOON.date(), AwaitedPayment.How.TRANSFER)
    service.receive(key, receipt, None, timezone.now())
    (job,) = ProcrastinateJob.objects.filter(task_name=tell_of_invoice.name, args__payment_key=key)
    tell_of_invoice(**job.args)
    placed.refresh_from_db()
    assert placed.state == Order.State.PAID
