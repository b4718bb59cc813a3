"""The webhook's address: genuine, fresh and once; what it answers tells the provider whether to try again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.checkout.models import Order
from backnumber.grants.models import Grant
from backnumber.payments.models import WebhookEvent
from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.provider import secret
from backnumber.payments.till.signature import sign
from backnumber.readers.models import Reader
from tests.checkout import steps


@pytest.fixture
def paid(dan: Reader) -> Order:
    """The money is there; nobody has been told."""
    placed = steps.order(dan)
    steps.approve(placed, timezone.now())
    return placed


def test_a_genuine_webhook_gives_access(paid: Order) -> None:
    assert steps.hear(paid).status_code == 200
    assert Grant.objects.count() == 1
    assert WebhookEvent.objects.get().outcome == "applied"


def test_what_is_not_genuine_is_400_and_has_no_effect(paid: Order) -> None:
    body = steps.event(steps.at_the_till(paid).key)
    now = timezone.now()
    for signature in (
        "",
        "rubbish",
        sign(body, b"another secret", now),
        sign(body + b" ", secret(), now),
    ):
        assert steps.webhook(body, signature=signature).status_code == 400
    assert steps.webhook(body, at=now - timedelta(minutes=6)).status_code == 400
    assert steps.webhook(body, at=now + timedelta(minutes=6)).status_code == 400
    assert (Grant.objects.count(), WebhookEvent.objects.count()) == (0, 0)
    assert steps.webhook(body, at=now).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"id": 1, "type": "a", "payment": "b"}',
        b'{"id": "", "type": "a", "payment": "b"}',
        b"\xff",
    ],
)
@pytest.mark.django_db
def test_a_signed_body_that_is_no_event_is_400(body: bytes) -> None:
    assert steps.webhook(body).status_code == 400
    assert WebhookEvent.objects.count() == 0


def test_a_duplicate_is_heard_and_changes_nothing(paid: Order) -> None:
    for _ in range(3):
        assert steps.hear(paid).status_code == 200
    assert (Grant.objects.count(), WebhookEvent.objects.count()) == (1, 1)


def test_an_unknown_type_is_heard_and_ignored(paid: Order) -> None:
    assert steps.webhook(steps.event(steps.at_the_till(paid).key, "customer.updated")).status_code == 200
    assert WebhookEvent.objects.get().outcome == "ignored"
    assert Grant.objects.count() == 0


@pytest.mark.django_db
def test_a_payment_we_never_began_is_told_to_staff() -> None:
    assert steps.webhook(steps.event("till_of_another_shop")).status_code == 200
    assert WebhookEvent.objects.get().outcome == "rejected"


def test_a_provider_that_does_not_know_its_own_payment_is_to_try_again(paid: Order) -> None:
    body = steps.event(steps.at_the_till(paid).key)
    TillPayment.objects.all().delete()
    assert steps.webhook(body).status_code == 503
    assert WebhookEvent.objects.count() == 0


def test_the_word_of_a_webhook_is_not_believed(dan: Reader) -> None:
    """It says paid; the till, asked, says open."""
    assert steps.hear(steps.order(dan)).status_code == 200
    assert Grant.objects.count() == 0


@pytest.mark.django_db
def test_an_unknown_provider_and_a_look_are_refused(client: Client) -> None:
    assert client.post("/checkout/webhook/nobody/", b"{}", content_type="application/json").status_code == 404
    assert client.get("/checkout/webhook/till/").status_code == 405
