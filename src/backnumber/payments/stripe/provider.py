"""Stripe as a payment provider."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import stripe
from django.core.exceptions import ImproperlyConfigured

from backnumber.payments.provider import (
    Begun,
    ChargeRequest,
    Event,
    Forged,
    Mandate,
    MandateRequest,
    PaymentRequest,
    PaymentTruth,
    ProviderRefused,
    ProviderUnavailable,
    RefundRequest,
    RefundState,
    RefundTruth,
)
from backnumber.payments.stripe import charging, truths
from backnumber.payments.stripe.asking import asking, client, is_missing, stamped
from backnumber.payments.stripe.checks import problems, secrets
from backnumber.payments.stripe.events import KINDS, about, payments_in, text

TOLERANCE_SECONDS = 300
_OF_INTENT = ("latest_charge.balance_transaction", "latest_charge.refunds", "payment_method")
_OF_SESSION = tuple(f"payment_intent.{one}" for one in _OF_INTENT)
_REFUNDS = {"succeeded": RefundState.DONE, "failed": RefundState.FAILED, "canceled": RefundState.FAILED}


class Stripe:
    """Errors: ImproperlyConfigured when made without a key, or without a secret for webhooks."""

    name = "stripe"
    renews = True

    def __init__(self) -> None:
        if found := problems():
            raise ImproperlyConfigured(" ".join(what for what, _ in found))

    def begin(self, request: PaymentRequest, now: datetime) -> Begun:
        """Promise: one Checkout Session; Stripe makes a customer where the card is to be charged again."""
        named = {"order_key": request.order_key, "request_key": request.key}
        params: stripe.params.checkout.SessionCreateParams = {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": request.amount.currency.lower(),
                        "unit_amount": request.amount.minor,
                        "product_data": {"name": request.description},
                    },
                }
            ],
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "client_reference_id": request.order_key,
            "adaptive_pricing": {"enabled": False},  # the price is ours, in our currency
            "metadata": named,
            "payment_intent_data": {"metadata": named, "description": request.description},
        }
        if request.keeps_mandate:
            params["customer_creation"] = "always"
            params["payment_intent_data"]["setup_future_usage"] = "off_session"
        if request.email:
            params["customer_email"] = request.email
        with asking():
            made = client().v1.checkout.sessions.create(params, stamped(request.key, "session"))
            return _begun(made)

    def charge(self, request: ChargeRequest, now: datetime) -> PaymentTruth:
        with asking():
            intent = charging.charged(request)
        return self.fetch(intent, now)

    def refund(self, request: RefundRequest, now: datetime) -> RefundTruth:
        """Promise: as the port's, also long after Stripe has forgotten its idempotency key."""
        with asking():
            intent = self._intent_key(request.payment_key)
            if intent is None:
                raise ProviderRefused("there is no money that could go back")
            made = client().v1.refunds.list({"payment_intent": intent, "limit": 100})
            for one in made.auto_paging_iter():
                if truths.noted(one.metadata, "request_key") == request.key:
                    return _refunded(one, request)
            currency = client().v1.payment_intents.retrieve(intent).currency.upper()
            if currency != request.amount.currency:
                raise ProviderRefused(f"it was paid in {currency}, not {request.amount.currency}")
            return _refunded(
                client().v1.refunds.create(
                    {
                        "payment_intent": intent,
                        "amount": request.amount.minor,
                        "reason": "requested_by_customer",
                        "metadata": {"request_key": request.key},
                    },
                    stamped(request.key, "refund"),
                ),
                request,
            )

    def fetch(self, payment_key: str, now: datetime) -> PaymentTruth:
        """Errors: ProviderUnavailable also for a payment that Stripe does not know."""
        try:
            with asking():
                if payment_key.startswith("cs_"):
                    session = client().v1.checkout.sessions.retrieve(payment_key, {"expand": [*_OF_SESSION]})
                    return truths.of_session(session, _disputes(truths.intent_of(session)))
                intent = client().v1.payment_intents.retrieve(payment_key, {"expand": [*_OF_INTENT]})
                return truths.of_intent(intent, _disputes(intent))
        except ProviderRefused as refused:
            raise ProviderUnavailable(str(refused)) from refused

    def begin_mandate(self, request: MandateRequest, now: datetime) -> Begun:
        """Promise: the new card belongs to the customer of the one before; to a new one if there is none."""
        params: stripe.params.checkout.SessionCreateParams = {
            "mode": "setup",
            "currency": request.currency.lower(),  # decides which methods are shown
            "success_url": request.success_url,
            "cancel_url": request.cancel_url,
            "metadata": {"request_key": request.key},
        }
        customer = request.mandate_key.partition("/")[0]
        if customer:
            params["customer"] = customer
        else:
            params["customer_creation"] = "always"
            if request.email:
                params["customer_email"] = request.email
        with asking():
            made = client().v1.checkout.sessions.create(params, stamped(request.key, "setup"))
            return _begun(made)

    def fetch_mandate(self, key: str, now: datetime) -> Mandate | None:
        try:
            with asking():
                session = client().v1.checkout.sessions.retrieve(
                    key, {"expand": ["setup_intent.payment_method"]}
                )
                setup = session.setup_intent
                if setup is None or isinstance(setup, str) or setup.status != "succeeded":
                    return None
                return truths.mandate_of(setup.payment_method)
        except ProviderRefused as refused:
            raise ProviderUnavailable(str(refused)) from refused

    def forget_mandate(self, mandate_key: str, now: datetime) -> None:
        method = mandate_key.rpartition("/")[2]
        with asking():
            try:
                if client().v1.payment_methods.retrieve(method).customer is not None:
                    client().v1.payment_methods.detach(method)
            except stripe.InvalidRequestError as error:
                if not is_missing(error):
                    raise

    def payment_of(self, event: Event, now: datetime) -> str:
        """Promise: for an intent that belongs to a session, the session."""
        try:
            with asking():
                return _payment_key(event.about)
        except ProviderRefused:
            return ""  # what Stripe does not know is about no payment

    def changed_since(self, since: datetime, now: datetime) -> Iterable[str]:
        """Promise: as the port's, by Stripe's events, which it keeps for thirty days."""
        with asking():
            found = client().v1.events.list(
                {"created": {"gte": int(since.timestamp())}, "types": [*KINDS], "limit": 100}
            )
            named = payments_in(found.auto_paging_iter())
            keys = [*named.sessions, *(_payment_key(one) for one in named.intents_without_session)]
        return list(dict.fromkeys(key for key in keys if key))

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Errors: Forged. The time is held against `now`, so that an old one is not heard again."""
        header = headers.get("Stripe-Signature", "")
        if not any(_is_signed(body, header, secret) for secret in secrets()):
            raise Forged("the signature does not hold")
        stamp = next((part[2:] for part in header.split(",") if part.startswith("t=")), "")
        if not stamp.isdecimal() or abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
            raise Forged("it was signed at another time")
        try:
            told = json.loads(body)
            kind = text(told["type"])
            return Event(text(told["id"]), kind[:60], about(kind, told["data"]["object"]))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise Forged("this is no event") from problem

    def _intent_key(self, payment_key: str) -> str | None:
        if not payment_key.startswith("cs_"):
            return payment_key
        intent = client().v1.checkout.sessions.retrieve(payment_key).payment_intent
        return intent if isinstance(intent, str) or intent is None else intent.id


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret))
    except (stripe.SignatureVerificationError, ValueError, TypeError):
        return False


def _begun(session: stripe.checkout.Session) -> Begun:
    """Of one that has run out or was paid there is no address: the truth about it says more."""
    return Begun(session.id, session.url or session.cancel_url or "")


def _refunded(refund: stripe.Refund, request: RefundRequest) -> RefundTruth:
    """Errors: ProviderRefused when another amount was given back under the key."""
    if refund.amount != request.amount.minor:
        raise ProviderRefused("another amount was given back under this key")
    return RefundTruth(refund.id, _REFUNDS.get(refund.status or "", RefundState.PENDING))


def _disputes(intent: stripe.PaymentIntent | None) -> Sequence[stripe.Dispute]:
    """Promise: those of the intent's charge; asked for only when there are any."""
    charge = truths.charge_of(intent) if intent is not None else None
    if charge is None or not charge.disputed:
        return ()
    return client().v1.disputes.list({"charge": charge.id, "limit": 10}).data


def _payment_key(about: str) -> str:
    match about.partition("_")[0]:
        case "cs":
            return about
        case "pi":
            found = client().v1.checkout.sessions.list({"payment_intent": about, "limit": 1}).data
            return found[0].id if found else about
        case "ch" | "py":
            return _of_owner(client().v1.charges.retrieve(about).payment_intent)
        case "re" | "pyr":
            return _of_owner(client().v1.refunds.retrieve(about).payment_intent)
        case "dp" | "du":
            return _of_owner(client().v1.disputes.retrieve(about).payment_intent)
        case _:
            return ""


def _of_owner(intent: stripe.PaymentIntent | str | None) -> str:
    if intent is None:
        return ""
    return _payment_key(intent if isinstance(intent, str) else intent.id)
