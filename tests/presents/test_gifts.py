"""Gifts that are bought: what is redeemed, when, by whom, how often; and what ends them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from backnumber.checkout import changing, clock, notices, presenting, redeeming, service
from backnumber.checkout.models import Order
from backnumber.checkout.presenting import NotNow
from backnumber.circulation.models import PrintSubscription
from backnumber.grants import service as grants
from backnumber.grants.models import Grant
from backnumber.helpdesk import service as helpdesk
from backnumber.invoices.models import Invoice
from backnumber.mail.models import Mail
from backnumber.payments.till import service as till
from backnumber.payments.till.models import TillMandate, TillPayment
from backnumber.presents.codes import code_of, digest_of, plain
from backnumber.presents.models import Present
from backnumber.presents.queries import present_by_code
from backnumber.presents.rules import Refusal
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.website.account_data import delete_account, everything_about
from tests import making
from tests.checkout import steps
from tests.invoices.sales import ground
from tests.making import NOON
from tests.parallel import tried
from tests.presents import giving
from tests.presents.giving import DAY, State
from tests.renewals import renewing
from tests.renewals.renewing import may_read

YEAR_ON = datetime(2027, 11, 18, 12, tzinfo=UTC)
TWO_YEARS_ON = datetime(2028, 11, 18, 12, tzinfo=UTC)


@pytest.fixture
def ben(db: None) -> Reader:  # the fixture opens the database
    return making.reader("ben", last_name="Carter")


def refusal(present: Present, reader: Reader, now: datetime = NOON) -> Refusal:
    with pytest.raises(redeeming.NotRedeemed) as why:
        giving.redeemed(present, reader, now)
    return why.value.why


def to(address: str) -> list[str]:
    return [sent.subject for sent in mail.outbox if sent.to == [address]]


@pytest.mark.django_db
def test_a_gift_is_paid_by_its_donor_and_opens_nothing_to_them(dan: Reader) -> None:
    ground()
    present = giving.paid(dan)
    order = Order.objects.get(key=present.order_key)
    assert (order.kind, order.state, order.renews, order.subscription) == ("gift", "paid", False, None)
    assert present.state == State.WAITING
    assert not Grant.objects.exists()
    assert not Subscription.objects.exists()
    assert Invoice.objects.get(reference=order.key).minor == order.minor
    assert to(dan.email) == ["Your receipt: Online access, yearly, a gift for Ben"]


@pytest.mark.django_db
def test_a_gift_that_was_never_paid_is_sent_to_nobody_and_has_no_code(dan: Reader) -> None:
    order = giving.ordered(dan)
    presenting.send_due(NOON + 30 * DAY)
    present = Present.objects.get(order_key=order.key)
    assert (present.state, code_of(present), mail.outbox) == (State.UNPAID, "", [])


@pytest.mark.django_db
def test_a_gift_arrives_on_its_day_and_once(dan: Reader) -> None:
    present = giving.paid(dan, said=giving.wording(day=NOON + 3 * DAY))
    for days in (0, 1, 2):
        presenting.send_due(NOON + days * DAY)
    assert not to("ben@example.org")
    presenting.send_due(NOON + 3 * DAY)
    presenting.send_due(NOON + 3 * DAY)
    assert to("ben@example.org") == ["A gift from Ada Byron: Online access, yearly"]
    assert code_of(giving.fresh(present)) in mail.outbox[-1].body


@pytest.mark.django_db
def test_a_gift_begins_when_it_is_redeemed(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    later = NOON + 40 * DAY
    order = giving.redeemed(present, ben, later)
    assert (order.begins, order.reader, order.minor) == (later, ben, 0)
    assert may_read(ben, later)
    assert not may_read(dan, later)
    grant = Grant.objects.get()
    assert (grant.evidence, grant.label) == ("gift", "Online access, yearly, from Ada Byron")
    assert to(ben.email)[-1] == "Yours now: Online access"


@pytest.mark.django_db
def test_redeemed_while_a_term_runs_a_gift_follows_on_it_and_no_day_is_lost(dan: Reader, ben: Reader) -> None:
    own = steps.paid_order(ben, now=NOON - 100 * DAY)
    order = giving.redeemed(giving.sent(dan), ben)
    assert order.begins == own.until
    assert order.until == datetime(2028, 8, 10, 12, tzinfo=UTC)
    assert may_read(ben, order.until - DAY)
    assert not may_read(ben, order.until)


@pytest.mark.django_db
def test_redeemed_while_another_gift_runs_a_gift_follows_on_it(dan: Reader, ben: Reader) -> None:
    first = giving.redeemed(giving.sent(dan), ben)
    second = giving.redeemed(giving.sent(dan, now=NOON + DAY), ben, NOON + DAY)
    assert (first.begins, first.until, second.begins, second.until) == (NOON, YEAR_ON, YEAR_ON, TWO_YEARS_ON)


@pytest.mark.django_db
def test_a_term_that_is_bought_follows_on_a_gift(dan: Reader, ben: Reader) -> None:
    giving.redeemed(giving.sent(dan), ben)
    assert steps.paid_order(ben, now=NOON + DAY).begins == YEAR_ON


@pytest.mark.django_db
def test_who_subscribed_years_ago_has_a_gift_from_the_day_they_redeem_it(dan: Reader, ben: Reader) -> None:
    steps.paid_order(ben, now=NOON - 2000 * DAY)
    assert not may_read(ben, NOON)
    order = giving.redeemed(giving.sent(dan), ben)
    assert (order.begins, order.until, order.anchor) == (NOON, YEAR_ON, NOON)
    assert may_read(ben, NOON)


@pytest.mark.django_db
def test_a_gift_to_oneself_follows_on_what_one_has(dan: Reader) -> None:
    own = steps.paid_order(dan, now=NOON)
    assert giving.redeemed(giving.sent(dan), dan).begins == own.until


@pytest.mark.django_db
def test_what_somebody_was_given_does_not_cost_them_the_first_price(dan: Reader, ben: Reader) -> None:
    giving.redeemed(giving.sent(dan), ben)
    Product.objects.filter(code="online-yearly").update(renews=True, first_months=1)
    sold = Product.objects.prefetch_related("prices").get(code="online-yearly")
    assert service.sale_of(ben, sold, sold.prices.all()[0]).length.months == 1


@pytest.mark.django_db
def test_no_gift_renews_and_none_becomes_the_right_of_who_gave_it(dan: Reader, ben: Reader) -> None:
    """The donor subscribes too: their card is charged for their own terms, and for nothing else."""
    held = renewing.subscription(dan, renewing.product("own", 4800, 12))
    present = giving.sent(dan)
    giving.redeemed(present, ben)
    renewing.turn(YEAR_ON + 20 * DAY, since=YEAR_ON - 2 * DAY, every=timedelta(hours=12))
    own = Order.objects.filter(reader=dan, kind=Order.Kind.OWN)
    assert {order.subscription for order in own} == {held}
    assert own.count() == 2
    assert Order.objects.filter(kind=Order.Kind.GIFT).count() == 1
    assert TillPayment.objects.count() == 3
    assert may_read(dan, YEAR_ON + DAY)
    assert not may_read(ben, YEAR_ON)


@pytest.mark.django_db
def test_a_gift_puts_off_the_renewal_of_who_redeems_it(dan: Reader, ben: Reader) -> None:
    held = renewing.subscription(ben, renewing.product("own", 4800, 12))
    giving.redeemed(giving.sent(dan), ben, NOON + DAY)
    held.refresh_from_db()
    assert held.paid_until == TWO_YEARS_ON
    clock.act_on(held.key, YEAR_ON)
    assert Order.objects.filter(subscription=held).count() == 1


@pytest.mark.django_db
def test_a_gift_asks_nothing_of_who_could_not_pay_until_it_is_over(dan: Reader, ben: Reader) -> None:
    held = renewing.subscription(ben, renewing.product("own", 4800, 12))
    renewing.card_will(held, TillMandate.Later.DECLINED)
    clock.act_on_all(YEAR_ON - timedelta(hours=20))
    held.refresh_from_db()
    assert held.state == Subscription.State.UNPAID
    redeemed_at = YEAR_ON + 2 * DAY
    order = giving.redeemed(giving.sent(dan, now=redeemed_at), ben, redeemed_at)
    held.refresh_from_db()
    assert (held.state, held.paid_until) == (Subscription.State.ACTIVE, order.until)
    renewing.turn(redeemed_at + 20 * DAY, since=redeemed_at)
    held.refresh_from_db()
    assert held.state == Subscription.State.ACTIVE
    assert may_read(ben, redeemed_at + 20 * DAY)


@pytest.mark.django_db
def test_a_gift_redeemed_in_a_pause_is_not_run_over_by_the_next_term(dan: Reader, ben: Reader) -> None:
    held = renewing.subscription(ben, renewing.product("own", 600, 1))
    changing.pause(held.key, 2, NOON)
    held.refresh_from_db()
    redeemed_at = held.paid_until + DAY
    order = giving.redeemed(giving.sent(dan, now=redeemed_at), ben, redeemed_at)
    assert held.paused_until is not None
    clock.act_on_all(held.paused_until - timedelta(hours=3))
    held.refresh_from_db()
    assert (held.state, held.paid_until) == (Subscription.State.ACTIVE, order.until)
    assert Order.objects.filter(subscription=held).count() == 1


@pytest.mark.django_db
def test_the_donor_stops_and_the_recipient_reads_on_and_the_other_way_round(dan: Reader, ben: Reader) -> None:
    donors = renewing.subscription(dan, renewing.product("own", 600, 1))
    recipients = renewing.subscription(ben, renewing.product("own", 600, 1))
    order = giving.redeemed(giving.sent(dan), ben)
    changing.cancel(donors.key, NOON)
    changing.cancel(recipients.key, NOON)
    renewing.turn(NOON + 70 * DAY, since=NOON, every=DAY)
    for held in (donors, recipients):
        held.refresh_from_db()
    assert donors.has_ended
    assert not recipients.has_ended
    assert may_read(ben, NOON + 70 * DAY)
    assert not may_read(dan, NOON + 70 * DAY)
    assert recipients.paid_until == order.until


@pytest.mark.django_db
def test_a_gift_that_waits_moves_up_when_what_it_waited_for_is_refunded(dan: Reader, ben: Reader) -> None:
    own = steps.paid_order(ben, now=NOON)
    order = giving.redeemed(giving.sent(dan), ben, NOON + DAY)
    steps.refund(own, NOON + 2 * DAY)
    service.settle(own.key, NOON + 2 * DAY)
    order.refresh_from_db()
    assert order.begins == NOON + 2 * DAY
    assert may_read(ben, NOON + 3 * DAY)
    assert "begins earlier" in mail.outbox[-2].body + mail.outbox[-1].body


@pytest.mark.django_db
def test_a_gift_that_staff_withdraw_lets_what_waited_for_it_begin(
    dan: Reader, ben: Reader, staff: Reader
) -> None:
    giving.redeemed(giving.sent(dan), ben)
    held = renewing.subscription(ben, renewing.product("own", 4800, 12), now=NOON + DAY)
    assert held.paid_until == TWO_YEARS_ON
    helpdesk.withdraw(Grant.objects.get(evidence="gift"), because="Case 7", by=staff, now=NOON + 2 * DAY)
    held.refresh_from_db()
    assert held.paid_until == YEAR_ON + 2 * DAY
    assert may_read(ben, NOON + 3 * DAY)


@pytest.mark.django_db
def test_a_refund_before_it_is_redeemed_kills_a_gift(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    giving.refund(present, NOON + DAY)
    assert refusal(present, ben, NOON + DAY) is Refusal.TAKEN_BACK
    assert not Grant.objects.exists()


@pytest.mark.django_db
def test_a_refund_before_its_day_lets_nothing_be_sent(dan: Reader) -> None:
    present = giving.paid(dan, said=giving.wording(day=NOON + 9 * DAY))
    giving.refund(present, NOON + DAY)
    presenting.send_due(NOON + 9 * DAY)
    assert not to("ben@example.org")


@pytest.mark.django_db
def test_a_refund_after_it_was_redeemed_ends_what_the_gift_gave(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    giving.redeemed(present, ben)
    waiting = steps.paid_order(ben, now=NOON + DAY)
    giving.refund(present, NOON + 2 * DAY)
    assert Grant.objects.get(evidence="gift").revoked_at == NOON + 2 * DAY
    waiting.refresh_from_db()
    assert waiting.begins == NOON + 2 * DAY
    assert giving.fresh(present).state == State.TAKEN_BACK
    assert "A gift has ended: Online access" in to(ben.email)


@pytest.mark.django_db
def test_a_part_of_the_money_leaves_a_gift_as_it_is_unless_staff_end_it(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    giving.redeemed(present, ben)
    service.refund(
        present.order_key, 100, ends_right=False, because="late", by="staff", now=NOON + timedelta(hours=1)
    )
    assert may_read(ben, NOON + DAY)
    service.refund(
        present.order_key, 100, ends_right=True, because="wrong", by="staff", now=NOON + timedelta(hours=2)
    )
    assert not may_read(ben, NOON + DAY)
    assert giving.fresh(present).state == State.TAKEN_BACK


@pytest.mark.django_db
def test_a_dispute_shuts_a_gift_and_one_that_is_won_opens_it_again(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    unredeemed = giving.sent(dan)
    giving.redeemed(present, ben)
    for one in (present, unredeemed):
        order = Order.objects.get(key=one.order_key)
        till.dispute(steps.at_the_till(order).key, TillPayment.Dispute.OPENED, NOON + DAY)
        service.settle(order.key, NOON + DAY)
    assert not may_read(ben, NOON + DAY)
    assert refusal(unredeemed, ben, NOON + DAY) is Refusal.TAKEN_BACK
    for one in (present, unredeemed):
        order = Order.objects.get(key=one.order_key)
        till.dispute(steps.at_the_till(order).key, TillPayment.Dispute.WON, NOON + 2 * DAY)
        service.settle(order.key, NOON + 2 * DAY)
    assert may_read(ben, NOON + 2 * DAY)
    assert giving.fresh(present).state == State.REDEEMED
    assert giving.redeemed(unredeemed, ben, NOON + 2 * DAY).begins == YEAR_ON


@pytest.mark.django_db
def test_a_gift_that_staff_cancel_ends_and_no_dispute_brings_it_back(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    giving.redeemed(present, ben)
    presenting.cancel(present.key, "Bought with a stolen card", NOON + DAY)
    order = Order.objects.get(key=present.order_key)
    for dispute in (TillPayment.Dispute.OPENED, TillPayment.Dispute.WON):
        till.dispute(steps.at_the_till(order).key, dispute, NOON + 2 * DAY)
        service.settle(order.key, NOON + 2 * DAY)
    assert not may_read(ben, NOON + 3 * DAY)
    assert giving.fresh(present).state == State.CANCELLED
    with pytest.raises(NotNow):
        presenting.cancel(present.key, "again", NOON + 3 * DAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_redeem_at_once_one_wins(dan: Reader) -> None:
    present = giving.sent(dan)
    rivals = [making.reader(name) for name in ("ben", "cleo", "eve")]
    code = code_of(present)
    won, failed = tried(*(lambda one=one: redeeming.redeem(one, code, NOON) for one in rivals))  # type: ignore[misc]
    assert (len(won), [type(one) for one in failed]) == (1, [redeeming.NotRedeemed] * 2)
    assert Grant.objects.count() == 1
    assert giving.fresh(present).redeemed_by == won[0].reader


@pytest.mark.django_db
def test_redeemed_again_by_the_same_reader_nothing_is_given_twice(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    assert giving.redeemed(present, ben) == giving.redeemed(present, ben, NOON + DAY)
    assert refusal(present, dan) is Refusal.REDEEMED
    assert Grant.objects.count() == 1


@pytest.mark.django_db
def test_the_database_itself_gives_a_gift_once(dan: Reader, ben: Reader) -> None:
    given = giving.redeemed(giving.sent(dan), ben)
    copy = Order.objects.get(pk=given.pk)
    copy.pk, copy.key = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


@pytest.mark.django_db
def test_killed_between_redeeming_and_its_right_nothing_has_happened(
    dan: Reader, ben: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    present = giving.sent(dan)
    with monkeypatch.context() as broken:
        broken.setattr(grants, "grant", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            giving.redeemed(present, ben)
    assert giving.fresh(present).state == State.SENT
    assert not Grant.objects.exists()
    assert giving.redeemed(present, ben).begins == NOON


@pytest.mark.django_db
def test_until_it_is_sent_its_donor_changes_day_and_address(dan: Reader) -> None:
    present = giving.paid(dan, said=giving.wording(day=NOON + 3 * DAY))
    presenting.change(present.key, giving.wording(to="benjamin@example.org", day=NOON + 5 * DAY), NOON)
    presenting.send_due(NOON + 3 * DAY)
    assert not to("ben@example.org")
    assert not to("benjamin@example.org")
    presenting.send_due(NOON + 5 * DAY)
    assert len(to("benjamin@example.org")) == 1
    assert not to("ben@example.org")


@pytest.mark.django_db
def test_sent_to_another_address_a_gift_has_another_code(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    before = code_of(present)
    presenting.change(present.key, giving.wording(to="benjamin@example.org"), NOON + DAY)
    after = code_of(giving.fresh(present))
    assert after != before
    assert after in mail.outbox[-1].body
    with pytest.raises(redeeming.NoSuchPresent):
        redeeming.redeem(ben, before, NOON + DAY)
    assert redeeming.redeem(ben, after, NOON + DAY).begins == NOON + DAY


@pytest.mark.django_db
def test_sent_again_to_the_same_address_a_gift_keeps_its_code(dan: Reader, ben: Reader) -> None:
    present = giving.sent(dan)
    presenting.send_again(present.key, NOON + DAY)
    assert len(to("ben@example.org")) == 2
    assert code_of(giving.fresh(present)) == code_of(present)
    giving.redeemed(present, ben, NOON + DAY)
    for act in (
        lambda: presenting.send_again(present.key, NOON),
        lambda: presenting.change(present.key, giving.wording(), NOON),
    ):
        with pytest.raises(NotNow):
            act()


@pytest.mark.django_db
def test_when_a_gift_does_not_arrive_its_donor_is_told_once(dan: Reader) -> None:
    present = giving.sent(dan)
    Mail.objects.create(
        kind="gift",
        reference=present.mail_reference,
        recipient=present.sent_to,
        state=Mail.State.REFUSED,
        created_at=NOON,
        due_at=NOON,
    )
    assert (presenting.tell_of_refusals(NOON), presenting.tell_of_refusals(NOON)) == (1, 0)
    assert to(dan.email)[-1] == "Your gift for Ben did not arrive"
    presenting.change(present.key, giving.wording(to="benjamin@example.org"), NOON)
    assert giving.fresh(present).bounced_at is None
    assert presenting.tell_of_refusals(NOON) == 0


@pytest.mark.django_db
def test_a_card_is_ready_when_it_is_paid(dan: Reader, ben: Reader) -> None:
    present = giving.paid(dan, by=giving.By.CARD)
    assert present.state == State.SENT
    assert len(code_of(present)) == 19
    presenting.send_due(NOON)
    assert [sent.to for sent in mail.outbox] == [[dan.email]]
    assert giving.redeemed(present, ben).reader == ben


@pytest.mark.django_db
def test_printed_copies_go_where_the_donor_said_or_where_the_recipient_does(dan: Reader, ben: Reader) -> None:
    named = giving.sent(dan, "print-and-archive", said=giving.wording(address=steps.GREENWICH))
    giving.redeemed(named, ben)
    asked = giving.sent(dan, "print-and-archive")
    with pytest.raises(redeeming.AddressNeeded):
        giving.redeemed(asked, ben)
    with pytest.raises(redeeming.AddressNeeded):
        giving.redeemed(asked, ben, address=steps.OHIO)
    assert giving.fresh(asked).state == State.SENT
    order = giving.redeemed(asked, ben, address=steps.GREENWICH)
    prints = PrintSubscription.objects.filter(reader=ben).order_by("starts_on")
    assert [one.postcode for one in prints] == ["SE10 9NP", "SE10 9NP"]
    assert prints[1].starts_on > prints[0].ends_on
    assert order.begins == YEAR_ON
    giving.refund(asked, NOON + DAY)
    prints[1].refresh_from_db()
    assert prints[1].status == PrintSubscription.Status.CANCELLED


@pytest.mark.django_db
def test_the_end_of_a_gift_is_told_to_who_has_it(dan: Reader, ben: Reader) -> None:
    giving.redeemed(giving.sent(dan), ben)
    notices.tell_of_ends(YEAR_ON - 20 * DAY)
    assert to(ben.email)[-1].startswith("Ends soon: Online access, yearly, from")
    assert not [subject for subject in to(dan.email) if subject.startswith("Ends soon")]


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_is_one_gift(dan: Reader) -> None:
    first = giving.ordered(dan, token="form1")
    changed = giving.ordered(dan, token="form1", said=giving.wording(to="benjamin@example.org"))
    assert first.key == changed.key
    assert Present.objects.get().sent_to == "benjamin@example.org"
    steps.approve(first, NOON)
    service.settle(first.key, NOON)
    assert giving.ordered(dan, token="form1").key == first.key
    assert Present.objects.get().sent_to == "benjamin@example.org"


@pytest.mark.django_db
def test_several_gifts_of_one_product_are_open_beside_an_order_of_ones_own(dan: Reader) -> None:
    own = steps.order(dan, now=NOON)
    gifts = [giving.ordered(dan), giving.ordered(dan)]
    assert {order.state for order in Order.objects.all()} == {"open"}
    assert len({own.key, *(gift.key for gift in gifts)}) == 3


@pytest.mark.django_db
def test_a_code_is_read_as_people_type_it(dan: Reader) -> None:
    present = giving.sent(dan)
    code = code_of(present)
    for typed in (
        code.lower(),
        code.replace("-", " "),
        f" {code} ",
        code.replace("0", "o").replace("1", "l"),
    ):
        found = present_by_code(typed)
        assert found is not None
        assert found.pk == present.pk
    assert present_by_code(code[:-1]) is None
    assert present_by_code("") is None
    assert present.code_digest == digest_of(plain(code))
    assert code not in str(vars(present))


@pytest.mark.django_db
def test_a_card_outlives_a_change_of_the_sites_secret(dan: Reader, ben: Reader, settings) -> None:  # type: ignore[no-untyped-def]
    present = giving.sent(dan)
    code = code_of(present)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 9
    settings.OLD_SECRET_KEYS = [old]
    assert code_of(present) == code
    settings.OLD_SECRET_KEYS = []
    assert code_of(present) == ""
    presenting.send_again(present.key, NOON)
    assert code_of(giving.fresh(present)) in mail.outbox[-1].body
    assert giving.redeemed(present, ben).reader == ben


@pytest.mark.django_db
def test_the_donors_account_is_deleted_and_the_gift_arrives_all_the_same(dan: Reader, ben: Reader) -> None:
    present = giving.paid(dan, said=giving.wording(day=NOON + DAY))
    delete_account(dan)
    presenting.send_due(NOON + DAY)
    assert to("ben@example.org")
    assert giving.redeemed(present, ben, NOON + DAY).reader == ben
    delete_account(ben)
    kept = giving.fresh(present)
    assert (kept.recipient_name, kept.sent_to, kept.message, kept.redeemed_by) == ("", "", "", None)


@pytest.mark.django_db
def test_the_readers_own_data_names_gifts_and_invoices(dan: Reader, ben: Reader) -> None:
    ground()
    giving.redeemed(giving.sent(dan), ben)
    bought, received = everything_about(dan), everything_about(ben)
    assert [one["for"] for one in bought["gifts bought"]] == ["Ben"]
    assert [one["from"] for one in received["gifts redeemed"]] == ["Ada Byron"]
    assert [one["number"] for one in bought["invoices"]] == [Invoice.objects.get().number]
    assert received["invoices"] == [] == received["orders"]


@pytest.mark.django_db
def test_mail_that_a_server_refuses_is_the_mail_the_donor_hears_of(dan: Reader) -> None:
    """The reference under which the outbox keeps it is the one that is looked for."""
    giving.sent(dan)
    gift = next(sent for sent in mail.outbox if sent.to == ["ben@example.org"])
    assert gift.reference == Present.objects.get().mail_reference  # type: ignore[attr-defined]
    assert not gift.keeps_text  # type: ignore[attr-defined]
