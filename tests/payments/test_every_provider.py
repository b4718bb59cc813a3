"""What the port promises, held against each provider: the till, Stripe with our simulator behind it, payment on invoice."""

from datetime import timedelta

import pytest

from backnumber.money import Amount
from backnumber.payments.provider import (
    Begun,
    ChargeRequest,
    Decline,
    Forged,
    Mandate,
    MandateRequest,
    PaymentState,
    ProviderRefused,
    ProviderUnavailable,
    RefundRequest,
    RefundState,
)
from tests.payments.rigs import FORTY_EIGHT, GBP, InvoiceRig, Rig, TillRig, request

pytestmark = pytest.mark.django_db
PROVIDERS = ("till", "stripe", "invoice")
RENEWING = ("till", "stripe")  # and whose payers' banks can take money back


def _rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "stripe":
        found: Rig = request.getfixturevalue("at_stripe")
        return found
    return TillRig() if request.param == "till" else InvoiceRig()


@pytest.fixture(params=PROVIDERS)
def rig(request: pytest.FixtureRequest) -> Rig:
    return _rig(request)


@pytest.fixture(params=RENEWING)
def renewing(request: pytest.FixtureRequest) -> Rig:
    return _rig(request)


def begun(rig: Rig, key: str = "order-1", *, keeps_mandate: bool = False) -> Begun:
    return rig.provider.begin(request(key, keeps_mandate=keeps_mandate), rig.now)


def paid(rig: Rig, *, keeps_mandate: bool = False) -> str:
    key = begun(rig, keeps_mandate=keeps_mandate).payment_key
    rig.pay(key)
    return key


def state(rig: Rig, key: str) -> PaymentState:
    return rig.provider.fetch(key, rig.now).state


def mandate(rig: Rig) -> Mandate:
    found = rig.provider.fetch(paid(rig, keeps_mandate=True), rig.now).mandate
    assert found is not None
    return found


def charge(key: str, of: Mandate, minor: int = 4800) -> ChargeRequest:
    return ChargeRequest(key, "order-2", Amount(minor, GBP), "Online access, yearly", of.key)


def back(key: str, payment: str, minor: int) -> RefundRequest:
    return RefundRequest(key, payment, Amount(minor, GBP))


def test_the_same_key_is_the_same_payment_and_another_is_another(rig: Rig) -> None:
    assert begun(rig) == begun(rig)
    assert begun(rig, "order-2").payment_key != begun(rig).payment_key


def test_what_is_told_of_a_payment_is_what_was_asked_for(rig: Rig) -> None:
    made = begun(rig)
    assert made.address.startswith("http")
    truth = rig.provider.fetch(made.payment_key, rig.now)
    assert (truth.payment_key, truth.order_key, truth.amount) == (made.payment_key, "order", FORTY_EIGHT)
    assert truth.state is PaymentState.OPEN
    assert (truth.paid_at, truth.refunded_at, truth.given_back, truth.mandate, truth.decline) == (
        None,
        None,
        0,
        None,
        None,
    )
    assert not truth.live


def test_paid_is_paid_from_an_instant_on_that_does_not_change(rig: Rig) -> None:
    key = paid(rig)
    first = rig.provider.fetch(key, rig.now)
    assert first.state is PaymentState.PAID
    assert first.paid_at is not None
    assert abs(first.paid_at - rig.now) <= timedelta(seconds=1)
    rig.now += timedelta(hours=5)
    assert rig.provider.fetch(key, rig.now) == first


def test_declined_is_not_paid_and_gives_nothing_back(rig: Rig) -> None:
    key = begun(rig).payment_key
    rig.decline(key)
    truth = rig.provider.fetch(key, rig.now)
    assert truth.state in {PaymentState.OPEN, PaymentState.DECLINED, PaymentState.CANCELLED}
    assert truth.paid_at is None
    with pytest.raises(ProviderRefused):
        rig.provider.refund(back("r", key, 1), rig.now)


def test_what_settles_later_is_pending_then_paid_when_it_came(rig: Rig) -> None:
    key = begun(rig).payment_key
    rig.pay_slowly(key)
    assert state(rig, key) is PaymentState.PENDING
    assert rig.provider.fetch(key, rig.now).paid_at is None
    before = rig.now
    rig.settle(key)
    truth = rig.provider.fetch(key, rig.now)
    assert truth.state is PaymentState.PAID
    assert truth.paid_at is not None
    assert before <= truth.paid_at <= rig.now


def test_an_unused_page_ends_by_itself(rig: Rig) -> None:
    key = begun(rig).payment_key
    rig.now += timedelta(days=31)
    assert state(rig, key) is PaymentState.CANCELLED


