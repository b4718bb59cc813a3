"""The port: what Backnumber asks of whoever takes the money. Every folder beside this file answers it.

A webhook is a poke, never a fact: it names a payment, and the truth is fetched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from backnumber.money import Amount


class PaymentState(StrEnum):
    """Where a payment stands with its provider. `PENDING`: the reader has done their part, the money is not
    there yet.
    """

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Forged(ValueError):
    """A webhook that is unsigned, wrongly signed, stale or no event at all."""


class ProviderUnavailable(Exception):
    """The provider does not answer, or not sensibly; asking again later may help."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What is asked for. `key` is our own and durable: the same key always means the same payment."""

    key: str
    order_key: str
    amount: Amount
    description: str
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A payment at the provider: its key there, and the address to send the reader to."""

    payment_key: str
    address: str


@dataclass(frozen=True, slots=True)
class PaymentTruth:
    """What the provider says of a payment at the moment it is asked. `live`: real money."""

    payment_key: str
    order_key: str
    state: PaymentState
    amount: Amount
    live: bool
    paid_at: datetime | None = None
    refunded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A verified webhook: the provider's id of it, what it calls it, and the payment it is about."""

    id: str
    type: str
    payment_key: str


class Provider(Protocol):
    """Errors of every method but `verify_webhook`: ProviderUnavailable."""

    name: str

    def begin(self, request: PaymentRequest, now: datetime) -> Begun:
        """Promise: one payment for `request.key`, however often it is asked for."""

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Promise: the event the provider signed not long ago. Errors: Forged."""

    def fetch(self, payment_key: str, now: datetime) -> PaymentTruth:
        """Promise: the present truth, asked anew."""
