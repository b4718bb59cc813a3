"""What `doctor` finds of Stripe: the key, the account, the webhook endpoint, the currencies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import stripe
from django.conf import settings
from django.urls import reverse

from backnumber.payments.stripe.asking import client
from backnumber.payments.stripe.checks import problems
from backnumber.payments.stripe.events import KINDS


@dataclass(frozen=True, slots=True)
class Seen:
    """What is so, and what to do about it; `do` is empty when nothing need be done."""

    state: Literal["ok", "note", "wrong"]
    what: str
    do: str = ""


def examine(currencies: Iterable[str]) -> Iterator[Seen]:
    """Promise: what is found of Stripe, the first what the others rest on. `currencies`: what things are sold in."""
    if problems():
        return  # the checks say it
    try:
        account = client().v1.accounts.retrieve_current()
        yield from _key(account)
        yield from _currencies(account, sorted(set(currencies)))
        yield _endpoint()
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        told = f"Stripe does not accept STRIPE_SECRET_KEY: {error.user_message}"
        yield Seen("wrong", told, "Set a secret key that may read the account and webhook endpoints.")
    except stripe.StripeError as error:
        yield Seen(
            "wrong", f"Stripe cannot be asked: {error.user_message}", "Check the way to it, and again."
        )


def address() -> str:
    """Promise: where Stripe must send its events."""
    return f"{settings.ADDRESS}{reverse('payment_webhook', args=['stripe'])}"


def _key(account: stripe.Account) -> Iterator[Seen]:
    is_live = "_live_" in settings.STRIPE_SECRET_KEY[:9]
    if is_live != settings.PRODUCTION:
        kind, mode = ("live", "demo") if is_live else ("test", "production")
        do = "Set the test key." if is_live else "Set the live key: a test payment opens nothing here."
        yield Seen("wrong", f"STRIPE_SECRET_KEY is a {kind} key in {mode} mode.", do)
    elif not account.charges_enabled:
        yield Seen("wrong", "Stripe takes no payments for this account yet.", "Finish its set-up at Stripe.")
    else:
        yield Seen("ok", f"Stripe accepts the key, of the account {account.id}.")


def _currencies(account: stripe.Account, currencies: list[str]) -> Iterator[Seen]:
    if not currencies or account.country is None:
        return
    taken = client().v1.country_specs.retrieve(account.country).supported_payment_currencies
    refused = [one for one in currencies if one.lower() not in taken]
    if refused:
        what = (
            f"Products are priced in {', '.join(refused)}, which Stripe does not take in {account.country}."
        )
        yield Seen("wrong", what, "Price them in another currency.")
    else:
        yield Seen("ok", f"Stripe takes {', '.join(currencies)}.")


def _endpoint() -> Seen:
    every = client().v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
    ours = next((one for one in every if one.url == address()), None)
    if ours is None:
        return Seen("wrong", f"Stripe sends no events to {address()}.", "Add the endpoint: docs/stripe.md.")
    if ours.status != "enabled":
        return Seen("wrong", f"The endpoint {address()} is off at Stripe.", "Switch it on.")
    lacking = [] if "*" in ours.enabled_events else [one for one in KINDS if one not in ours.enabled_events]
    if lacking:
        return Seen("wrong", f"Stripe does not tell us of {', '.join(lacking)}.", "Add them to the endpoint.")
    return Seen("ok", f"Stripe sends its events to {address()}.")
