"""The nightly comparison with each provider's book: what a webhook should have told is mended, the rest is shown to staff."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber.checkout import changing, clock, comparing, service
from backnumber.checkout.models import Order
from backnumber.cli.commands import app
from backnumber.money import Amount
from backnumber.monitoring import findings
from backnumber.payments.invoice.models import AwaitedPayment
from backnumber.payments.models import Comparison, Difference, LedgerEntry, Payment
from backnumber.payments.provider import PaymentRequest, ProviderUnavailable
from backnumber.payments.till import service as tills
from backnumber.payments.till.models import TillPayment
from backnumber.payments.till.provider import Till
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.making import NOON
from tests.payments.rigs import InvoiceRig, Rig, StripeRig, TillRig
from tests.renewals import renewing

pytestmark = pytest.mark.django_db
MORNING = NOON + timedelta(hours=15)


@pytest.fixture(params=["till", "invoice", "stripe"])
def rig(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Rig]:
    if request.param == "stripe":
        yield request.getfixturevalue("at_stripe")
        return
    settings.PAYMENTS = request.param
    yield TillRig() if request.param == "till" else InvoiceRig()


def begun(reader: Reader) -> tuple[Order, str]:
    placed = renewing.order(reader, renewing.product(renews=False))
    return placed, steps.payment_of(placed).key or ""


def paid(rig: Rig, reader: Reader) -> tuple[Order, str]:
    placed, key = begun(reader)
    rig.pay(key)
    service.settle(placed.key, NOON)
    return placed, key


def again(placed: Order) -> Order:
    return Order.objects.get(pk=placed.pk)


def open_ones() -> list[str]:
    return list(Difference.objects.filter(mended_at=None).values_list("kind", flat=True))


def mended() -> list[str]:
    return list(Difference.objects.exclude(mended_at=None).values_list("kind", flat=True))


def held() -> int:
    return sum(LedgerEntry.objects.values_list("minor", flat=True))


def test_a_webhook_that_never_came_is_made_up_for_at_night(rig: Rig, dan: Reader) -> None:
    placed, key = begun(dan)
    rig.pay(key)
    [run] = comparing.compare_all(MORNING)
    assert again(placed).state == Order.State.PAID
    assert renewing.may_read(dan, NOON + timedelta(days=1))
    assert (run.looked_at, run.mended, run.finished_at) == (1, 1, MORNING)
    assert (open_ones(), mended()) == ([], ["state"])
    assert held() == 600


def give_back_at_the_desk(rig: Rig, key: str) -> None:
    """In the provider's own dashboard; its webhook is lost."""
    if isinstance(rig, StripeRig):
        rig.account.refund_at_the_desk(key, 600)
    elif isinstance(rig, TillRig):
        assert tills.refund(key, rig.now)
    else:
        placed = Order.objects.get()
        service.refund(placed.key, 600, ends_right=True, because="By telephone", by="", now=rig.now)
        rig.send_back()


def test_a_refund_made_in_the_dashboard_is_followed(rig: Rig, dan: Reader) -> None:
    placed, key = paid(rig, dan)
    rig.now += timedelta(hours=1)
    give_back_at_the_desk(rig, key)
    comparing.compare_all(MORNING)
    assert again(placed).state == Order.State.REFUNDED
    assert not renewing.may_read(dan, MORNING)
    assert (held(), open_ones(), mended()) == (0, [], ["state"])


def test_a_dispute_opened_in_the_providers_book_shuts_and_one_won_opens(dan: Reader, rig: Rig) -> None:
    if isinstance(rig, InvoiceRig):
        return  # an invoice knows no dispute
    placed, key = paid(rig, dan)
    rig.now += timedelta(hours=1)
    rig.dispute(key, "opened")
    comparing.compare_all(MORNING)
    assert again(placed).state == Order.State.DISPUTED
    assert held() == 0
    rig.now += timedelta(days=2)
    rig.dispute(key, "won")
    comparing.compare_all(MORNING + timedelta(days=3))
    assert again(placed).state == Order.State.PAID
    assert (held(), open_ones(), mended()) == (600, [], ["state", "state"])


def make_it_cost(rig: Rig, key: str, minor: int) -> None:
    """The provider took another amount than we asked for."""
    if isinstance(rig, StripeRig):
        rig.account.contradict(key, amount_total=minor)
        intent = rig.account.things[key]["payment_intent"]
        rig.account.contradict(intent, amount=minor, amount_received=minor)
    elif isinstance(rig, TillRig):
        TillPayment.objects.filter(key=key).update(minor=minor)
    else:
        AwaitedPayment.objects.filter(key=key).update(received_minor=minor)


