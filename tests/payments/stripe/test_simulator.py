"""The simulator itself: what it must refuse as Stripe does, how it tells the shop, its page and its command."""

import json
import random
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from backnumber.checkout.models import Order
from backnumber.grants.models import Grant
from backnumber.payments.models import Payment, WebhookEvent
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.payments.rigs import StripeRig, request
from tests.payments.stripe.simulator import Account, running
from tests.payments.stripe.simulator.server import unflattened

ROOT = Path(__file__).resolve().parents[3]
CUSTOMER = {"mode": "setup", "currency": "gbp"}


def ask(
    base: str, path: str, form: dict[str, str] | None = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    """Promise: status and JSON, as anybody with a key is answered; not the SDK."""
    known = {"Authorization": "Bearer sk_test_simulated", "Stripe-Version": "2026-10-28.endive"}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    body = urllib.parse.urlencode(form).encode() if form is not None else None
    try:
        with urllib.request.urlopen(
            urllib.request.Request(base + path, body, {**known, **sent}), timeout=10
        ) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_form_in_brackets_becomes_what_it_means() -> None:
    flat = [("a[0][b]", "1"), ("a[0][c]", "2"), ("a[1][b]", "3"), ("m[k]", "v"), ("x", "y")]
    assert unflattened(flat) == {"a": [{"b": "1", "c": "2"}, {"b": "3"}], "m": {"k": "v"}, "x": "y"}


def test_the_same_idempotency_key_answers_the_same_and_refuses_another_body() -> None:
    with running() as simulator:
        first = ask(simulator.base, "/v1/checkout/sessions", CUSTOMER, Idempotency_Key="k")
        assert first[0] == 200
        assert ask(simulator.base, "/v1/checkout/sessions", CUSTOMER, Idempotency_Key="k") == first
        other = CUSTOMER | {"currency": "eur"}
        status, answer = ask(simulator.base, "/v1/checkout/sessions", other, Idempotency_Key="k")
        assert (status, answer["error"]["type"]) == (400, "idempotency_error")
        assert ask(simulator.base, "/v1/checkout/sessions", CUSTOMER)[1]["id"] != first[1]["id"]
        assert len(simulator.account.every("checkout.session")) == 2


@pytest.mark.parametrize(
    ("path", "form", "headers", "status", "code"),
    [
        ("/v1/account", None, {"Authorization": "Bearer sk_test_guessed"}, 401, None),
        ("/v1/account", None, {"Stripe_Version": "2020-01-01"}, 400, None),
        ("/v1/subscriptions", None, {}, 404, None),
        ("/v1/refunds/re_1", None, {}, 404, "resource_missing"),
        ("/v1/checkout/sessions", CUSTOMER | {"colour": "red"}, {}, 400, "parameter_unknown"),
        ("/v1/checkout/sessions", {"mode": "payment"}, {}, 400, "parameter_missing"),
        ("/v1/checkout/sessions", {"mode": "setup"}, {}, 400, "parameter_missing"),
        ("/v1/checkout/sessions", {"mode": "subscription"}, {}, 400, None),
    ],
)
def test_what_stripe_refuses_is_refused(
    path: str, form: dict[str, str] | None, headers: dict[str, str], status: int, code: str | None
) -> None:
    with running() as simulator:
        found, answer = ask(simulator.base, path, form, **headers)
        assert (found, answer["error"].get("code")) == (status, code)


def hears(headers: dict[str, str], body: bytes) -> int:
    return Client().post(
        "/checkout/webhook/stripe/", body, content_type="application/json", headers={"Stripe-Signature": headers["Stripe-Signature"]}
    ).status_code  # fmt: skip


@pytest.mark.django_db
def test_an_order_is_settled_once_by_events_that_come_twice_and_in_any_order(
    at_stripe: StripeRig, dan: Reader
) -> None:
    """From the order to the grant, through the SDK and over HTTP, as Stripe would do it on a bad day."""
    placed = steps.order(dan, now=at_stripe.now)
    payment = Payment.objects.get(order_key=placed.key)
    assert payment.key.startswith("cs_test_")
    at_stripe.account.pay(payment.key)
    answers = at_stripe.simulator.webhooks.deliver(send=hears, times=2, shuffle=random.Random(7))
    assert set(answers) == {400}  # signed at another time than now is: a replay
    at_stripe.account.now = time.time
    answers = at_stripe.simulator.webhooks.deliver(send=hears, times=2, shuffle=random.Random(7))
    assert set(answers) == {200}
    placed.refresh_from_db()
    assert placed.state == Order.State.PAID
    assert Grant.objects.filter(reader=dan).count() == 1
    assert not WebhookEvent.objects.filter(outcome=WebhookEvent.Outcome.REJECTED).exists()
    forged = at_stripe.simulator.webhooks.forged("charge.refunded", {"id": "ch_1", "object": "charge"})
    assert hears(*forged) == 400


@pytest.mark.django_db
def test_an_event_that_is_not_taken_is_sent_again(at_stripe: StripeRig) -> None:
    at_stripe.account.pay(at_stripe.provider.begin(request(), at_stripe.now).payment_key)
    webhooks = at_stripe.simulator.webhooks
    waiting = len(webhooks.waiting)
    assert set(webhooks.deliver(send=lambda headers, body: 503)) == {503}
    assert len(webhooks.waiting) == waiting
    assert (
        webhooks.deliver(
            send=lambda headers, body: 200, drop=lambda event: event["type"].startswith("charge")
        )
        != []
    )
    assert webhooks.waiting == []


def press(base: str, key: str, **form: str) -> tuple[int, str]:
    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: Any, **kwargs: Any) -> None:
            return None

    try:
        body = urllib.parse.urlencode(form).encode() if form else None
        with urllib.request.build_opener(Stays()).open(f"{base}/pay/{key}", body, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location") or error.read().decode()


def test_a_browser_can_decline_authenticate_and_pay(at_stripe: StripeRig) -> None:
    base = at_stripe.simulator.base
    begun = at_stripe.provider.begin(request(keeps_mandate=True), at_stripe.now)
    key = begun.payment_key
    assert begun.address == f"{base}/pay/{key}"
    status, page = press(base, key)
    assert status == 200
    assert "48.00 GBP" in page
    assert press(base, key, button="decline") == (303, f"/pay/{key}")
    assert "was declined" in press(base, key)[1]
    assert press(base, key, button="authentication", later="expired_card") == (303, f"/pay/{key}")
    assert "Your bank asks" in press(base, key)[1]
    assert press(base, key, button="authenticate") == (303, "https://shop.example/done/")
    assert "was used" in press(base, key)[1]
    assert press(base, key, button="pay")[0] == 400
    assert press(base, "cs_unknown")[0] == 404


def test_it_starts_by_a_command_as_a_live_account() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.payments.stripe.simulator",
        "--port",
        "0",
        "--webhook",
        "http://127.0.0.1:9/",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = dict(pair.split("=", 1) for pair in process.stdout.readline().split())
            status, made = ask(
                told["STRIPE_API_BASE"], "/v1/checkout/sessions", CUSTOMER,
                Authorization=f"Bearer {told['STRIPE_SECRET_KEY']}",
            )  # fmt: skip
            assert (status, made["livemode"]) == (200, True)
        finally:
            process.kill()


def test_a_test_account_is_not_live() -> None:
    assert Account().live is False
    assert Account(live=True).key.startswith("sk_live_")
