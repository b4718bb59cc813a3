"""One way to act as payer, bank and staff at each provider, for the suite that every provider passes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

from pytest_django.fixtures import Settings

from backnumber.money import Amount
from backnumber.payments.invoice import service as invoices
from backnumber.payments.invoice import signature as invoice_signature
from backnumber.payments.invoice.models import AwaitedPayment, InvoiceRefund
from backnumber.payments.invoice.provider import Invoice
from backnumber.payments.provider import PaymentRequest, Provider
from backnumber.payments.signatures import sign
from backnumber.payments.stripe.provider import Stripe
from backnumber.payments.till import service as tills
from backnumber.payments.till import signature as till_signature
from backnumber.payments.till.models import TillMandate, TillPayment
from backnumber.payments.till.provider import Till
from tests.making import NOON
from tests.payments.stripe.simulator import Account, Simulator, running

GBP = "GBP"
FORTY_EIGHT = Amount(4800, GBP)
Told = tuple[dict[str, str], bytes]


def request(key: str = "order-1", *, keeps_mandate: bool = False, minor: int = 4800) -> PaymentRequest:
    return PaymentRequest(
        key, "order", Amount(minor, GBP), "Online access, yearly", "https://shop.example/done/", "https://shop.example/stopped/",
        "ann@example.org", keeps_mandate,
    )  # fmt: skip


class Rig(Protocol):
    """`send_back`: what is to be sent back by hand is sent."""

    provider: Provider
    now: datetime

    def pay(self, key: str) -> None: ...
    def pay_slowly(self, key: str) -> None: ...
    def settle(self, key: str) -> None: ...
    def decline(self, key: str) -> None: ...
    def give_card(self, page: str) -> None: ...
    def dispute(self, key: str, step: str) -> None: ...
    def later(self, mandate: str, what: str) -> None: ...
    def send_back(self) -> None: ...
    def webhook(self, about: str, *, secret: str = "") -> Told: ...


class TillRig:
    def __init__(self) -> None:
        self.provider: Provider = Till()
        self.now = NOON

    def pay(self, key: str) -> None:
        tills.press(key, tills.Button.APPROVE, self.now)

    def pay_slowly(self, key: str) -> None:
        tills.press(key, tills.Button.SLOW_BANK, self.now)

    def settle(self, key: str) -> None:
        self.now += timedelta(minutes=1)

    def decline(self, key: str) -> None:
        tills.press(key, tills.Button.DECLINE, self.now)

    def give_card(self, page: str) -> None:
        tills.give_card(page, TillMandate.Later.GOES_THROUGH)

    def dispute(self, key: str, step: str) -> None:
        assert tills.dispute(key, TillPayment.Dispute(step), self.now)

    def later(self, mandate: str, what: str) -> None:
        TillMandate.objects.filter(key=mandate).update(later=TillMandate.Later(what))

    def send_back(self) -> None:
        pass

    def webhook(self, about: str, *, secret: str = "") -> Told:
        return _ours(till_signature.HEADER, secret.encode() or till_signature.secret(), about, self.now)


class InvoiceRig:
    def __init__(self) -> None:
        self.provider: Provider = Invoice()
        self.now = NOON

    def pay(self, key: str) -> None:
        amount = AwaitedPayment.objects.get(key=key).amount
        receipt = invoices.Receipt(amount, self.now.date(), AwaitedPayment.How.CHEQUE)
        assert invoices.receive(key, receipt, None, self.now)

    def pay_slowly(self, key: str) -> None:
        invoices.promise(key, "PO 17", self.now)

    def settle(self, key: str) -> None:
        self.pay(key)

    def decline(self, key: str) -> None:
        invoices.decline(key, self.now)

    def send_back(self) -> None:
        for one in InvoiceRefund.objects.filter(sent_at=None):
            assert invoices.send_back(one.key, "By transfer", None, self.now)

    def give_card(self, page: str) -> None:
        raise AssertionError("an invoice knows no card")

    def dispute(self, key: str, step: str) -> None:
        raise AssertionError("an invoice knows no dispute")

    def later(self, mandate: str, what: str) -> None:
        raise AssertionError("an invoice knows no mandate")

    def webhook(self, about: str, *, secret: str = "") -> Told:
        return _ours(invoice_signature.HEADER, secret.encode() or invoice_signature.secret(), about, self.now)


class StripeRig:
    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.account: Account = simulator.account
        self.provider: Provider = Stripe()
        self.now = NOON
        self.account.now = lambda: self.now.timestamp()

    def pay(self, key: str) -> None:
        self.account.pay(key)

    def pay_slowly(self, key: str) -> None:
        self.account.pay(key, method="bacs_debit")

    def settle(self, key: str) -> None:
        self.now += timedelta(days=3)
        self.account.settle(key)

    def decline(self, key: str) -> None:
        self.account.pay(key, outcome="declined")

    def give_card(self, page: str) -> None:
        self.account.give_card(page)

    def dispute(self, key: str, step: str) -> None:
        if step == "opened":
            self.account.dispute(key)
        else:
            self.account.decide(self.account.every("dispute")[0]["id"], step)

    def later(self, mandate: str, what: str) -> None:
        method = mandate.partition("/")[2]
        codes: dict[str, Any] = {
            "goes-through": "ok",
            "declined": "insufficient_funds",
            "wants-confirmation": "authentication_required",
        }
        if what == "settles-later":
            self.account.things[method].update(
                type="bacs_debit", bacs_debit={"fingerprint": "fp", "last4": "2345", "sort_code": "108800"}
            )
        else:
            self.account.later[method] = codes[what]

    def send_back(self) -> None:
        pass

    def webhook(self, about: str, *, secret: str = "") -> Told:
        kind = "checkout.session.completed" if about.startswith("cs_") else "payment_intent.succeeded"
        event = self.account.tell(kind, self.account.things[about])
        return self.simulator.webhooks.signed(event, secret=secret or None)


@contextmanager
def stripe_rig(settings: Settings) -> Iterator[StripeRig]:
    """Promise: Stripe as our settings name it, and the simulator behind."""
    with running() as simulator:
        settings.PAYMENTS = "stripe"
        settings.STRIPE_SECRET_KEY = simulator.account.key
        settings.STRIPE_WEBHOOK_SECRET = simulator.webhooks.secret
        settings.STRIPE_API_BASE = simulator.base
        yield StripeRig(simulator)


def _ours(header: str, secret: bytes, about: str, at: datetime) -> Told:
    body = f'{{"id": "{about}.payment.paid", "type": "payment.paid", "payment": "{about}"}}'.encode()
    return {header: sign(body, secret, at)}, body