def test_an_amount_that_differs_is_shown_to_staff_and_gives_nothing(rig: Rig, dan: Reader) -> None:
    placed, key = begun(dan)
    rig.pay(key)
    make_it_cost(rig, key, 500)
    comparing.compare_all(MORNING)
    assert again(placed).state == Order.State.OPEN
    assert (held(), open_ones()) == (0, ["disagrees"])
    assert "£5" in Difference.objects.get().what


def test_a_charge_interrupted_and_then_superseded_is_found(rig: Rig, dan: Reader, monkeypatch: Any) -> None:
    """The card was charged, the process died before the answer, and the subscription was stopped before it was asked for again."""
    if isinstance(rig, InvoiceRig):
        return  # nothing is charged without its payer
    placed = renewing.order(dan)
    rig.pay(steps.payment_of(placed).key or "")
    service.settle(placed.key, NOON)
    sub = placed.__class__.objects.get(pk=placed.pk).subscription
    assert sub is not None
    due = sub.paid_until - timedelta(days=1)
    rig.now = due
    charge = type(rig.provider).charge

    def killed(self: object, request: Any, now: Any) -> None:
        charge(rig.provider, request, now)  # type: ignore[arg-type]
        raise ProviderUnavailable("the line broke after it was done")

    with monkeypatch.context() as broken:
        broken.setattr(type(rig.provider), "charge", killed)
        clock.act_on_all(due)
    changing.cancel(sub.key, due + timedelta(minutes=1))
    lost = Payment.objects.get(key=None)
    [run] = comparing.compare_all(due + timedelta(hours=2))
    lost.refresh_from_db()
    assert lost.state == "paid"
    assert run.mended == 1
    assert renewing.may_read(dan, sub.paid_until + timedelta(days=3)), "what was taken is given"
    assert (held(), open_ones()) == (1200, [])


def test_a_payment_of_ours_that_we_never_wrote_down_is_shown_to_staff(rig: Rig, dan: Reader) -> None:
    """As after a restore from an older backup."""
    begun(dan)
    made = rig.provider.begin(
        PaymentRequest(
            "lost-1", "lost", Amount(600, "GBP"), "Online", "https://a.example/", "https://b.example/"
        ),
        NOON,
    )
    rig.pay(made.payment_key)
    comparing.compare_all(MORNING)
    assert open_ones() == ["unknown"]


def test_a_payment_of_another_shop_at_the_same_account_is_counted_and_left_alone(
    at_stripe: StripeRig, dan: Reader
) -> None:
    begun(dan)
    other = at_stripe.provider.begin(
        PaymentRequest("o-1", "", Amount(900, "GBP"), "A mug", "https://a.example/", "https://b.example/"),
        NOON,
    )
    at_stripe.pay(other.payment_key)
    [run] = comparing.compare_all(MORNING)
    assert (run.others, open_ones()) == (1, [])


def test_compared_twice_or_again_the_next_night_nothing_changes(rig: Rig, dan: Reader) -> None:
    _, key = begun(dan)
    rig.pay(key)
    comparing.compare_all(MORNING)
    stands = held(), mended(), Payment.objects.get().state
    assert comparing.compare_all(MORNING + timedelta(hours=1)) == [], "once a night"
    [run] = comparing.compare_all(MORNING + timedelta(days=1))
    assert run.mended == 0
    assert (held(), mended(), Payment.objects.get().state) == stands


