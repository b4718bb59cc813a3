"""An account at Stripe: what it holds, what its payers and their banks do, and the events that tell of it."""

import copy
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

from tests.payments.stripe.simulator import objects
from tests.payments.stripe.simulator.errors import Refusal, invalid, missing
from tests.payments.stripe.simulator.faults import Faults
from tests.payments.stripe.simulator.objects import Thing

Later = Literal[
    "ok", "insufficient_funds", "expired_card", "lost_card", "generic_decline", "authentication_required"
]
DELAYED = {"bacs_debit", "sepa_debit"}
_DIGITS = {"card": "4242", "bacs_debit": "2345", "sepa_debit": "3000"}


class Account:
    """`now` may be set by a test that travels in time. All acts hold one lock, as one bank would."""

    def __init__(self, *, live: bool = False, key: str = "", version: str = "2026-10-28.endive") -> None:
        self.live, self.version = live, version
        self.key = key or ("sk_live_simulated" if live else "sk_test_simulated")
        self.base = ""
        self.now: Callable[[], float] = time.time
        self.lock = threading.RLock()
        self.things: dict[str, Thing] = {}
        self.later: dict[str, Later] = {}
        self.contradicted: dict[str, Thing] = {}
        self.faults = Faults()
        self.account = objects.account()
        self.currencies = ["gbp", "eur", "usd", "chf", "jpy"]
        self.heard: Callable[[Thing], None] = lambda event: None

    # -- what is held ---------------------------------------------------------------------------------------------

    def at(self) -> int:
        return int(self.now())

    def keep(self, thing: Thing) -> Thing:
        self.things[thing["id"]] = thing
        return thing

    def get(self, kind: str, key: str, param: str = "id") -> Thing:
        """Errors: Refusal, as Stripe's for what there is not."""
        found = self.things.get(key)
        if found is None or found["object"] != kind:
            raise missing(kind, key, param)
        if kind == "checkout.session":
            self._expire(found)
        return found

    def every(self, kind: str, **fields: Any) -> list[Thing]:
        """Newest first."""
        return [
            one
            for one in reversed(self.things.values())
            if one["object"] == kind and all(one.get(name) == value for name, value in fields.items())
        ]

    def contradict(self, key: str, **fields: Any) -> None:
        """From here on the object is told with these fields."""
        self.contradicted[key] = fields

    def shown(self, thing: Thing) -> Thing:
        """Promise: a copy, as it is told."""
        told = {name: value for name, value in thing.items() if not name.startswith("_")}
        return {**copy.deepcopy(told), **self.contradicted.get(thing["id"], {})}

    def tell(self, kind: str, thing: Thing) -> Thing:
        made = objects.event(kind, self.shown(thing), now=self.at(), live=self.live, version=self.version)
        self.keep(made)
        self.heard(made)
        return made

    # -- what payers do -------------------------------------------------------------------------------------------

    def pay(
        self,
        session_key: str,
        *,
        method: str = "card",
        later: Later = "ok",
        outcome: Literal["ok", "declined", "authentication"] = "ok",
    ) -> Thing:
        """Promise: the payer pressed "Pay" with this method; the session as it is then. `later`: what becomes of charges without
        the payer.
        """
        with self.lock:
            session = self.get("checkout.session", session_key)
            if session["status"] != "open":
                raise invalid("This session can no longer be paid.")
            intent = self._intent_for(session)
            paid_with = self._method(method, later, session)
            if outcome == "declined":
                self._declined(intent, paid_with, "generic_decline")
            elif outcome == "authentication":
                intent.update(
                    status="requires_action",
                    payment_method=paid_with["id"],
                    next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {}},
                )
                self.tell("payment_intent.requires_action", intent)
            else:
                self._complete(session, intent, paid_with)
            return session

    def authenticate(self, session_key: str, *, succeeds: bool = True) -> Thing:
        """Promise: the payer confirmed it with their bank, or failed to."""
        with self.lock:
            session = self.get("checkout.session", session_key)
            intent = self.get("payment_intent", session["payment_intent"])
            if intent["status"] != "requires_action":
                raise invalid("Nothing is to be authenticated.")
            intent["next_action"] = None
            method = self.get("payment_method", intent["payment_method"])
            if succeeds:
                self._complete(session, intent, method)
            else:
                self._declined(intent, method, "payment_intent_authentication_failure")
            return session

    def give_card(self, session_key: str, *, method: str = "card", later: Later = "ok") -> Thing:
        """Promise: a session of mode setup has its card."""
        with self.lock:
            session = self.get("checkout.session", session_key)
            if session["mode"] != "setup" or session["status"] != "open":
                raise invalid("This session takes no card.")
            owner = self._customer(session)
            given = self._method(method, later, session)
            self._attach(given, owner)
            setup = objects.setup_intent(customer=owner, method=given["id"], now=self.at(), live=self.live)
            self.keep(setup)
            session.update(setup_intent=setup["id"], status="complete", customer=owner, url=None)
            self.tell("setup_intent.succeeded", setup)
            self.tell("checkout.session.completed", session)
            return session

    def settle(self, key: str, *, succeeds: bool = True) -> Thing:
        """Promise: the bank of a delayed method has paid, or has not. `key` is a session's or an intent's."""
        with self.lock:
            session = self.get("checkout.session", key) if key.startswith("cs_") else None
            intent = self.get("payment_intent", session["payment_intent"] if session else key)
            if intent["status"] != "processing":
                raise invalid("Nothing is on its way.")
            charge = self.get("charge", intent["latest_charge"])
            if succeeds:
                self._succeed(intent, charge)
                told = "checkout.session.async_payment_succeeded"
                if session:
                    session["payment_status"] = "paid"
            else:
                told = "checkout.session.async_payment_failed"
                charge.update(status="failed", failure_code="insufficient_funds", failure_message="No money.")
                intent.update(status="requires_payment_method", processing=None)
                intent["last_payment_error"] = self._error(
                    "insufficient_funds", intent, "payment_intent_payment_attempt_failed"
                )
                self.tell("charge.failed", charge)
                self.tell("payment_intent.payment_failed", intent)
            if session:
                self.tell(told, session)
            return intent

    def expire(self, session_key: str) -> Thing:
        with self.lock:
            session = self.get("checkout.session", session_key)
            session["expires_at"] = self.at()
            self._expire(session)
            return session

    # -- what banks and staff at Stripe's desk do -----------------------------------------------------------------

    def dispute(self, key: str, status: str = "needs_response") -> Thing:
        """Promise: the payer's bank took the money back, or, with "warning_needs_response", asks."""
        with self.lock:
            charge = self._charge_of(key)
            charge["disputed"] = True
            made = self.keep(objects.dispute(charge, now=self.at(), status=status))
            self.tell("charge.dispute.created", made)
            return made

    def decide(self, dispute_key: str, status: str) -> Thing:
        """`status`: "won", "lost", "warning_closed", "under_review"."""
        with self.lock:
            found = self.get("dispute", dispute_key)
            found["status"] = status
            is_closed = status in {"won", "lost", "warning_closed"}
            self.tell(f"charge.dispute.{'closed' if is_closed else 'updated'}", found)
            return found

    def refund(
        self, charge: Thing, amount: int, *, reason: str | None = None, metadata: Thing | None = None,
        status: str = "succeeded",
    ) -> Thing:  # fmt: skip
        """Errors: Refusal when there is not so much left."""
        with self.lock:
            if charge["status"] != "succeeded":
                raise invalid("This charge has not succeeded.", code="charge_not_refundable")
            if charge["refunded"]:
                raise invalid("Charge has already been refunded.", code="charge_already_refunded")
            if amount <= 0 or charge["amount_refunded"] + amount > charge["amount"]:
                raise invalid("Refund amount is greater than unrefunded amount.", param="amount")
            if any(
                one["status"] in {"needs_response", "lost"}
                for one in self.every("dispute", charge=charge["id"])
            ):
                raise invalid("The charge is disputed.", code="charge_disputed")
            made = self.keep(
                objects.refund(
                    charge,
                    amount=amount,
                    now=self.at(),
                    reason=reason,
                    metadata=metadata or {},
                    status=status,
                )
            )
            self._count(charge)
            self.tell("refund.created", made)
            self.tell("charge.refunded", charge)
            return made

    def fail_refund(self, key: str) -> Thing:
        """Promise: the bank did not take it; the money is here again."""
        with self.lock:
            made = self.get("refund", key)
            made["status"] = "failed"
            self._count(self.get("charge", made["charge"]))
            self.tell("refund.failed", made)
            return made

    def refund_at_the_desk(self, key: str, amount: int) -> Thing:
        return self.refund(self._charge_of(key), amount)

    # -- what the API does with an intent ---------------------------------------------------------------------------

    def confirm(self, intent: Thing, method_key: str) -> Thing:
        """Promise: a charge without the payer. Errors: Refusal, with the intent, when it is declined."""
        if intent["status"] not in {"requires_payment_method", "requires_confirmation"}:
            raise invalid("This PaymentIntent cannot be confirmed.", code="payment_intent_unexpected_state")
        method = self.get("payment_method", method_key, "payment_method")
        if method["customer"] is None or method["customer"] != intent["customer"]:
            raise invalid("The PaymentMethod may not be used by this customer.", param="payment_method")
        later = self.later.get(method_key, "ok")
        if later != "ok":
            error = self._declined(intent, method, later)
            raise Refusal(402, "card_error", "Your card was declined.", code=error["code"], decline_code=error.get("decline_code", ""), payment_intent=self.shown(intent))  # fmt: skip
        self._charge(intent, method)
        return intent

    def _intent_for(self, session: Thing) -> Thing:
        if session["payment_intent"]:
            return self.get("payment_intent", session["payment_intent"])
        data = session["_data"]
        intent = objects.payment_intent(
            amount=session["amount_total"],
            currency=session["currency"],
            now=self.at(),
            live=self.live,
            metadata=data.get("metadata", {}),
            description=data.get("description"),
            setup_future_usage=data.get("setup_future_usage"),
        )
        session["payment_intent"] = intent["id"]
        self.tell("payment_intent.created", self.keep(intent))
        return intent

    def _method(self, kind: str, later: Later, session: Thing) -> Thing:
        made = objects.payment_method(kind, now=self.at(), live=self.live, last4=_DIGITS[kind])
        self.later[made["id"]] = later
        return self.keep(made)

    def _customer(self, session: Thing) -> str:
        if session["customer"] is None:
            made = objects.customer(email=session["customer_email"], now=self.at(), live=self.live)
            session["customer"] = self.keep(made)["id"]
            self.tell("customer.created", made)
        return str(session["customer"])

    def _attach(self, method: Thing, customer: str) -> None:
        method["customer"] = customer
        self.tell("payment_method.attached", method)

    def _complete(self, session: Thing, intent: Thing, method: Thing) -> None:
        if session["customer_creation"] == "always" or intent["setup_future_usage"]:
            intent["customer"] = self._customer(session)
        if intent["setup_future_usage"]:
            self._attach(method, intent["customer"])
        self._charge(intent, method)
        is_paid = intent["status"] == "succeeded"
        session.update(status="complete", url=None, payment_status="paid" if is_paid else "unpaid")
        self.tell("checkout.session.completed", session)

    def _charge(self, intent: Thing, method: Thing) -> None:
        is_delayed = method["type"] in DELAYED
        charge = objects.charge(
            intent, method, now=self.at(), status="pending" if is_delayed else "succeeded"
        )
        charge["payment_method_details"] = {"type": method["type"]}
        self.keep(charge)
        intent.update(
            latest_charge=charge["id"], payment_method=method["id"], last_payment_error=None, next_action=None
        )
        if is_delayed:
            intent["status"] = "processing"
            self.tell("charge.pending", charge)
            self.tell("payment_intent.processing", intent)
        else:
            self._succeed(intent, charge)

    def _succeed(self, intent: Thing, charge: Thing) -> None:
        booked = self.keep(objects.balance_transaction(charge, now=self.at()))
        charge.update(
            status="succeeded",
            paid=True,
            captured=True,
            amount_captured=charge["amount"],
            balance_transaction=booked["id"],
        )
        intent.update(status="succeeded", processing=None, amount_received=intent["amount"])
        self.tell("charge.succeeded", charge)
        self.tell("payment_intent.succeeded", intent)

    def _declined(self, intent: Thing, method: Thing, reason: str) -> Thing:
        charge = objects.charge(intent, method, now=self.at(), status="failed")
        charge.update(failure_code="card_declined", failure_message="Your card was declined.")
        charge["payment_method_details"] = {"type": method["type"]}
        self.keep(charge)
        codes = {"authentication_required", "expired_card", "payment_intent_authentication_failure"}
        code = reason if reason in codes else "card_declined"
        error = self._error(reason, intent, code)
        intent.update(
            status="requires_payment_method",
            payment_method=None,
            latest_charge=charge["id"],
            last_payment_error=error,
        )
        self.tell("charge.failed", charge)
        self.tell("payment_intent.payment_failed", intent)
        return error

    def _error(self, reason: str, intent: Thing, code: str) -> Thing:
        return {
            "type": "card_error",
            "code": code,
            "decline_code": reason,
            "message": "Your card was declined.",
            "charge": intent["latest_charge"],
        }

    def _expire(self, session: Thing) -> None:
        if session["status"] == "open" and session["expires_at"] <= self.at():
            session.update(status="expired", url=None)
            self.tell("checkout.session.expired", session)

    def _charge_of(self, key: str) -> Thing:
        intent = self.get("checkout.session", key)["payment_intent"] if key.startswith("cs_") else key
        return self.get("charge", self.get("payment_intent", intent)["latest_charge"])

    def _count(self, charge: Thing) -> None:
        back = [
            r["amount"]
            for r in self.every("refund", charge=charge["id"])
            if r["status"] not in {"failed", "canceled"}
        ]
        charge.update(amount_refunded=sum(back), refunded=sum(back) == charge["amount"])
