"""The till's switches: cards that are kept, money that goes back in part, disputes, another card; and its migration."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from backnumber.money import Amount
from backnumber.payments.provider import ChargeRequest, MandateRequest, PaymentState, RefundRequest
from backnumber.payments.till import service, views
from backnumber.payments.till.models import TillCardPage, TillMandate, TillPayment
from backnumber.payments.till.provider import Till
from backnumber.payments.till.tasks import send_webhook
from backnumber.readers.models import Reader
from tests.making import NOON
from tests.payments.rigs import FORTY_EIGHT, GBP, request

pytestmark = pytest.mark.django_db


def page(*, keeps_mandate: bool = True) -> TillPayment:
    return TillPayment.objects.get(
        key=Till().begin(request(keeps_mandate=keeps_mandate), timezone.now()).payment_key
    )


def told(of: TillPayment) -> list[str]:
    jobs = ProcrastinateJob.objects.filter(task_name=send_webhook.name, args__payment_key=of.key)
    return [job.args["kind"] for job in jobs.order_by("pk")]


def test_the_page_asks_what_later_charges_do_only_where_the_card_is_kept(client: Client) -> None:
    kept = page()
    text = client.get(f"/till/{kept.key}/").content.decode()
    assert "may charge this card again" in text
    other = TillPayment.objects.get(key=Till().begin(request("o"), timezone.now()).payment_key)
    assert "may charge this card again" not in client.get(f"/till/{other.key}/").content.decode()
    client.post(f"/till/{other.key}/", {"button": "approve"})
    assert Till().fetch(other.key, timezone.now()).mandate is None


def test_the_switch_chosen_when_paying_and_changed_afterwards_decides(client: Client) -> None:
    kept = page()
    client.post(f"/till/{kept.key}/", {"button": "approve", "later": "declined"})
    card = Till().fetch(kept.key, timezone.now()).mandate
    assert card is not None
    assert card.label == "Demo card ending 4242"

    def charged(key: str) -> PaymentState:
        return Till().charge(ChargeRequest(key, "o", FORTY_EIGHT, "Renewal", card.key), timezone.now()).state

    assert charged("r1") is PaymentState.DECLINED
    text = client.get(f"/till/{kept.key}/").content.decode()
    assert 'value="declined" checked' in text
    assert (
        client.post(f"/till/{kept.key}/", {"button": "set-later", "later": "settles-later"}).status_code
        == 302
    )
    assert charged("r2") is PaymentState.PENDING
    assert client.post(f"/till/{kept.key}/", {"button": "set-later", "later": "explodes"}).status_code == 400
    assert charged("r1") is PaymentState.DECLINED
    charge = TillPayment.objects.get(request_key="r2")
    assert told(charge) == ["payment.paid"]
    assert client.get(f"/till/{charge.key}/").status_code == 200


def test_another_card_on_its_own_page(client: Client) -> None:
    begun = Till().begin_mandate(
        MandateRequest("c", "", "https://a.example/done/", "https://a.example/no/"), NOON
    )
    at = f"/till/{begun.payment_key}/card/"
    assert begun.address.endswith(at)
    assert "Nothing is charged now" in client.get(at).content.decode()
    assert client.post(at, {"button": "cancel"})["Location"] == "https://a.example/no/"
    assert client.post(at, {"button": "give", "later": "explodes"}).status_code == 400
    assert Till().fetch_mandate(begun.payment_key, NOON) is None
    for _ in range(2):
        answer = client.post(at, {"button": "give", "later": "wants-confirmation"})
        assert answer["Location"] == "https://a.example/done/"
    assert TillMandate.objects.get().later == TillMandate.Later.WANTS_CONFIRMATION
    assert "was given" in client.get(at).content.decode()
    assert client.get("/till/page_guessed/card/").status_code == 404


def test_staff_dispute_win_and_lose_and_readers_do_not(client: Client, dan: Reader, staff: Reader) -> None:
    kept = page()
    service.press(kept.key, service.Button.APPROVE, timezone.now())
    at = f"/till/{kept.key}/dispute/"
    client.force_login(dan)
    assert client.post(at, {"step": "opened"}).status_code == 403
    client.force_login(staff)
    assert client.get(at).status_code == 405
    assert client.post(at, {"step": "won"}).status_code == 302
    assert Till().fetch(kept.key, timezone.now()).state is PaymentState.PAID
    assert client.post(at, {"step": "forgotten"}).status_code == 400
    client.post(at, {"step": "opened"})
    assert Till().fetch(kept.key, timezone.now()).state is PaymentState.DISPUTED
    assert "The dispute is lost" in client.get(f"/till/{kept.key}/").content.decode()
    client.post(at, {"step": "lost"})
    client.post(at, {"step": "won"})
    assert Till().fetch(kept.key, timezone.now()).state is PaymentState.REFUNDED
    assert told(kept) == ["payment.paid", "payment.dispute-opened", "payment.dispute-lost"]


def test_each_refund_is_told_once_and_the_button_gives_back_what_is_left(
    client: Client, staff: Reader
) -> None:
    kept = page()
    service.press(kept.key, service.Button.APPROVE, timezone.now())
    for _ in range(2):
        Till().refund(RefundRequest("r", kept.key, Amount(1800, GBP)), timezone.now())
    client.force_login(staff)
    assert "Refund £30, all that is left" in client.get(f"/till/{kept.key}/").content.decode()
    for _ in range(2):
        client.post(f"/till/{kept.key}/refund/")
    assert Till().fetch(kept.key, timezone.now()).given_back == 4800
    assert told(kept) == ["payment.paid", "payment.refunded-in-part.1800", "payment.refunded"]


def test_in_production_there_is_no_page_for_another_card(settings: Settings) -> None:
    begun = Till().begin_mandate(MandateRequest("c", "", "https://a.example/", "https://a.example/"), NOON)
    settings.PRODUCTION = True
    for view in (views.card, views.till):
        with pytest.raises(Http404):
            view(RequestFactory().get("/"), begun.payment_key)
    assert TillCardPage.objects.get().mandate is None


@pytest.mark.django_db(transaction=True)
def test_payments_of_before_are_kept_by_0002_the_whole_port() -> None:
    """A refund of before counts as given back; nothing may be charged again."""
    assert import_module("backnumber.payments.till.migrations.0002_the_whole_port")
    executor = MigrationExecutor(connection)
    before = executor.migrate([("till", "0001_initial")]).apps.get_model("till", "TillPayment")
    try:
        for key, state in (("a", "approved"), ("b", "refunded"), ("c", "open")):
            before.objects.create(
                key=key, request_key=key, order_key="o", minor=4800, currency="GBP", state=state, begun_at=NOON,
                settles_at=None if state == "open" else NOON, refunded_at=NOON if state == "refunded" else None,
            )  # fmt: skip
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert apps.get_model("till", "TillPayment").objects.count() == 3
    truths = {key: Till().fetch(key, NOON) for key in "abc"}
    assert {key: (truth.state, truth.given_back, truth.mandate) for key, truth in truths.items()} == {
        "a": (PaymentState.PAID, 0, None),
        "b": (PaymentState.REFUNDED, 4800, None),
        "c": (PaymentState.OPEN, 0, None),
    }
