"""Which of Stripe's events concern us, and what they are about. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import stripe

# What the webhook endpoint at Stripe must send; docs/stripe.md lists them and `doctor` looks.
KINDS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "refund.created",
    "refund.updated",
    "refund.failed",
)
_FAMILIES = ("checkout.session.", "payment_intent.", "charge.refund", "charge.dispute.", "refund.")


def about(kind: str, thing: dict[str, Any]) -> str:
    """Promise: the key of what an event of this kind is about; empty when that is no payment, as a change of card is not.
    Errors: KeyError, TypeError for what is no event.
    """
    if not kind.startswith(_FAMILIES):
        return ""
    if thing.get("object") == "checkout.session" and thing.get("mode") != "payment":
        return ""
    key = thing["id"]
    return text(key)


def text(value: object) -> str:
    """Promise: a word of theirs that we can keep. Errors: TypeError."""
    if not isinstance(value, str) or not 0 < len(value) <= 120:
        raise TypeError("a short text was expected")
    return value


@dataclass(slots=True)
class Named:
    """`sessions`: their keys; `intents`: of those that events name without saying whose they are."""

    sessions: dict[str, str | None] = field(default_factory=dict)
    intents: dict[str, None] = field(default_factory=dict)

    @property
    def intents_without_session(self) -> list[str]:
        known = set(self.sessions.values())
        return [one for one in self.intents if one not in known]


def payments_in(events: Iterable[stripe.Event]) -> Named:
    """Promise: the payments that events name."""
    found = Named()
    for event in events:
        thing = event.data.object.to_dict()
        if not about(event.type, thing):
            continue
        kind, intent = thing["object"], thing.get("payment_intent")
        if kind == "checkout.session":
            found.sessions[thing["id"]] = intent
        elif kind == "payment_intent":
            found.intents[thing["id"]] = None
        elif isinstance(intent, str):
            found.intents[intent] = None
    return found
