"""What `doctor` finds of Stripe, and what it says to do."""

import pytest
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber.cli.commands import app
from backnumber.payments.stripe.events import KINDS
from backnumber.payments.stripe.examining import Seen, address, examine
from tests import making
from tests.payments.rigs import StripeRig
from tests.payments.stripe.simulator.objects import webhook_endpoint


def listens(rig: StripeRig, url: str = "", events: tuple[str, ...] = KINDS) -> dict[str, object]:
    made = webhook_endpoint(url or address(), [*events], now=1, live=False, version=rig.account.version)
    return rig.account.keep(made)


def seen(*currencies: str) -> list[Seen]:
    return list(examine(currencies))


def test_all_is_well(at_stripe: StripeRig) -> None:
    listens(at_stripe)
    found = seen("GBP", "EUR", "GBP")
    assert [one.state for one in found] == ["ok", "ok", "ok"]
    assert found[1].what == "Stripe takes EUR, GBP."
    assert found[2].what.endswith("/checkout/webhook/stripe/.")


def test_an_endpoint_that_is_missing_off_or_hears_too_little(at_stripe: StripeRig) -> None:
    listens(at_stripe, "https://another.example/checkout/webhook/stripe/")
    assert "sends no events to" in seen()[-1].what
    endpoint = listens(at_stripe, events=KINDS[1:])
    assert seen()[-1].what == f"Stripe does not tell us of {KINDS[0]}."
    endpoint["enabled_events"] = ["*"]
    assert seen()[-1].state == "ok"
    endpoint["status"] = "disabled"
    assert "is off" in seen()[-1].what


def test_a_key_of_the_other_mode_or_of_nobody(at_stripe: StripeRig, settings: Settings) -> None:
    settings.PRODUCTION = settings.STRIPE_STANDIN = True
    assert "a test key in production mode" in seen()[0].what
    settings.PRODUCTION = False
    settings.STRIPE_SECRET_KEY = at_stripe.account.key = "sk_live_1"
    assert "a live key in demo mode" in seen()[0].what
    settings.STRIPE_SECRET_KEY = "sk_test_of_nobody"
    (found,) = seen()
    assert "does not accept" in found.what


def test_an_account_that_takes_nothing_yet_a_currency_it_does_not_take_and_no_answer(
    at_stripe: StripeRig,
) -> None:
    at_stripe.account.account["charges_enabled"] = False
    assert "takes no payments" in seen()[0].what
    assert "priced in XOF, which" in seen("GBP", "XOF")[1].what
    at_stripe.account.faults.add("cut-before", times=10)
    (found,) = seen()
    assert "cannot be asked" in found.what


@pytest.mark.django_db
def test_the_doctor_tells_it(at_stripe: StripeRig) -> None:
    making.products()
    ran = CliRunner().invoke(app, ["doctor"]).output
    assert "Stripe takes GBP." in ran
    assert "Stripe sends no events" in ran


@pytest.mark.django_db
def test_the_doctor_asks_stripe_only_where_it_takes_payments(
    at_stripe: StripeRig, settings: Settings
) -> None:
    settings.PAYMENTS = "invoice"
    ran = CliRunner().invoke(app, ["doctor"]).output
    assert "not told where to pay" in ran
    assert at_stripe.simulator.asked == []
    settings.INVOICE_BANK = "Account 1"
    assert "not told where to pay" not in CliRunner().invoke(app, ["doctor"]).output
