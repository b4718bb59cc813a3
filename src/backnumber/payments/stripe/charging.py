"""A charge without the payer, in two steps: an intent that holds our key, then its confirmation with the card.

Between the two nothing is taken. A process that dies there is followed by another that finds the intent by our key, also
after the day for which Stripe remembers idempotency keys.
"""

import stripe

from backnumber.payments.provider import ChargeRequest, ProviderRefused
from backnumber.payments.stripe.asking import client, is_missing, stamped
from backnumber.payments.stripe.truths import GONE, WITHOUT_PAYER, noted


def charged(request: ChargeRequest) -> str:
    """Promise: the key of the one intent for the request's key, which was tried once. Errors: ProviderRefused, StripeError but
    for a declined card.
    """
    customer, _, method = request.mandate_key.partition("/")
    if not customer or not method:
        raise ProviderRefused(f"{request.mandate_key!r} is no mandate of Stripe")
    intent = _found(customer, request.key) or _made(customer, request)
    if intent.amount != request.amount.minor or intent.currency.upper() != request.amount.currency:
        raise ProviderRefused("something else was charged under this key")
    untried = intent.status == "requires_payment_method" and intent.last_payment_error is None
    if untried or intent.status == "requires_confirmation":
        _confirm(intent.id, method, request.key)
    return intent.id


def _found(customer: str, key: str) -> stripe.PaymentIntent | None:
    every = client().v1.payment_intents.list({"customer": customer, "limit": 100})
    return next((one for one in every.auto_paging_iter() if noted(one.metadata, "charge_key") == key), None)


def _made(customer: str, request: ChargeRequest) -> stripe.PaymentIntent:
    return client().v1.payment_intents.create(
        {
            "amount": request.amount.minor,
            "currency": request.amount.currency.lower(),
            "customer": customer,
            "description": request.description,
            # No way that would send somebody to another page: nobody is there.
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "metadata": {
                "order_key": request.order_key,
                "request_key": request.key,
                "charge_key": request.key,
                "kind": WITHOUT_PAYER,
            },
        },
        stamped(request.key, "intent"),
    )


def _confirm(intent: str, method: str, key: str) -> None:
    try:
        client().v1.payment_intents.confirm(
            intent, {"payment_method": method, "off_session": True}, stamped(key, "confirm")
        )
    except stripe.CardError:
        return  # the intent says why
    except stripe.InvalidRequestError as error:
        if error.code == "payment_intent_unexpected_state":
            return  # another process was quicker
        if not is_missing(error) and error.param != "payment_method":
            raise
        client().v1.payment_intents.update(intent, {"metadata": {"decline": GONE}}, stamped(key, "gone"))
        client().v1.payment_intents.cancel(intent, {}, stamped(key, "cancel"))
