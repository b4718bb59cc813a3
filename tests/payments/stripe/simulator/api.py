"""Stripe's addresses: what each takes and answers. What is not here is not there."""

import re
from collections.abc import Callable
from typing import Any

from stripe.params import PaymentIntentConfirmParams, PaymentIntentCreateParams, RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from tests.payments.stripe.simulator import objects
from tests.payments.stripe.simulator.account import Account
from tests.payments.stripe.simulator.errors import Refusal, invalid
from tests.payments.stripe.simulator.objects import Thing

Params = dict[str, Any]
Handler = Callable[[Account, Params, str], Thing]


def _known(params: Params, known: Any) -> None:
    """Stripe refuses parameters that it does not know."""
    for name in params:
        if name not in known.__annotations__:
            raise Refusal(
                400,
                "invalid_request_error",
                f"Received unknown parameter: {name}",
                code="parameter_unknown",
                param=name,
            )


def _make_session(account: Account, params: Params, _: str) -> Thing:
    _known(params, SessionCreateParams)
    if params.get("mode") not in {"payment", "setup"}:
        raise invalid("Only payment and setup are simulated.", param="mode")
    if params["mode"] == "payment" and not params.get("line_items"):
        raise invalid("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if params["mode"] == "setup" and not params.get("currency"):
        raise invalid("Missing required param: currency.", code="parameter_missing", param="currency")
    if params.get("customer") and params.get("customer_creation"):
        raise invalid("You may only specify one of these parameters: customer, customer_creation.")
    if params.get("customer"):
        account.get("customer", params["customer"], "customer")
    made = objects.session(params, now=account.at(), live=account.live, base=account.base)
    if made["currency"] not in account.currencies:
        raise invalid(f"Invalid currency: {made['currency']}", param="currency")
    made["_data"] = params.get("payment_intent_data", {})
    return account.keep(made)


def _make_intent(account: Account, params: Params, _: str) -> Thing:
    _known(params, PaymentIntentCreateParams)
    account.get("customer", params["customer"], "customer")
    made = objects.payment_intent(
        amount=int(params["amount"]),
        currency=params["currency"],
        now=account.at(),
        live=account.live,
        customer=params["customer"],
        metadata=params.get("metadata", {}),
        description=params.get("description"),
    )
    account.tell("payment_intent.created", account.keep(made))
    return made


def _confirm(account: Account, params: Params, key: str) -> Thing:
    _known(params, PaymentIntentConfirmParams)
    if params.get("off_session") != "true":
        raise invalid("Only charges without the payer are simulated.", param="off_session")
    return account.confirm(account.get("payment_intent", key), params["payment_method"])


def _update_intent(account: Account, params: Params, key: str) -> Thing:
    found = account.get("payment_intent", key)
    found["metadata"] = {**found["metadata"], **params.get("metadata", {})}
    return found


def _cancel(account: Account, params: Params, key: str) -> Thing:
    found = account.get("payment_intent", key)
    if found["status"] in {"succeeded", "canceled", "processing"}:
        raise invalid("You cannot cancel this PaymentIntent.", code="payment_intent_unexpected_state")
    found.update(status="canceled", canceled_at=account.at())
    account.tell("payment_intent.canceled", found)
    return found


def _make_refund(account: Account, params: Params, _: str) -> Thing:
    _known(params, RefundCreateParams)
    intent = account.get("payment_intent", params["payment_intent"], "payment_intent")
    if intent["latest_charge"] is None:
        raise invalid("This PaymentIntent does not have a successful charge to refund.")
    charge = account.get("charge", intent["latest_charge"])
    left = charge["amount"] - charge["amount_refunded"]
    is_delayed = charge["id"].startswith("py_")
    return account.refund(
        charge,
        int(params.get("amount", left)),
        reason=params.get("reason"),
        metadata=params.get("metadata", {}),
        status="pending" if is_delayed else "succeeded",
    )


def _detach(account: Account, params: Params, key: str) -> Thing:
    found = account.get("payment_method", key)
    if found["customer"] is None:
        raise invalid(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    found["customer"] = None
    account.tell("payment_method.detached", found)
    return found


def _getting(kind: str) -> Handler:
    return lambda account, params, key: account.get(kind, key)


def _listing(kind: str, *by: str) -> Handler:
    def listed(account: Account, params: Params, _: str) -> Thing:
        found = account.every(kind, **{name: params[name] for name in by if name in params})
        since = int(params.get("created", {}).get("gte", 0)) if isinstance(params.get("created"), dict) else 0
        found = [one for one in found if one["created"] >= since]
        if "types" in params:
            found = [one for one in found if one["type"] in params["types"]]
        if "starting_after" in params:
            keys = [one["id"] for one in found]
            found = found[keys.index(params["starting_after"]) + 1 :]
        limit = int(params.get("limit", 10))
        return {"object": "list", "data": found[:limit], "has_more": len(found) > limit, "url": ""}

    return listed


def _country(account: Account, params: Params, key: str) -> Thing:
    return objects.country_spec(key, account.currencies)


ROUTES: list[tuple[str, re.Pattern[str], Handler]] = [
    (method, re.compile(f"/v1/{path}"), handler)
    for method, path, handler in (
        ("POST", "checkout/sessions", _make_session),
        ("GET", "checkout/sessions", _listing("checkout.session", "payment_intent")),
        ("GET", r"checkout/sessions/(?P<key>\w+)", _getting("checkout.session")),
        ("POST", "payment_intents", _make_intent),
        ("GET", "payment_intents", _listing("payment_intent", "customer")),
        ("GET", r"payment_intents/(?P<key>\w+)", _getting("payment_intent")),
        ("POST", r"payment_intents/(?P<key>\w+)/confirm", _confirm),
        ("POST", r"payment_intents/(?P<key>\w+)/cancel", _cancel),
        ("POST", r"payment_intents/(?P<key>\w+)", _update_intent),
        ("GET", r"charges/(?P<key>\w+)", _getting("charge")),
        ("POST", "refunds", _make_refund),
        ("GET", "refunds", _listing("refund", "payment_intent")),
        ("GET", r"refunds/(?P<key>\w+)", _getting("refund")),
        ("GET", "disputes", _listing("dispute", "charge")),
        ("GET", r"disputes/(?P<key>\w+)", _getting("dispute")),
        ("GET", r"payment_methods/(?P<key>\w+)", _getting("payment_method")),
        ("POST", r"payment_methods/(?P<key>\w+)/detach", _detach),
        ("GET", "events", _listing("event")),
        ("GET", "webhook_endpoints", _listing("webhook_endpoint")),
        ("GET", "account", lambda account, params, key: account.account),
        ("GET", r"country_specs/(?P<key>[A-Z]{2})", _country),
    )
]


def answer(account: Account, method: str, path: str, params: Params) -> Thing:
    """Promise: what Stripe answers, with what was to be expanded. Errors: Refusal."""
    expand = params.pop("expand", [])
    for known, pattern, handler in ROUTES:
        found = pattern.fullmatch(path)
        if known == method and found is not None:
            with account.lock:
                thing = handler(account, params, found.groupdict().get("key", ""))
                return _told(account, thing, expand)
    raise Refusal(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")


def _told(account: Account, thing: Thing, expand: list[str]) -> Thing:
    if thing["object"] == "list":
        return {**thing, "data": [account.shown(one) for one in thing["data"]]}
    told = account.shown(thing) if "id" in thing else dict(thing)
    for path in expand:
        _expand(account, told, path.split("."))
    return told


def _expand(account: Account, told: Thing, path: list[str]) -> None:
    name, rest = path[0], path[1:]
    if told["object"] == "charge" and name == "refunds":
        made = [account.shown(one) for one in account.every("refund", charge=told["id"])]
        told["refunds"] = {
            "object": "list",
            "data": made,
            "has_more": False,
            "url": f"/v1/charges/{told['id']}/refunds",
        }
        return
    if name not in told:
        raise invalid(f"This property cannot be expanded ({name}).")
    if isinstance(told[name], str):
        told[name] = account.shown(account.things[told[name]])
    if rest and told[name] is not None:
        _expand(account, told[name], rest)
