"""Paying by Stripe, in a browser without JavaScript: our pages, then the simulator's, then ours. No webhook is needed to read on."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.checkout.models import Order
from backnumber.grants.models import Grant
from backnumber.payments.models import Payment
from backnumber.readers.models import Reader
from backnumber.website import headers
from backnumber.website.page_headers import POLICY, pays_at
from tests import making
from tests.payments.rigs import StripeRig, stripe_rig

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Be = Callable[[Page, Reader], None]


@pytest.fixture
def at_stripe(site: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeRig]:
    """The pages let forms lead to the stand-in, as they do where the settings name it."""
    with stripe_rig(settings) as rig:
        rig.account.now = time.time
        allowed = pays_at("stripe", settings.STRIPE_API_BASE)
        monkeypatch.setattr(headers, "POLICY", POLICY.replace("'self' https:", f"'self' {allowed}"))
        rig.simulator.webhooks.address = f"{site}/checkout/webhook/stripe/"
        yield rig


def goes_to_pay(page: Page, reader: Reader, be: Be, gated: Article) -> None:
    making.products()
    be(page, reader)
    page.goto(gated.get_absolute_url())
    page.locator(".offers a", has_text="Read on").click()
    page.get_by_role("button", name="Order and pay £48").last.click()
    expect(page.get_by_text("No money moves")).to_be_visible()


def test_declined_then_confirmed_by_the_bank_then_read_on_and_refunded(
    plain: Page, site: str, gated: Article, dan: Reader, be: Be, at_stripe: StripeRig
) -> None:
    goes_to_pay(plain, dan, be, gated)
    plain.get_by_role("button", name="Decline").click()
    expect(plain.get_by_role("alert")).to_contain_text("declined")
    plain.get_by_role("button", name="Pay, and the bank asks").click()
    plain.get_by_role("button", name="Authenticate").click()
    expect(plain).to_have_url(re.compile(re.escape(site + gated.get_absolute_url())))
    expect(plain.get_by_text("lastcanary60")).to_be_visible()
    answers = at_stripe.simulator.webhooks.deliver(times=2)
    assert set(answers) == {200}
    assert Grant.objects.filter(reader=dan).count() == 1
    at_stripe.account.refund_at_the_desk(Payment.objects.get().key, 4800)
    at_stripe.simulator.webhooks.deliver()
    assert Order.objects.get().state == Order.State.REFUNDED
    plain.goto(gated.get_absolute_url())
    assert "lastcanary60" not in plain.content()


def test_a_debit_opens_when_the_bank_has_paid(
    plain: Page, gated: Article, dan: Reader, be: Be, at_stripe: StripeRig
) -> None:
    goes_to_pay(plain, dan, be, gated)
    plain.get_by_role("button", name="Pay by direct debit").click()
    expect(plain.get_by_role("heading", name="Your payment is on its way")).to_be_visible()
    at_stripe.account.settle(Payment.objects.get().key)
    assert set(at_stripe.simulator.webhooks.deliver()) == {200}
    plain.goto(gated.get_absolute_url())
    expect(plain.get_by_text("lastcanary60")).to_be_visible()


def test_forms_lead_to_a_stand_in_only_where_it_is_set() -> None:
    assert pays_at("stripe", "http://localhost:12111") == "https: http://localhost:12111"
    assert pays_at("stripe", "") == pays_at("stripe", "https://api.stripe.com") == "https:"
    assert pays_at("till", "http://localhost:12111") == "https:"