def test_0003_comparison_has_one_that_is_not_finished_and_one_open_difference_of_a_kind(db: None) -> None:
    """Of the migration `0003_comparison` of payments: two new tables, whose rows nothing doubles."""
    at: dict[str, Any] = {"provider": "till", "since": NOON, "began_at": NOON}
    Comparison.objects.create(**at, finished_at=NOON)
    Comparison.objects.create(**at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(**at)
    differs: dict[str, Any] = {"provider": "till", "payment_key": "k", "kind": "state", "found_at": NOON}
    Difference.objects.create(**differs, mended_at=NOON)
    Difference.objects.create(**differs)
    with pytest.raises(IntegrityError), transaction.atomic():
        Difference.objects.create(**differs)


def test_interrupted_it_goes_on_where_it_stopped(
    dan: Reader, ben: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "AT_ONCE", 1)
    orders = [begun(one)[0] for one in (dan, ben)]
    for placed in orders:
        tills.press(steps.at_the_till(placed).key, tills.Button.APPROVE, NOON)
    settle, seen = service.settle, []

    def dies_at_the_second(key: str, now: Any) -> Any:
        seen.append(key)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return settle(key, now)

    with monkeypatch.context() as killed:
        killed.setattr(service, "settle", dies_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            comparing.compare_all(MORNING)
    half = Comparison.objects.get()
    assert (half.looked_at, len(half.waiting), half.finished_at) == (1, 1, None)
    [run] = comparing.compare_all(MORNING + timedelta(hours=1))
    assert (run.pk, run.looked_at, run.mended) == (half.pk, 2, 2)
    assert [again(placed).state for placed in orders] == ["paid", "paid"]


def test_a_provider_that_is_away_is_tried_again_and_nothing_is_said_of_its_payments(
    at_stripe: StripeRig, dan: Reader
) -> None:
    _, key = begun(dan)
    at_stripe.pay(key)
    at_stripe.account.faults.add("500", times=9)
    assert comparing.compare_all(MORNING) == []
    at_stripe.account.faults.waiting.clear()
    [run] = comparing.compare_all(MORNING + timedelta(hours=1))
    assert run.mended == 1


def test_a_payment_that_the_provider_does_not_know_is_shown_until_it_does(rig: Rig, dan: Reader) -> None:
    placed, key = paid(rig, dan)
    Payment.objects.update(key="cs_gone")
    comparing.compare_all(MORNING)
    assert "silent" in open_ones()
    assert again(placed).state == Order.State.PAID, "what is not said takes nothing from anybody"
    Payment.objects.update(key=key)
    Difference.objects.filter(kind="silent").update(payment_key=key)
    comparing.compare_all(MORNING + timedelta(days=1))
    assert "silent" not in open_ones()


def test_no_row_is_held_while_the_provider_is_asked(dan: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each question is asked outside any transaction but the test's own."""
    _, key = begun(dan)
    tills.press(key, tills.Button.APPROVE, NOON)
    fetch, depths = Till.fetch, []

    def watched(self: Till, payment_key: str, now: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return fetch(self, payment_key, now)

    monkeypatch.setattr(Till, "fetch", watched)
    outside = len(connection.savepoint_ids)
    comparing.compare_all(MORNING)
    assert depths
    assert set(depths) == {outside}


def test_a_rehearsal_says_what_would_be_mended_and_changes_nothing(rig: Rig, dan: Reader) -> None:
    placed, key = begun(dan)
    rig.pay(key)
    [line] = comparing.rehearse(rig.provider.name, MORNING)
    assert (line.mended, line.found.what) == (True, "It is paid; we held it for open.")
    assert again(placed).state == Order.State.OPEN
    assert not Comparison.objects.exists()
    assert not Difference.objects.exists()


def test_the_command_compares_and_its_exit_code_says_whether_staff_must_look(dan: Reader) -> None:
    run: Callable[..., Any] = CliRunner().invoke
    assert "nothing to compare" in run(app, ["compare-payments"]).output
    placed = steps.order(dan)
    steps.approve(placed, NOON)
    rehearsed = run(app, ["compare-payments", "--dry-run"])
    assert "would be mended" in rehearsed.output
    assert rehearsed.exit_code == 0
    done = run(app, ["compare-payments"])
    assert "1 differences mended" in done.output
    assert done.exit_code == 0
    TillPayment.objects.update(minor=1)
    looked = run(app, ["compare-payments"])
    assert looked.exit_code == 1
    assert "The amount is" in looked.output


def test_staff_see_what_differs_and_say_what_was_done(client: Client, staff: Reader, dan: Reader) -> None:
    placed = steps.order(dan)
    steps.approve(placed, NOON)
    TillPayment.objects.update(minor=1)
    comparing.compare_all(MORNING)
    assert findings.payments(MORNING).state == "wrong"
    client.force_login(staff)
    shown = client.get("/admin/payments-compared/").content.decode()
    assert "The amount is £0.01" in shown
    assert f"Order {placed.number}" in shown
    one = Difference.objects.get()
    at = f"/admin/payments-compared/{one.pk}/"
    assert "Say what was done" in client.post(at, {"note": ""}, follow=True).content.decode()
    client.post(at, {"note": "Refunded by telephone"})
    assert "Nothing differs" in client.get("/admin/payments-compared/").content.decode()
    assert findings.payments(MORNING).state == "ok"
    comparing.compare_all(MORNING + timedelta(days=1))
    one.refresh_from_db()
    assert one.seen_by == staff.email, "the same is not asked twice"
    TillPayment.objects.update(minor=2)
    comparing.compare_all(MORNING + timedelta(days=2))
    assert findings.payments(MORNING).state == "wrong", "something else is"


def test_a_comparison_that_does_not_run_is_noticed(dan: Reader) -> None:
    assert findings.payments(NOON).state == "ok"
    steps.paid_order(dan, now=NOON)
    assert findings.payments(NOON).state == "ok", "the first night is still to come"
    assert findings.payments(NOON + timedelta(days=3)).state == "note"
    comparing.compare_all(MORNING)
    assert findings.payments(MORNING).state == "ok"
    assert findings.payments(MORNING + timedelta(days=3)).state == "note"
