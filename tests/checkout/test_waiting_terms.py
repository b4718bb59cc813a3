"""Paid means access, whatever becomes of the terms before: held against a queue that a child could run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.checkout import service
from backnumber.checkout.models import Order
from backnumber.checkout.rules import first_term, last_of_cover, term
from backnumber.circulation.models import PrintSubscription
from backnumber.gate.facts import asker, decision_for
from backnumber.grants.models import Grant
from backnumber.helpdesk import service as helpdesk
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.checkout.outcomes import mails
from tests.making import NOON

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
_readers = count(1)


def refunded(placed: Order, at: datetime) -> None:
    steps.refund(placed, at)
    service.settle(placed.key, at)


def may_read(reader: Reader, article: Article, at: datetime) -> bool:
    return decision_for(article, asker(reader), at).allowed


def test_what_was_paid_next_opens_at_once_when_the_first_is_refunded(dan: Reader, gated: Article) -> None:
    first = steps.paid_order(dan, "online-monthly", now=NOON)
    second = steps.paid_order(dan, "online-monthly", now=NOON + DAY)
    assert second.begins == first.until
    refunded(first, NOON + 3 * DAY)
    second.refresh_from_db()
    assert second.begins == NOON + 3 * DAY
    assert may_read(dan, gated, NOON + 3 * DAY)
    assert "It begins earlier" in mails(second)
    third = steps.paid_order(dan, "online-monthly", now=NOON + 4 * DAY)
    assert third.begins == second.until


def test_what_follows_the_middle_term_moves_up_to_the_first(dan: Reader) -> None:
    first, middle, last = (steps.paid_order(dan, "online-monthly", now=NOON + n * DAY) for n in range(3))
    refunded(middle, NOON + 5 * DAY)
    last.refresh_from_db()
    assert last.begins == first.until
    assert Grant.objects.get(evidence_key=last.key).starts == first.until
    assert (last.months_before, last.anchor) == (1, first.begins)


def test_a_refund_of_what_waits_moves_nothing_before_it(dan: Reader) -> None:
    first, second = (steps.paid_order(dan, "online-monthly", now=NOON + n * DAY) for n in range(2))
    mail.outbox.clear()
    refunded(second, NOON + 5 * DAY)
    first.refresh_from_db()
    assert (first.begins, first.state) == (NOON, "paid")
    assert [m.subject.partition(":")[0] for m in mail.outbox] == ["Refunded"]


def test_printed_copies_move_with_their_term_and_what_stays_open_after_it_too(dan: Reader) -> None:
    first, second = (steps.paid_order(dan, "print-and-archive", now=NOON + n * DAY) for n in range(2))
    refunded(first, NOON + 5 * DAY)
    copies = PrintSubscription.objects.get(order_key=second.key)
    assert (copies.starts_on.isoformat(), copies.ends_on.isoformat()) == ("2026-11-23", "2027-11-22")
    assert PrintSubscription.objects.get(order_key=first.key).status == "cancelled"


def test_online_access_that_followed_printed_copies_begins_when_these_are_refunded(dan: Reader) -> None:
    printed = steps.paid_order(dan, "print-and-archive", now=NOON)
    online = steps.paid_order(dan, "online-monthly", now=NOON + DAY)
    assert online.begins == printed.until
    refunded(printed, NOON + 2 * DAY)
    online.refresh_from_db()
    assert online.begins == NOON + 2 * DAY


def test_a_term_that_staff_withdraw_lets_the_next_one_begin(
    dan: Reader, staff: Reader, gated: Article
) -> None:
    first, second = (steps.paid_order(dan, "online-monthly", now=NOON + n * DAY) for n in range(2))
    helpdesk.withdraw(
        Grant.objects.get(evidence_key=first.key), because="Paid by mistake", by=staff, now=NOON + 2 * DAY
    )
    second.refresh_from_db()
    assert second.begins == NOON + 2 * DAY
    assert may_read(dan, gated, NOON + 2 * DAY)


def test_a_gap_left_from_before_is_closed_by_the_next_payment(dan: Reader, gated: Article) -> None:
    first, second = (steps.paid_order(dan, "online-monthly", now=NOON + n * DAY) for n in range(2))
    Grant.objects.filter(evidence_key=first.key).update(revoked_at=NOON + DAY)  # as an older version left it
    assert not may_read(dan, gated, NOON + 2 * DAY)
    third = steps.paid_order(dan, "online-monthly", now=NOON + 2 * DAY)
    second.refresh_from_db()
    assert (second.begins, third.begins) == (NOON + 2 * DAY, second.until)


def test_day_passes_move_up_too(dan: Reader) -> None:
    making.product("day", term_days=1)
    first, second = (steps.paid_order(dan, "day", now=NOON + timedelta(hours=n)) for n in range(2))
    assert second.begins == first.until
    refunded(first, NOON + timedelta(hours=2))
    second.refresh_from_db()
    assert (second.begins, second.until) == (NOON + timedelta(hours=2), NOON + timedelta(hours=26))


def test_a_term_beyond_a_gap_is_not_followed() -> None:
    """As the rule sees it, whatever the records say."""
    ahead = first_term(NOON + 40 * DAY, 1, LONDON)
    assert last_of_cover([ahead], NOON) is None
    assert term([ahead], 1, NOON, LONDON).begins == NOON
    running = first_term(NOON - DAY, 1, LONDON)
    assert last_of_cover([ahead, running], NOON) == running


@dataclass
class Slot:
    """A paid term as the naive queue keeps it: how much of it is left."""

    order: Order
    left: timedelta


def drained(queue: list[Slot], hours: timedelta) -> list[Slot]:
    """The head of the queue runs; the next begins when it is used up."""
    rest = []
    for slot in queue:
        used = min(slot.left, hours)
        hours -= used
        if slot.left > used:
            rest.append(Slot(slot.order, slot.left - used))
    return rest


HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay", "pay", "refund", "withdraw", "gift"]),
        st.integers(0, 2),
        st.integers(1, 30),
    ),
    min_size=3,
    max_size=9,
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([("pay", 0, 1), ("pay", 0, 1), ("pay", 0, 1), ("refund", 1, 1), ("refund", 0, 1), ("pay", 0, 1)])
@given(happened=HAPPENINGS)
def test_at_every_instant_a_reader_with_paid_time_left_may_read_and_no_time_is_lost_or_doubled(
    happened: list[tuple[str, int, int]],
) -> None:
    """Passes of two days, so that time can be counted exactly; gifts run beside and are of another scope."""
    reader, gated = (
        making.reader(f"queue{next(_readers)}"),
        Article.objects.first() or making.article("Gated"),
    )
    if not Product.objects.filter(code="passes").exists():
        making.product("passes", term_days=2)
    now, queue = NOON, list[Slot]()
    for what, which, hours in happened:
        now += timedelta(hours=hours)
        queue = drained(queue, timedelta(hours=hours))
        if what == "pay":
            queue.append(Slot(steps.paid_order(reader, "passes", now=now), timedelta(days=2)))
        elif what == "refund" and queue:
            refunded(queue.pop(which % len(queue)).order, now)
        elif what == "withdraw" and queue:
            withdraw(queue.pop(which % len(queue)).order, now)
        elif what == "gift":
            beside = Scope(ScopeKind.SPAN, last_date=date(1901, 1, 1))
            making.grant(reader, starts=now, until=now + DAY, evidence=Evidence.GIFT, scope=beside)
        ends = now + sum((slot.left for slot in queue), timedelta(0))
        moments = [now, now + timedelta(minutes=1), ends - timedelta(minutes=1), *edges(queue)]
        for moment in [m for m in moments if now <= m < ends]:
            assert may_read(reader, gated, moment), f"{what}: paid, and shut at {moment}"
        assert not may_read(reader, gated, max(ends, now)), "paid for once, open twice as long"


def edges(queue: Iterable[Slot]) -> list[datetime]:
    """Where one term ends and the next begins, and just before."""
    found = []
    for slot in queue:
        slot.order.refresh_from_db()
        assert slot.order.begins
        found += [slot.order.begins, slot.order.begins - timedelta(microseconds=1)]
    return found


def withdraw(placed: Order, now: datetime) -> None:
    by = Reader.objects.filter(is_superuser=True).first() or making.reader(
        "sue", is_staff=True, is_superuser=True
    )
    helpdesk.withdraw(Grant.objects.get(evidence_key=placed.key), because="a test", by=by, now=now)
