"""The simulator is held to reality: by the types of the pinned SDK, and by Stripe's own fixtures where they are at hand."""

import json
import os
import typing
from pathlib import Path
from typing import Any

import pytest
import stripe

from backnumber.payments.stripe.asking import API_VERSION
from backnumber.payments.stripe.events import KINDS
from tests.payments.rigs import StripeRig, request
from tests.payments.stripe.simulator import objects

FIXTURES = Path(
    os.environ.get("BACKNUMBER_STRIPE_FIXTURES")
    or Path(__file__).resolve().parents[4] / "shared" / "stripe" / "fixtures3.json"
)
CLASSES: dict[str, type[stripe.StripeObject]] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "setup_intent": stripe.SetupIntent,
    "customer": stripe.Customer,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "balance_transaction": stripe.BalanceTransaction,
    "webhook_endpoint": stripe.WebhookEndpoint,
    "account": stripe.Account,
    "country_spec": stripe.CountrySpec,
}
FREE = {"metadata", "supported_bank_account_currencies", "use_stripe_sdk"}  # keys of these are anybody's


def everything(rig: StripeRig) -> list[dict[str, Any]]:
    """One of each object, in the states that payments pass through."""
    account, now = rig.account, rig.now
    keys = [
        rig.provider.begin(request(f"order-{n}", keeps_mandate=n % 2 == 0), now).payment_key for n in range(6)
    ]
    account.pay(keys[0])
    account.dispute(keys[0])
    account.pay(keys[1], method="sepa_debit")
    account.settle(keys[1])
    account.pay(keys[2], method="bacs_debit")
    account.settle(keys[2], succeeds=False)
    account.pay(keys[3], outcome="authentication")
    account.pay(keys[4], outcome="declined")
    account.refund_at_the_desk(keys[1], 100)
    made = objects.session({"mode": "setup", "currency": "gbp"}, now=account.at(), live=False, base="")
    account.keep(made)
    account.give_card(made["id"])
    account.keep(
        objects.webhook_endpoint("https://a.example/", [*KINDS], now=1, live=False, version=account.version)
    )
    shown = [account.shown(one) for one in account.things.values()]
    return [*shown, account.account, objects.country_spec("GB", account.currencies)]


def inner_class(annotation: Any) -> Any:
    """Promise: the class of objects within, in an Optional or a list too; None for what is no object of its own."""
    for one in [annotation, *typing.get_args(annotation)]:
        if isinstance(one, type) and issubclass(one, stripe.StripeObject):
            return one
        found = [inner_class(each) for each in typing.get_args(one)] if one is not annotation else []
        if any(found):
            return next(each for each in found if each)
    return None


def unknown(thing: Any, known: type, where: str) -> list[str]:
    """Promise: the fields of `thing` that the SDK's class does not have, with where they stand."""
    if isinstance(thing, list):
        return [wrong for one in thing for wrong in unknown(one, known, where)]
    if not isinstance(thing, dict):
        return []
    wrong = []
    for name, value in thing.items():
        path = f"{where}.{name}"
        if name not in known.__annotations__:
            wrong.append(path)
        elif name not in FREE and where != "event.data":
            within = inner_class(known.__annotations__[name])
            wrong += unknown(value, within, path) if within is not None else []
    return wrong


@pytest.mark.django_db
def test_every_field_is_one_of_the_sdks_own(at_stripe: StripeRig) -> None:
    things = everything(at_stripe)
    assert {one["object"] for one in things} == set(CLASSES)
    wrong = [path for one in things for path in unknown(one, CLASSES[one["object"]], one["object"])]
    assert not wrong


def test_a_field_that_stripe_does_not_have_is_noticed() -> None:
    """The control: at the top, and within."""
    intent = {"id": "pi", "subscription": None, "last_payment_error": {"code": "x", "why": "y"}}
    assert unknown(intent, stripe.PaymentIntent, "payment_intent") == [
        "payment_intent.subscription",
        "payment_intent.last_payment_error.why",
    ]


def resources() -> dict[str, Any]:
    if not FIXTURES.is_file():
        pytest.skip("Stripe's fixtures are not there: set BACKNUMBER_STRIPE_FIXTURES to fixtures3.json")
    found: dict[str, Any] = json.loads(FIXTURES.read_text())["resources"]
    return found


NEWER = {"payment_intent.automatic_payment_methods.allow_redirects"}  # optional there, and left out


def unlike(ours: Any, theirs: Any, where: str) -> list[str]:
    """Promise: fields of ours that theirs lack, or that are of another type; an unset value is like any."""
    if ours is None or theirs is None:
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if where.rpartition(".")[2] in FREE or where == "event.data.object":
            return []
        lacking = [f"{where}.{name}" for name in ours if name not in theirs]
        within = [
            wrong
            for name in ours
            if name in theirs
            for wrong in unlike(ours[name], theirs[name], f"{where}.{name}")
        ]
        return [path for path in lacking if path not in NEWER] + within
    if type(ours) is not type(theirs):
        return [f"{where} is {type(ours).__name__}, not {type(theirs).__name__}"]
    return []


@pytest.mark.django_db
def test_every_field_is_named_and_typed_as_in_stripes_fixtures(at_stripe: StripeRig) -> None:
    known = resources()
    wrong = {
        path for one in everything(at_stripe) for path in unlike(one, known[one["object"]], one["object"])
    }
    of_a_kind = {
        f"payment_method.{kind}" for kind in ("bacs_debit", "sepa_debit")
    }  # the fixture is of a card
    left = {
        path for path in wrong - of_a_kind if ".last_payment_error" not in path and ".next_action" not in path
    }
    assert not left


def test_a_field_unlike_the_fixtures_is_noticed() -> None:
    """The control."""
    known = {"id": "x", "amount": 1, "card": {"last4": "4242"}}
    ours = {"id": "x", "amount": "1", "card": {"last4": "4242", "end": 1}, "sum": 1}
    assert unlike(ours, known, "charge") == ["charge.sum", "charge.amount is str, not int", "charge.card.end"]


def test_the_version_is_that_of_the_pinned_sdk() -> None:
    assert stripe.api_version == API_VERSION


def test_every_kind_of_event_we_ask_for_is_one_of_stripes() -> None:
    known = typing.get_args(
        typing.get_args(stripe.Event.__annotations__["type"])[0]
        if typing.get_origin(stripe.Event.__annotations__["type"]) is typing.Union
        else stripe.Event.__annotations__["type"]
    )
    assert set(KINDS) <= set(known)
