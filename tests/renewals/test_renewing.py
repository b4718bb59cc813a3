"""Subscriptions over time: bought, renewed, failed, mended, stopped; what is charged, what may be read, what is written to the reader."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from typer.testing import CliRunner

from backnumber.checkout import changing, clock, service
from backnumber.checkout.models import Order
from backnumber.checkout.rules import months_after
from backnumber.cli.commands import app
from backnumber.invoices.models import CreditNote, Invoice
from backnumber.payments.models import LedgerEntry, Payment
from backnumber.payments.provider import PaymentState
from backnumber.payments.till import service as till
from backnumber.payments.till.models import TillCardPage, TillMandate, TillPayment
from backnumber.payments.till.provider import Till
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.rules import GRACE
from tests.checkout import steps
from tests.making import NOON
from tests.renewals import renewing
from tests.renewals.renewing import Later, may_read, subjects, turn

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)


def after(months: int) -> datetime:
    return months_after(NOON, months, LONDON)


def paid_terms(held: Subscription) -> list[tuple[datetime | None, datetime | None]]:
    orders = Order.objects.filter(subscription=held, state=Order.State.PAID).order_by("term")
    return [(order.begins, order.until) for order in orders]


def again(held: Subscription) -> Subscription:
    return Subscription.objects.get(pk=held.pk)


def test_what_renews_is_charged_month_after_month_without_gap_or_overlap(dan: Reader) -> None:
    held = renewing.subscription(dan)
    turn(after(4) + DAY, since=NOON)
    assert paid_terms(held) == [(after(n), after(n + 1)) for n in range(5)]
    assert all(may_read(dan, NOON + timedelta(days=n, seconds=n)) for n in range(120))
    assert Payment.objects.filter(state=PaymentState.PAID).count() == 5
    assert subjects(dan).count("Your receipt") == 5
    assert subjects(dan).count("Renews soon") == 4


def test_the_day_of_the_month_never_drifts(dan: Reader) -> None:
    begun = datetime(2027, 1, 31, 9, tzinfo=LONDON)
    held = renewing.subscription(dan, now=begun)
    turn(begun + timedelta(days=130), since=begun, every=DAY)
    ends = [until.astimezone(LONDON).date().isoformat() for _, until in paid_terms(held) if until]
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]


def test_a_charge_that_fails_leaves_a_bounded_grace_and_then_nothing(dan: Reader) -> None:
    held = renewing.subscription(dan)
    renewing.card_will(held, Later.DECLINED)
    turn(after(1) + GRACE + 3 * DAY, since=NOON)
    assert may_read(dan, after(1) + GRACE - timedelta(seconds=1))
    assert not may_read(dan, after(1) + GRACE)
    held = again(held)
    assert (held.state, held.ended_because, held.acts_at) == ("ended", "unpaid", None)
    assert len(paid_terms(held)) == 1
    assert Payment.objects.filter(state=PaymentState.DECLINED).count() == 5, "at first, and four times again"
    assert subjects(dan).count("Payment failed") == 1
    assert subjects(dan).count("Ended") == 1
    turn(after(1) + GRACE + timedelta(days=60), since=after(1) + GRACE + 3 * DAY, every=DAY)
    assert Payment.objects.count() == 6, "nothing is charged after the end"
    assert subjects(dan).count("The archive is still here") == 1


def test_a_card_that_works_again_loses_no_day_and_gives_none(dan: Reader) -> None:
    held = renewing.subscription(dan)
    renewing.card_will(held, Later.DECLINED)
    turn(after(1) + 4 * DAY, since=NOON)
    assert again(held).state == Subscription.State.UNPAID
    renewing.card_will(held, Later.GOES_THROUGH)
    turn(after(1) + 7 * DAY, since=after(1) + 4 * DAY)
    assert again(held).state == Subscription.State.ACTIVE
    assert paid_terms(held) == [(NOON, after(1)), (after(1), after(2))]
    assert "Paid, and it goes on" in subjects(dan)
    graces = [g for g in dan.grants.all() if g.evidence_key.endswith(".grace")]
    assert [g.revoked_at is not None for g in graces] == [True]


def test_a_bank_that_wants_the_reader_is_answered_by_the_reader(dan: Reader) -> None:
    held = renewing.subscription(dan)
    renewing.card_will(held, Later.WANTS_CONFIRMATION)
    turn(after(1) + 5 * DAY, since=NOON)
    assert Payment.objects.filter(state=PaymentState.DECLINED).count() == 1, "it is not tried again in vain"
    now = after(1) + 5 * DAY
    address = changing.pay(held.key, now)
    page = TillPayment.objects.latest("pk")
    assert address.endswith(f"/till/{page.key}/")
    till.press(page.key, till.Button.APPROVE, now)
    service.settle(page.order_key, now)
    assert paid_terms(held)[-1] == (after(1), after(2))
    assert again(held).mandate_key != held.mandate_key, "the card that was used is charged from then on"
    with pytest.raises(changing.NotNow):
        changing.pay(held.key, now)


def test_while_the_reader_pays_on_the_page_the_clock_charges_nothing(dan: Reader) -> None:
    held = renewing.subscription(dan)
    renewing.card_will(held, Later.DECLINED)
    turn(after(1), since=NOON)
    renewing.card_will(held, Later.GOES_THROUGH)
    now = after(1) + DAY - timedelta(minutes=5)
    changing.pay(held.key, now)
    clock.act_on_all(now + timedelta(minutes=10))
    assert (
        Payment.objects.filter(order_key__in=Order.objects.filter(term=2).values("key"), state="paid").count()
        == 0
    )


def test_a_bank_that_takes_its_time_is_waited_for_within_grace(dan: Reader) -> None:
    held = renewing.subscription(dan)
    renewing.card_will(held, Later.SETTLES_LATER)
    clock.act_on_all(after(1) - DAY)
    renewal = Order.objects.get(subscription=held, term=2)
    assert renewal.begins is None
    assert may_read(dan, after(1) + DAY), "the money is on its way"
    clock.act_on_all(after(1) - DAY + timedelta(minutes=20))
    assert Payment.objects.filter(order_key=renewal.key).count() == 1, "it is charged once"
    service.reconcile(after(1))
    assert paid_terms(held)[-1] == (after(1), after(2))


def test_stopped_it_stays_open_to_the_instant_and_can_be_taken_up_again(dan: Reader) -> None:
    held = renewing.subscription(dan)
    changing.cancel(held.key, NOON + DAY)
    assert "It will not renew" in subjects(dan)
    turn(after(1) - timedelta(hours=1), since=NOON + DAY)
    assert may_read(dan, after(1) - timedelta(microseconds=1))
    changing.resume(held.key, after(1) - timedelta(minutes=30))
    turn(after(1) + DAY, since=after(1) - timedelta(minutes=30))
    assert paid_terms(held) == [(NOON, after(1)), (after(1), after(2))]


def test_stopped_for_good_nothing_is_charged_and_the_end_is_told(dan: Reader) -> None:
    held = renewing.subscription(dan)
    changing.cancel(held.key, NOON + DAY)
    changing.cancel(held.key, NOON + 2 * DAY)
    turn(after(2), since=NOON + DAY)
    assert not may_read(dan, after(1))
    assert Payment.objects.count() == 1
    assert (subjects(dan).count("Ends soon"), subjects(dan).count("Ended")) == (1, 1)
    with pytest.raises(changing.NotNow):
        changing.resume(held.key, after(2))


def test_a_pause_is_not_charged_and_goes_on_by_itself(dan: Reader) -> None:
    held = renewing.subscription(dan)
    changing.pause(held.key, 2, NOON + DAY)
    turn(after(3) + DAY, since=NOON + DAY)
    assert paid_terms(held) == [(NOON, after(1)), (after(3), after(4))]
    assert not may_read(dan, after(2))


def test_a_pause_can_end_early(dan: Reader) -> None:
    held = renewing.subscription(dan)
    changing.pause(held.key, 3, NOON + DAY)
    turn(after(1) + 3 * DAY, since=NOON + DAY)
    now = after(1) + 3 * DAY
    changing.resume(held.key, now)
    turn(now + DAY, since=now)
    assert paid_terms(held)[-1] == (now, months_after(now, 1, LONDON))


def test_a_switch_begins_where_the_paid_term_ends(dan: Reader) -> None:
    held = renewing.subscription(dan)
    yearly = renewing.product("yearly", 4800, 12)
    changing.switch(held.key, yearly, NOON + DAY)
    assert again(held).minor == 600
    turn(after(1) + DAY, since=NOON + DAY)
    assert paid_terms(held) == [(NOON, after(1)), (after(1), after(13))]
    now = again(held)
    assert (now.product, now.minor, now.months, now.next_product) == (yearly, 4800, 12, None)


def test_a_switch_can_be_undone(dan: Reader) -> None:
    held = renewing.subscription(dan)
    changing.switch(held.key, renewing.product("yearly", 4800, 12), NOON + DAY)
    changing.switch(held.key, held.product, NOON + 2 * DAY)
    turn(after(1) + DAY, since=NOON + DAY)
    assert paid_terms(held)[-1] == (after(1), after(2))


def test_an_old_price_stays_until_the_day_that_was_told(dan: Reader) -> None:
    held = renewing.subscription(dan)
    held.product.prices.update(minor=900)
    turn(after(1) + DAY, since=NOON)
    changing.announce_price(again(held), 900, after(3), after(1) + DAY)
    turn(after(3) + DAY, since=after(1) + DAY)
    assert list(Order.objects.filter(subscription=held).order_by("term").values_list("minor", flat=True)) == [600, 600, 600, 900]  # fmt: skip
    assert subjects(dan).count("A new price") == 1
    assert again(held).minor == 900


def test_the_same_is_not_sold_twice(dan: Reader) -> None:
    held = renewing.subscription(dan)
    with pytest.raises(service.Subscribed) as refused:
        renewing.order(dan)
    assert refused.value.args == (held.key,)


def test_the_database_itself_holds_one_living_subscription_of_a_kind(dan: Reader) -> None:
    held = renewing.subscription(dan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(
            reader=dan, product=held.product, first_order="another", months=1, minor=1, currency="GBP", region="anywhere",
            provider="till", began_at=NOON, paid_until=after(1), anchor=NOON,
        )  # fmt: skip


def test_another_term_of_the_same_puts_the_renewal_off_and_its_refund_brings_it_back(dan: Reader) -> None:
    held = renewing.subscription(dan)
    whole = steps.paid_order(dan, "online-yearly", now=NOON + DAY)
    assert whole.begins == after(1), "it follows, and no day is lost"
    assert again(held).paid_until == after(13)
    turn(after(2), since=NOON + DAY)
    assert Order.objects.filter(subscription=held).count() == 1, "nothing is charged while another term runs"
    steps.refund(whole, after(2))
    service.settle(whole.key, after(2))
    turn(after(2) + DAY, since=after(2))
    assert may_read(dan, after(2) + DAY)


def test_a_term_that_staff_end_puts_the_renewal_off_no_longer(dan: Reader) -> None:
    held = renewing.subscription(dan)
    whole = steps.paid_order(dan, "online-yearly", now=NOON + DAY)
    assert again(held).paid_until == after(13)
    service.refund(whole.key, 100, ends_right=True, because="a mistake", by="staff", now=NOON + 2 * DAY)
    assert again(held).paid_until == after(1)
    turn(after(1) + DAY, since=NOON + 2 * DAY)
    assert may_read(dan, after(1) + DAY)


def test_a_refund_of_the_last_term_ends_it(dan: Reader) -> None:
    held = renewing.subscription(dan)
    order = Order.objects.get(subscription=held)
    done = service.refund(order.key, 600, ends_right=False, because="asked", by="staff", now=NOON + DAY)
    assert (done.state, done.problem) == ("done", "")
    assert not may_read(dan, NOON + DAY)
    assert (again(held).state, again(held).ended_because) == ("ended", "refunded")
    turn(after(2), since=NOON + DAY, every=DAY)
    assert Payment.objects.count() == 1


def test_part_of_the_money_back_leaves_the_right(dan: Reader) -> None:
    held = renewing.subscription(dan)
    order = Order.objects.get(subscription=held)
    service.refund(order.key, 200, ends_right=False, because="late copy", by="staff", now=NOON + DAY)
    assert may_read(dan, NOON + 2 * DAY)
    assert again(held).state == Subscription.State.ACTIVE
    with pytest.raises(ValueError, match="At most £4"):
        service.refund(order.key, 500, ends_right=False, because="more", by="staff", now=NOON + DAY)


def test_a_dispute_shuts_and_its_winning_opens_again(dan: Reader) -> None:
    held = renewing.subscription(dan)
    page, order = TillPayment.objects.get(), Order.objects.get(subscription=held)
    till.dispute(page.key, TillPayment.Dispute.OPENED, NOON + DAY)
    assert service.settle(order.key, NOON + DAY).state == Order.State.DISPUTED
    assert not may_read(dan, NOON + DAY)
    assert again(held).ended_because == "disputed"
    till.dispute(page.key, TillPayment.Dispute.WON, NOON + 3 * DAY)
    service.settle(order.key, NOON + 3 * DAY)
    service.settle(order.key, NOON + 3 * DAY)
    assert may_read(dan, NOON + 3 * DAY)
    assert not may_read(dan, after(1))


def test_an_account_that_is_deleted_is_charged_no_more(dan: Reader) -> None:
    held = renewing.subscription(dan)
    assert changing.end_all_of(dan, NOON + DAY) == 1
    assert again(held).ended_because == "deleted"
    assert renewing.TillMandate.objects.get(key=held.mandate_key).forgotten_at == NOON + DAY
    turn(after(2), since=NOON + DAY, every=DAY)
    assert Payment.objects.count() == 1


def test_another_card_is_taken_and_pays_at_once_what_had_failed(dan: Reader) -> None:
    held = renewing.subscription(dan)
    renewing.card_will(held, Later.DECLINED)
    turn(after(1) + DAY / 2, since=NOON)
    now = after(1) + DAY / 2
    address = changing.begin_card(held.key, dan, now)
    page = TillCardPage.objects.get()
    assert page.key in address
    assert changing.take_card(held.key, now) is False, "nothing was given yet"
    till.give_card(page.key, Later.GOES_THROUGH)
    assert changing.take_card(held.key, now) is True
    assert paid_terms(held)[-1] == (after(1), after(2))
    assert "Charged to another card" in subjects(dan)


def test_a_first_term_has_its_own_price_and_length_once(dan: Reader) -> None:
    trial = renewing.product("trial", 4800, 12, first_months=1)
    trial.prices.update(first_minor=100)
    trial = type(trial).objects.prefetch_related("prices").get(pk=trial.pk)
    held = renewing.subscription(dan, trial)
    assert paid_terms(held) == [(NOON, after(1))]
    turn(after(1) + DAY, since=NOON)
    assert paid_terms(held)[-1] == (after(1), after(13))
    orders = Order.objects.filter(subscription=held).order_by("term")
    assert [order.minor for order in orders] == [100, 4800]
    changing.cancel(held.key, after(2))
    turn(after(13) + DAY, since=after(13) - DAY)
    second = renewing.order(dan, trial, now=after(14))
    assert (second.minor, second.months) == (4800, 12), "a first price is for who has not paid before"


def test_what_is_for_students_is_sold_to_them_only(dan: Reader) -> None:
    student = renewing.product("student", 300, only_for="ac.uk, edu")
    with pytest.raises(service.NotForThem):
        renewing.order(dan, student)
    dan.email = "dan@history.ox.ac.uk"
    dan.save()
    assert renewing.order(dan, student).minor == 300


def test_a_fixed_term_says_when_it_ends_and_how_to_renew(dan: Reader) -> None:
    steps.paid_order(dan, "online-yearly", now=NOON)
    for days in (300, 336, 337, 350):
        clock.tell_all(NOON + timedelta(days=days))
    assert subjects(dan).count("Ends soon") == 1


def test_a_new_price_is_announced_by_command_to_each_once(dan: Reader, ben: Reader) -> None:
    held = renewing.subscription(dan, now=timezone.now())
    renewing.subscription(ben, now=timezone.now())
    held.product.prices.update(minor=900)
    day = f"{timezone.now() + timedelta(days=40):%Y-%m-%d}"
    tried = CliRunner().invoke(app, ["announce-price", "monthly", "--from", day, "--dry-run"])
    assert "2 would be written to" in tried.output
    assert "A new price" not in subjects(dan)
    for _ in range(2):
        done = CliRunner().invoke(app, ["announce-price", "monthly", "--from", day])
        assert done.exit_code == 0
    assert subjects(dan).count("A new price") == subjects(ben).count("A new price") == 1
    assert again(held).next_minor == 900


@pytest.mark.parametrize(
    ("product", "days", "says"), [("monthly", 5, "at least 30 days"), ("forged", 60, "no product")]
)
def test_a_price_is_announced_in_time_and_of_what_renews(
    dan: Reader, product: str, days: int, says: str
) -> None:
    renewing.subscription(dan, now=timezone.now())
    day = f"{timezone.now() + timedelta(days=days):%Y-%m-%d}"
    refused = CliRunner().invoke(app, ["announce-price", product, "--from", day])
    assert refused.exit_code == 2
    assert says in " ".join(refused.output.replace("│", " ").split())


def test_a_dispute_that_is_lost_stays_a_dispute_and_is_credited(dan: Reader) -> None:
    held = renewing.subscription(dan)
    page, order = TillPayment.objects.get(), Order.objects.get(subscription=held)
    till.dispute(page.key, TillPayment.Dispute.OPENED, NOON + DAY)
    service.settle(order.key, NOON + DAY)
    till.dispute(page.key, TillPayment.Dispute.LOST, NOON + 9 * DAY)
    for _ in range(2):
        assert service.settle(order.key, NOON + 9 * DAY).state == Order.State.DISPUTED
    assert not may_read(dan, NOON + 9 * DAY)
    assert "Refunded" not in subjects(dan)
    entries = LedgerEntry.objects.filter(payment__order_key=order.key).values_list("kind", "minor")
    assert list(entries) == [("payment", 600), ("dispute", -600)]
    assert [note.minor for note in CreditNote.objects.all()] == [600]


def test_each_term_has_an_invoice_and_what_goes_back_a_credit_note(dan: Reader) -> None:
    held = renewing.subscription(dan)
    turn(after(1) + DAY, since=NOON)
    first, second = Order.objects.filter(subscription=held).order_by("term")
    assert {one.reference for one in Invoice.objects.all()} == {first.key, second.key}
    for part in (100, 150):
        service.refund(second.key, part, ends_right=False, because="late", by="staff", now=after(1) + 2 * DAY)
        service.settle(second.key, after(1) + 2 * DAY)
    assert sorted(note.minor for note in CreditNote.objects.all()) == [100, 150]


def test_a_charge_that_was_interrupted_is_made_again_under_its_own_key_whatever_card_was_given_since(
    dan: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the provider charged and before we knew; then the reader gives another card."""
    held = renewing.subscription(dan)
    real = Till.charge
    monkeypatch.setattr(Till, "charge", lambda taker, *asked: (real(taker, *asked), 1 / 0))
    with pytest.raises(ZeroDivisionError):
        clock.act_on(held.key, after(1) - DAY)
    monkeypatch.undo()
    another = TillMandate.objects.create(key="another", digits="5556")
    Subscription.objects.filter(pk=held.pk).update(mandate_key=another.key)
    clock.act_on(held.key, after(1) - DAY / 2)
    assert paid_terms(held)[-1] == (after(1), after(2))
    assert TillPayment.objects.filter(order_key=Order.objects.get(term=2).key).count() == 1