def test_part_then_all_goes_back_and_never_more(rig: Rig) -> None:
    key = paid(rig)
    rig.now += timedelta(days=1)
    rig.provider.refund(back("r1", key, 1800), rig.now)
    rig.send_back()
    truth = rig.provider.fetch(key, rig.now)
    assert (truth.state, truth.given_back) == (PaymentState.PAID, 1800)
    with pytest.raises(ProviderRefused):
        rig.provider.refund(back("r2", key, 3001), rig.now)
    rig.provider.refund(back("r3", key, 3000), rig.now)
    rig.send_back()
    truth = rig.provider.fetch(key, rig.now)
    assert (truth.state, truth.given_back, truth.amount) == (PaymentState.REFUNDED, 4800, FORTY_EIGHT)
    assert truth.refunded_at is not None
    assert truth.paid_at is not None
    assert truth.refunded_at >= truth.paid_at
    with pytest.raises(ProviderRefused):
        rig.provider.refund(back("r4", key, 1), rig.now)


def test_the_same_key_gives_back_once(rig: Rig) -> None:
    key = paid(rig)
    first = rig.provider.refund(back("r", key, 1000), rig.now)
    again = rig.provider.refund(back("r", key, 1000), rig.now)
    assert first == again
    rig.send_back()
    assert rig.provider.fetch(key, rig.now).given_back == 1000
    assert rig.provider.refund(back("r", key, 1000), rig.now).state is RefundState.DONE
    with pytest.raises(ProviderRefused):
        rig.provider.refund(back("r", key, 2000), rig.now)
    assert rig.provider.fetch(key, rig.now).given_back == 1000


@pytest.mark.parametrize(("minor", "currency"), [(0, GBP), (-1, GBP), (100, "EUR"), (4801, GBP)])
def test_an_amount_that_cannot_go_back_is_refused(rig: Rig, minor: int, currency: str) -> None:
    key = paid(rig)
    with pytest.raises(ProviderRefused):
        rig.provider.refund(RefundRequest("r", key, Amount(minor, currency)), rig.now)
    assert rig.provider.fetch(key, rig.now).given_back == 0


@pytest.mark.parametrize(("ends", "as_"), [("won", PaymentState.PAID), ("lost", PaymentState.REFUNDED)])
def test_a_dispute_takes_the_money_until_it_is_decided(renewing: Rig, ends: str, as_: PaymentState) -> None:
    key = paid(renewing)
    renewing.dispute(key, "opened")
    truth = renewing.provider.fetch(key, renewing.now)
    assert (truth.state, truth.given_back) == (PaymentState.DISPUTED, 0)
    assert truth.disputed_at is not None
    assert truth.paid_at is not None
    with pytest.raises(ProviderRefused):
        renewing.provider.refund(back("r", key, 100), renewing.now)
    renewing.dispute(key, ends)
    truth = renewing.provider.fetch(key, renewing.now)
    assert (truth.state, truth.given_back) == (as_, 0)
    assert truth.disputed_at is not None
    assert (truth.refunded_at is not None) == (as_ is PaymentState.REFUNDED)


def test_a_payment_that_it_does_not_know_is_unavailable(rig: Rig) -> None:
    for key in ("cs_test_unknown", "pi_unknown", "unknown"):
        with pytest.raises(ProviderUnavailable):
            rig.provider.fetch(key, rig.now)
    with pytest.raises(ProviderRefused):
        rig.provider.refund(back("r", "pi_unknown", 100), rig.now)


def test_without_agreement_nothing_may_be_charged_again(renewing: Rig) -> None:
    assert renewing.provider.fetch(paid(renewing), renewing.now).mandate is None


def test_a_kept_card_is_charged_once_for_a_key(renewing: Rig) -> None:
    card = mandate(renewing)
    assert card.label.endswith("4242")
    renewing.now += timedelta(days=365)
    first = renewing.provider.charge(charge("renewal-1", card), renewing.now)
    assert (first.state, first.amount, first.order_key) == (PaymentState.PAID, FORTY_EIGHT, "order-2")
    assert first.mandate == card
    assert renewing.provider.charge(charge("renewal-1", card), renewing.now) == first
    assert renewing.provider.fetch(first.payment_key, renewing.now) == first
    other = renewing.provider.charge(charge("renewal-2", card), renewing.now)
    assert other.payment_key != first.payment_key
    renewing.provider.refund(back("r", first.payment_key, 4800), renewing.now)
    assert state(renewing, first.payment_key) is PaymentState.REFUNDED


@pytest.mark.parametrize(
    ("what", "why"), [("declined", Decline.FUNDS), ("wants-confirmation", Decline.CONFIRMATION)]
)
def test_a_charge_that_is_declined_is_a_truth_and_is_tried_once(
    renewing: Rig, what: str, why: Decline
) -> None:
    card = mandate(renewing)
    renewing.later(card.key, what)
    truth = renewing.provider.charge(charge("renewal-1", card), renewing.now)
    assert (truth.state, truth.decline, truth.paid_at) == (PaymentState.DECLINED, why, None)
    assert renewing.provider.fetch(truth.payment_key, renewing.now) == truth
    renewing.later(card.key, "goes-through")
    assert renewing.provider.charge(charge("renewal-1", card), renewing.now) == truth
    assert renewing.provider.charge(charge("renewal-2", card), renewing.now).state is PaymentState.PAID


