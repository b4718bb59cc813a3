"""What is Stripe's own: its errors, lines that break, keys it forgets,
and states that others do not have."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from backnumber.money import Amount
from backnumber.payments import rules
from backnumber.payments.provider import (
    ChargeRequest,
    Decline,
    Event,
    Forged,
    Mandate,
    MandateRequest,
    PaymentState,
    ProviderRefused,
    ProviderUnavailable,
    RefundRequest,
    RefundState,
)
from backnumber.payments.stripe import asking
from tests.payments.rigs import FORTY_EIGHT, GBP, StripeRig, request
from tests.payments.stripe.simulator.faults import Kind


def begun(rig: StripeRig, key: str = "order-1", *, keeps_mandate: bool = False) -> str:
    return rig.provider.begin(request(key, keeps_mandate=keeps_mandate), rig.now).payment_key


def paid(rig: StripeRig, key: str = "order-1", *, method: str = "card", keeps_mandate: bool = False) -> str:
    made = begun(rig, key, keeps_mandate=keeps_mandate)
    rig.account.pay(made, method=method)
    return made


def mandate(rig: StripeRig, method: str = "card") -> Mandate:
    key = paid(rig, method=method, keeps_mandate=True)
    found = rig.provider.fetch(key, rig.now).mandate
    assert found is not None
    return found


def charge(key: str, of: Mandate) -> ChargeRequest:
    return ChargeRequest(key, "order-2", FORTY_EIGHT, "Online access, yearly", of.key)


def state(rig: StripeRig, key: str) -> PaymentState:
    return rig.provider.fetch(key, rig.now).state


@pytest.mark.parametrize("kind", ["500", "429", "409", "cut-before", "cut-after", "nonsense"])
def test_stripe_that_does_not_answer_is_unavailable(at_stripe: StripeRig, kind: Kind) -> None:
    key = paid(at_stripe)
    for ask in (
        lambda: at_stripe.provider.fetch(key, at_stripe.now),
        lambda: at_stripe.provider.begin(request("order-2"), at_stripe.now),
        lambda: at_stripe.provider.refund(RefundRequest("r", key, Amount(100, GBP)), at_stripe.now),
        lambda: at_stripe.provider.payment_of(Event("e", "charge.refunded", "ch_1"), at_stripe.now),
        lambda: list(at_stripe.provider.changed_since(at_stripe.now, at_stripe.now)),
    ):
        at_stripe.account.faults.add(kind, times=10)
        with pytest.raises(ProviderUnavailable):
            ask()
        at_stripe.account.faults.waiting.clear()


def test_an_answer_that_comes_too_late_is_none(at_stripe: StripeRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "TIMEOUT_SECONDS", 0.2)
    asking._client.cache_clear()
    at_stripe.simulator.silent_seconds = 0.5
    at_stripe.account.faults.add("silent", times=3)
    with pytest.raises(ProviderUnavailable):
        begun(at_stripe)
    asking._client.cache_clear()


def test_a_line_that_breaks_once_is_asked_again_and_nothing_is_done_twice(at_stripe: StripeRig) -> None:
    at_stripe.account.faults.add("cut-after", "checkout/sessions", method="POST")
    key = begun(at_stripe)
    assert len(at_stripe.account.every("checkout.session")) == 1
    at_stripe.account.pay(key)
    at_stripe.account.faults.add("cut-after", "refunds", method="POST")
    at_stripe.provider.refund(RefundRequest("r", key, Amount(100, GBP)), at_stripe.now)
    assert len(at_stripe.account.every("refund")) == 1


@pytest.mark.parametrize("step", ["payment_intents", "confirm"])
def test_a_charge_whose_answer_is_lost_for_good_is_found_again(at_stripe: StripeRig, step: str) -> None:
    """Also when Stripe has forgotten its idempotency keys meanwhile: it does so after a day."""
    card = mandate(at_stripe)
    at_stripe.account.faults.add("cut-after", step, method="POST", times=3)
    with pytest.raises(ProviderUnavailable):
        at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now)
    at_stripe.simulator.forget_idempotency()
    at_stripe.now += timedelta(days=2)
    truth = at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now)
    assert truth.state is PaymentState.PAID
    assert (
        len(at_stripe.account.every("charge", customer=card.key.partition("/")[0])) == 2
    )  # the first term, the second


def test_a_key_that_stripe_has_forgotten_still_counts_once(at_stripe: StripeRig) -> None:
    card = mandate(at_stripe)
    first = at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now)
    back = at_stripe.provider.refund(RefundRequest("r", first.payment_key, Amount(100, GBP)), at_stripe.now)
    at_stripe.simulator.forget_idempotency()
    assert (
        at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now).payment_key == first.payment_key
    )
    again = at_stripe.provider.refund(RefundRequest("r", first.payment_key, Amount(100, GBP)), at_stripe.now)
    assert again == back
    assert at_stripe.provider.fetch(first.payment_key, at_stripe.now).given_back == 100


def test_many_at_once_charge_once_and_give_back_once(at_stripe: StripeRig) -> None:
    card = mandate(at_stripe)
    with ThreadPoolExecutor(6) as at_once:
        charged = [
            at_once.submit(at_stripe.provider.charge, charge("renewal-1", card), at_stripe.now)
            for _ in range(6)
        ]
        (first,) = {one.result().payment_key for one in charged}
        wish = RefundRequest("r", first, Amount(4800, GBP))
        back = [at_once.submit(at_stripe.provider.refund, wish, at_stripe.now) for _ in range(6)]
        assert len({one.result().refund_key for one in back}) == 1
    assert len(at_stripe.account.every("charge", payment_intent=first)) == 1
    assert at_stripe.provider.fetch(first, at_stripe.now).given_back == 4800


def test_every_post_has_a_key_made_from_ours(at_stripe: StripeRig) -> None:
    card = mandate(at_stripe)
    first = at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now)
    at_stripe.provider.refund(RefundRequest("r-1", first.payment_key, Amount(100, GBP)), at_stripe.now)
    at_stripe.provider.begin_mandate(
        MandateRequest("card-1", card.key, "https://a.example/", "https://a.example/"), at_stripe.now
    )
    assert set(at_stripe.simulator.remembered) == {
        "order-1-session", "renewal-1-intent", "renewal-1-confirm", "r-1-refund", "card-1-setup",
    }  # fmt: skip


def test_the_same_key_for_something_else_is_refused(at_stripe: StripeRig) -> None:
    begun(at_stripe)
    with pytest.raises(ProviderRefused):
        at_stripe.provider.begin(request(minor=1), at_stripe.now)
    assert len(at_stripe.account.every("checkout.session")) == 1


def test_a_charge_of_another_amount_under_the_same_key_is_refused(at_stripe: StripeRig) -> None:
    card = mandate(at_stripe)
    at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now)
    other = ChargeRequest("renewal-1", "order-2", Amount(100, GBP), "Online access", card.key)
    with pytest.raises(ProviderRefused):
        at_stripe.provider.charge(other, at_stripe.now)


def test_a_currency_that_stripe_does_not_take_is_refused(at_stripe: StripeRig) -> None:
    at_stripe.account.currencies = ["eur"]
    with pytest.raises(ProviderRefused, match="currency"):
        begun(at_stripe)


def test_the_payer_who_must_confirm_is_not_yet_paid(at_stripe: StripeRig) -> None:
    key = begun(at_stripe)
    at_stripe.account.pay(key, outcome="authentication")
    assert state(at_stripe, key) is PaymentState.OPEN
    at_stripe.account.authenticate(key, succeeds=False)
    assert state(at_stripe, key) is PaymentState.OPEN
    at_stripe.account.pay(key, outcome="authentication")
    at_stripe.account.authenticate(key)
    assert state(at_stripe, key) is PaymentState.PAID


def test_a_debit_that_fails_after_days_is_declined(at_stripe: StripeRig) -> None:
    key = paid(at_stripe, method="sepa_debit", keeps_mandate=True)
    pending = at_stripe.provider.fetch(key, at_stripe.now)
    assert pending.mandate is not None
    assert (pending.state, pending.mandate.label, pending.mandate.expires) == (
        PaymentState.PENDING,
        "Account ending 3000",
        None,
    )
    at_stripe.account.settle(key, succeeds=False)
    truth = at_stripe.provider.fetch(key, at_stripe.now)
    assert (truth.state, truth.decline, truth.mandate, truth.paid_at) == (
        PaymentState.DECLINED,
        Decline.FUNDS,
        None,
        None,
    )


def test_a_card_says_when_it_expires(at_stripe: StripeRig) -> None:
    card = mandate(at_stripe)
    assert (card.label, card.expires) == ("Visa ending 4242", date(2030, 8, 31))


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("insufficient_funds", Decline.FUNDS),
        ("expired_card", Decline.EXPIRED),
        ("lost_card", Decline.MANDATE_GONE),
        ("generic_decline", Decline.OTHER),
        ("authentication_required", Decline.CONFIRMATION),
    ],
)
def test_a_decline_says_what_the_reader_can_do(at_stripe: StripeRig, reason: str, why: Decline) -> None:
    card = mandate(at_stripe)
    at_stripe.account.later[card.key.partition("/")[2]] = reason  # type: ignore[assignment]
    truth = at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now)
    assert (truth.state, truth.decline) == (PaymentState.DECLINED, why)


def test_a_refund_may_fail_after_it_was_taken_on(at_stripe: StripeRig) -> None:
    key = paid(at_stripe, method="bacs_debit")
    at_stripe.account.settle(key)
    wish = RefundRequest("r", key, Amount(1000, GBP))
    made = at_stripe.provider.refund(wish, at_stripe.now)
    assert made.state is RefundState.PENDING
    assert at_stripe.provider.fetch(key, at_stripe.now).given_back == 1000
    at_stripe.account.fail_refund(made.refund_key)
    assert at_stripe.provider.refund(wish, at_stripe.now).state is RefundState.FAILED
    truth = at_stripe.provider.fetch(key, at_stripe.now)
    assert (truth.state, truth.given_back, truth.refunded_at) == (PaymentState.PAID, 0, None)


def test_a_refund_made_at_stripes_own_desk_is_seen(at_stripe: StripeRig) -> None:
    key = paid(at_stripe)
    at_stripe.account.refund_at_the_desk(key, 4800)
    assert state(at_stripe, key) is PaymentState.REFUNDED


def test_an_inquiry_is_no_dispute(at_stripe: StripeRig) -> None:
    key = paid(at_stripe)
    found = at_stripe.account.dispute(key, "warning_needs_response")
    assert state(at_stripe, key) is PaymentState.PAID
    at_stripe.account.decide(found["id"], "under_review")
    assert state(at_stripe, key) is PaymentState.DISPUTED


def test_a_session_that_ran_out_is_cancelled_and_cannot_be_paid(at_stripe: StripeRig) -> None:
    key = begun(at_stripe)
    at_stripe.now += timedelta(hours=23)
    assert state(at_stripe, key) is PaymentState.OPEN
    at_stripe.now += timedelta(hours=1)
    assert state(at_stripe, key) is PaymentState.CANCELLED


def test_every_object_leads_to_the_payment_we_keep(at_stripe: StripeRig) -> None:
    key = paid(at_stripe, keeps_mandate=True)
    card = at_stripe.provider.fetch(key, at_stripe.now).mandate
    assert card is not None
    later = at_stripe.provider.charge(charge("renewal-1", card), at_stripe.now).payment_key
    assert later.startswith("pi_")
    for payment in (key, later):
        at_stripe.account.refund_at_the_desk(payment, 100)
        at_stripe.account.dispute(payment)
        intent = at_stripe.account.things[key]["payment_intent"] if payment == key else payment
        assert _of(at_stripe, payment) == _of(at_stripe, intent) == payment
        for kind in ("charge", "refund", "dispute"):
            (one,) = at_stripe.account.every(kind, payment_intent=intent)
            assert _of(at_stripe, one["id"]) == payment
    for nothing in ("", "cus_1", "pi_unknown_but_shaped", "ch_unknown", "re_unknown", "du_unknown"):
        assert _of(at_stripe, nothing) in {"", "pi_unknown_but_shaped"}


def _of(rig: StripeRig, about: str) -> str:
    return rig.provider.payment_of(Event("evt_1", "any", about), rig.now)


def test_events_of_no_concern_are_about_nothing(at_stripe: StripeRig) -> None:
    page = at_stripe.provider.begin_mandate(
        MandateRequest("card-1", "", "https://a.example/", "https://a.example/"), at_stripe.now
    )
    at_stripe.account.give_card(page.payment_key)
    at_stripe.account.pay(begun(at_stripe))
    found = {}
    for one in at_stripe.simulator.webhooks.waiting:
        event = at_stripe.provider.verify_webhook(*at_stripe.simulator.webhooks.signed(one), at_stripe.now)
        if event.about:
            found[event.type] = event.about
    assert page.payment_key not in found.values()
    assert set(found) == {"payment_intent.created", "payment_intent.succeeded", "checkout.session.completed"}


def test_an_event_that_another_signed_is_forged_and_both_secrets_hold_while_one_is_changed(
    at_stripe: StripeRig, settings: Settings
) -> None:
    webhooks = at_stripe.simulator.webhooks
    forged = webhooks.forged(
        "checkout.session.completed", {"id": "cs_1", "object": "checkout.session", "mode": "payment"}
    )
    with pytest.raises(Forged):
        at_stripe.provider.verify_webhook(*forged, at_stripe.now)
    settings.STRIPE_WEBHOOK_SECRET = "whsec_new, whsec_simulated"
    made = at_stripe.account.tell("payment_intent.created", {"id": "pi_1", "object": "payment_intent"})
    for secret in ("whsec_new", "whsec_simulated"):
        assert (
            at_stripe.provider.verify_webhook(*webhooks.signed(made, secret=secret), at_stripe.now).about
            == "pi_1"
        )


@pytest.mark.parametrize(
    "told",
    [[], 1, {}, {"id": "evt_1"}, {"id": "evt_1", "type": "refund.created"}, {"id": 1, "type": "any", "data": {"object": {}}},
     {"id": "evt_1", "type": "refund.created", "data": {"object": {"id": "x" * 121}}}, {"id": "evt_1", "type": None, "data": {"object": {}}},
     {"id": "evt_1", "type": "refund.created", "data": {"object": []}}],
)  # fmt: skip
def test_what_is_signed_and_no_event_is_not_heard(at_stripe: StripeRig, told: Any) -> None:
    headers, body = at_stripe.simulator.webhooks.signed(told)
    with pytest.raises(Forged):
        at_stripe.provider.verify_webhook(headers, body, at_stripe.now)


def test_what_contradicts_what_we_asked_for_is_a_problem(at_stripe: StripeRig) -> None:
    key = paid(at_stripe)
    intent = at_stripe.account.things[key]["payment_intent"]
    for told in ({"amount_received": 100}, {"currency": "eur"}, {"livemode": True}):
        at_stripe.account.contradict(intent, **told)
        truth = at_stripe.provider.fetch(key, at_stripe.now)
        assert rules.problem(truth, order_key="order", amount=FORTY_EIGHT, live=False)
    at_stripe.account.contradict(intent)
    truth = at_stripe.provider.fetch(key, at_stripe.now)
    assert rules.problem(truth, order_key="order", amount=FORTY_EIGHT, live=False) == ""


def test_a_wrong_key_is_unavailable_and_logged_without_it(
    at_stripe: StripeRig, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_another"
    with pytest.raises(ProviderUnavailable):
        begun(at_stripe)
    assert "STRIPE_SECRET_KEY" in caplog.text
    assert "sk_test_another" not in caplog.text
