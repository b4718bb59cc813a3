"""The port: what Backnumber asks of whoever takes the money. Every folder beside this file is one provider.

We keep the calendar: when a subscription renews, for how much and until when, is ours to know (decision 017). A provider takes one
payment with the payer present (`begin`), takes another from the same card or account without them (`charge`), gives money back
(`refund`), and says what is true (`fetch`). A webhook is a poke, never a fact: it names something, and the truth is fetched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from backnumber.money import Amount


class PaymentState(StrEnum):
    """Where a payment stands with its provider. `PENDING`: the payer has done their part, the money is not there yet.
    `REFUNDED`: all of it has gone back, by refunds or by a dispute that was lost. `DISPUTED`: the payer's bank has taken it
    back, and it is not decided for good.
    """

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


class Decline(StrEnum):
    """Why a payment did not succeed, as far as it tells the reader what to do."""

    CONFIRMATION = "confirmation"  # the bank wants the payer to confirm it: they must be present
    EXPIRED = "expired"
    FUNDS = "funds"
    MANDATE_GONE = "mandate-gone"  # the card or account may no longer be charged
    OTHER = "other"


class RefundState(StrEnum):
    """`PENDING`: the provider has taken it on, and it may still fail."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Forged(ValueError):
    """A webhook that is unsigned, wrongly signed, stale or no event at all."""


class ProviderUnavailable(Exception):
    """The provider does not answer, or not sensibly; asking again later may help."""


class ProviderRefused(Exception):
    """The provider says no to what was asked, and asking again will not help; the message is for staff."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What is asked for. `key` is our own and durable: the same key always means the same payment.

    `keeps_mandate`: the payer agrees that the same card or account is charged again when the term is over.
    """

    key: str
    order_key: str
    amount: Amount
    description: str
    success_url: str
    cancel_url: str
    email: str = ""
    keeps_mandate: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A payment at the provider, or a change of card: its key there, and the address to send the reader to."""

    payment_key: str
    address: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """A card or account that may be charged again. `key` is the provider's; `label` is for its owner: "Visa ending 4242";
    `expires` is the last day on which it can be used, if it has one.
    """

    key: str
    label: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """A payment without the payer. `key` as in `PaymentRequest`."""

    key: str
    order_key: str
    amount: Amount
    description: str
    mandate_key: str


@dataclass(frozen=True, slots=True)
class MandateRequest:
    """Another card or account for the same payer. `mandate_key` is the one before, empty if there is none; `currency` is what
    it will be charged in.
    """

    key: str
    mandate_key: str
    success_url: str
    cancel_url: str
    email: str = ""
    currency: str = "GBP"


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money to give back. `key` is our own and durable: the same key never gives back twice."""

    key: str
    payment_key: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class RefundTruth:
    """`refund_key` is the provider's."""

    refund_key: str
    state: RefundState


@dataclass(frozen=True, slots=True)
class PaymentTruth:
    """What the provider says of a payment at the moment it is asked. `live`: real money.

    `given_back` is what went back to the payer so far by refunds, in minor units; what a bank took back in a dispute is not in it.
    `mandate`: what may be charged again, when the payer agreed to it. `decline` is set with `PaymentState.DECLINED`. `request_key` is
    our own key of the attempt, as the provider was given it; empty where it keeps none.
    """

    payment_key: str
    order_key: str
    state: PaymentState
    amount: Amount
    live: bool
    paid_at: datetime | None = None
    refunded_at: datetime | None = None
    given_back: int = 0
    disputed_at: datetime | None = None
    mandate: Mandate | None = None
    decline: Decline | None = None
    request_key: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A verified webhook: the provider's id of it, what it calls it, and what it is about: the provider's key of an object that
    `Provider.payment_of` understands. Without one it is of no concern to us.
    """

    id: str
    type: str
    about: str


class Provider(Protocol):
    """Errors of every method but `verify_webhook`: ProviderUnavailable. No method is called within a transaction of the database."""

    name: str
    renews: bool
    """Whether it can charge without the payer, so that what renews can be sold."""

    def begin(self, request: PaymentRequest, now: datetime) -> Begun:
        """Promise: one payment for `request.key`, however often it is asked for. Errors: ProviderRefused."""

    def charge(self, request: ChargeRequest, now: datetime) -> PaymentTruth:
        """Promise: one payment for `request.key`, however often it is asked for, tried once; what became of it. A card that is
        declined is a truth, no error. Errors: ProviderRefused.
        """

    def refund(self, request: RefundRequest, now: datetime) -> RefundTruth:
        """Promise: the amount goes back once for `request.key`. Errors: ProviderRefused, when there is not so much left to give back."""

    def fetch(self, payment_key: str, now: datetime) -> PaymentTruth:
        """Promise: the present truth, asked anew."""

    def begin_mandate(self, request: MandateRequest, now: datetime) -> Begun:
        """Promise: a page where the payer gives another card or account; nothing is charged. Errors: ProviderRefused."""

    def fetch_mandate(self, key: str, now: datetime) -> Mandate | None:
        """Promise: what the payer gave on the page that `begin_mandate` began with this key (`Begun.payment_key`); None so far."""

    def forget_mandate(self, mandate_key: str, now: datetime) -> None:
        """Promise: it cannot be charged any more; asked again, nothing happens."""

    def payment_of(self, event: Event, now: datetime) -> str:
        """Promise: the key of the payment that the event is about; empty when it is about none."""

    def changed_since(self, since: datetime, now: datetime) -> Iterable[str]:
        """Promise: keys of payments that came to be or changed since then, ours and those we never heard of; for the nightly
        comparison.
        """

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """Promise: the event the provider signed not long ago. Errors: Forged."""