def test_a_charge_may_settle_later(renewing: Rig) -> None:
    card = mandate(renewing)
    renewing.later(card.key, "settles-later")
    truth = renewing.provider.charge(charge("renewal-1", card), renewing.now)
    assert truth.state is PaymentState.PENDING
    renewing.settle(truth.payment_key)
    assert state(renewing, truth.payment_key) is PaymentState.PAID


def test_a_forgotten_card_is_not_charged(renewing: Rig) -> None:
    key = paid(renewing, keeps_mandate=True)
    card = renewing.provider.fetch(key, renewing.now).mandate
    assert card is not None
    renewing.provider.forget_mandate(card.key, renewing.now)
    renewing.provider.forget_mandate(card.key, renewing.now)
    assert renewing.provider.fetch(key, renewing.now).mandate is None
    truth = renewing.provider.charge(charge("renewal-1", card), renewing.now)
    assert (truth.state, truth.decline) == (PaymentState.DECLINED, Decline.MANDATE_GONE)
    assert renewing.provider.fetch(truth.payment_key, renewing.now) == truth
    assert renewing.provider.charge(charge("renewal-1", card), renewing.now) == truth


def test_another_card_is_given_on_a_page_of_its_own_and_nothing_is_charged(renewing: Rig) -> None:
    card = mandate(renewing)
    wish = MandateRequest(
        "change-1", card.key, "https://shop.example/account/", "https://shop.example/account/"
    )
    page = renewing.provider.begin_mandate(wish, renewing.now)
    assert renewing.provider.begin_mandate(wish, renewing.now) == page
    assert renewing.provider.fetch_mandate(page.payment_key, renewing.now) is None
    renewing.give_card(page.payment_key)
    other = renewing.provider.fetch_mandate(page.payment_key, renewing.now)
    assert other is not None
    assert other.key != card.key
    assert renewing.provider.charge(charge("renewal-1", other), renewing.now).state is PaymentState.PAID


def test_a_card_that_never_was_is_refused(renewing: Rig) -> None:
    nobody = Mandate("unknown", "")
    with pytest.raises(ProviderRefused):
        renewing.provider.charge(charge("renewal-1", nobody), renewing.now)


def test_what_cannot_renew_says_so(rig: Rig) -> None:
    assert rig.provider.renews is (rig.provider.name in RENEWING)
    if rig.provider.renews:
        return
    with pytest.raises(ProviderRefused):
        rig.provider.charge(charge("renewal-1", Mandate("any", "")), rig.now)
    with pytest.raises(ProviderRefused):
        rig.provider.begin_mandate(
            MandateRequest("change-1", "", "https://a.example/", "https://a.example/"), rig.now
        )


def test_a_genuine_webhook_names_the_payment(rig: Rig) -> None:
    key = paid(rig)
    headers, body = rig.webhook(key)
    event = rig.provider.verify_webhook(headers, body, rig.now + timedelta(minutes=4))
    assert event.id
    assert rig.provider.payment_of(event, rig.now) == key


def test_a_forged_altered_or_replayed_webhook_is_not_heard(rig: Rig) -> None:
    key = paid(rig)
    headers, body = rig.webhook(key)
    assert rig.provider.verify_webhook(headers, body, rig.now).about
    for wrong_headers, wrong_body in (
        (headers, body.replace(b"p", b"q", 1)),
        (headers, body + b" "),
        (headers, b"\xff" + body),
        ({}, body),
        ({name: value[:-1] for name, value in headers.items()}, body),
        (dict.fromkeys(headers, "t=1,v1=é"), body),
        rig.webhook(key, secret="whsec_another"),
    ):
        with pytest.raises(Forged):
            rig.provider.verify_webhook(wrong_headers, wrong_body, rig.now)
    for another_time in (timedelta(minutes=6), -timedelta(minutes=6), timedelta(days=1)):
        with pytest.raises(Forged):
            rig.provider.verify_webhook(headers, body, rig.now + another_time)


def test_what_changed_is_named_and_what_did_not_is_not(rig: Rig) -> None:
    old = paid(rig)
    rig.now += timedelta(days=60)
    since = rig.now
    rig.now += timedelta(hours=1)
    new = begun(rig, "order-2").payment_key
    rig.pay(new)
    assert new in set(rig.provider.changed_since(since, rig.now))
    assert old not in set(rig.provider.changed_since(since, rig.now))
    rig.provider.refund(back("r", old, 4800), rig.now)
    rig.send_back()
    assert old in set(rig.provider.changed_since(since, rig.now))
