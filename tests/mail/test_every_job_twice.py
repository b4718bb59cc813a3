"""A job whose worker was killed is run again: done twice, each has the effect of once. The table names every task there is."""

import base64
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.editorial import bulk
from backnumber.gifts.models import GiftLink
from backnumber.longread import editions
from backnumber.longread import service as longread
from backnumber.longread.models import Recipient
from backnumber.longread.rules import monday_of
from backnumber.mail import service
from backnumber.mail.messages import Message
from backnumber.meter.models import MeteredRead
from backnumber.passes.models import EndedSession
from backnumber.readers.models import Reader
from tests import making
from tests.presents import giving
from tests.sink import Sink

pytestmark = pytest.mark.django_db
NIGHT = {"timestamp": int(timezone.now().timestamp())}
Arguments = dict[str, Any]


def nightly() -> Arguments:
    return NIGHT


def a_mail() -> Arguments:
    row = service.queue(Message("receipt", "S", "t", ["ann@example.org"]), timezone.now())[0]
    return {"mail": row.pk}


def a_due_mail() -> Arguments:
    a_mail()
    return NIGHT


def an_old_mail() -> Arguments:
    raw = EmailMessage("S", "t", "post@example.com", ["ann@example.org"]).message().as_bytes()
    return {
        "context": SimpleNamespace(job=SimpleNamespace(id=7)),
        "sender": "post@example.com",
        "recipients": ["ann@example.org"],
        "message": base64.b64encode(raw).decode(),
    }


def old_marks() -> Arguments:
    EndedSession.objects.create(mark=b"oldoldol", ended_at=timezone.now() - timedelta(days=9))
    return NIGHT


def an_old_read() -> Arguments:
    MeteredRead.objects.create(
        reader=making.reader("dan"), article=making.article("A"), at=timezone.now() - timedelta(days=400)
    )
    return NIGHT


def an_old_link() -> Arguments:
    made = timezone.now() - timedelta(days=400)
    GiftLink.objects.create(
        reader=making.reader("dan"),
        article=making.article("A"),
        token_digest="0" * 64,
        made_at=made,
        until=made + timedelta(days=1),
    )
    return NIGHT


def a_gift_of_today() -> Arguments:
    giving.paid(making.reader("dan"), now=timezone.now())
    return NIGHT


def a_scheduled_article() -> Arguments:
    article = making.article("Tomorrow’s", live=False)
    article.go_live_at = timezone.now() - timedelta(minutes=1)
    article.save_revision(approved_go_live_at=article.go_live_at)
    return NIGHT


def a_change_of_many() -> Arguments:
    making.article("A", policy="")
    act = bulk.Act(bulk.POLICY, "open", "Policy: open")
    staff = making.reader("edith")
    bulk.start(bulk.plan(Article.objects.all(), act, staff), act, "all", by=staff, now=timezone.now())
    return NIGHT


def an_article_not_indexed() -> Arguments:
    making.article("Ravenna")
    return NIGHT


def an_edition_under_way() -> Arguments:
    now = timezone.now()
    week = longread.pick(making.article("A"), monday_of(timezone.localdate(now)))
    Recipient.objects.create(email="ann@example.org", asked_at=now, confirmed_at=now)
    edition = editions.freeze(week, now)
    editions.move(edition.pk, "start", now)
    return {"edition": edition.pk, "sender": 0}


def an_edition_to_go_on_with() -> Arguments:
    an_edition_under_way()
    return NIGHT


SCENES: dict[str, Callable[[], Arguments]] = {
    "meter.tasks.sweep": an_old_read,
    "gifts.tasks.sweep": an_old_link,
    "checkout.tasks.reconcile": nightly,  # an order settled again: tests/checkout/test_settling.py
    "checkout.tasks.review": nightly,
    "checkout.tasks.compare": nightly,  # done twice: tests/payments/test_comparing.py
    "checkout.tasks.act_on_subscriptions": nightly,  # a charge once: tests/renewals/test_renewing.py
    "checkout.tasks.tell_of_renewals": nightly,
    "checkout.tasks.send_refunds": nightly,  # once for its key: tests/payments/test_every_provider.py
    "checkout.tasks.send_gifts": a_gift_of_today,
    "editorial.tasks.go_on_with_bulk_changes": a_change_of_many,
    "editorial.tasks.publish_scheduled": a_scheduled_article,
    "passes.tasks.sweep": old_marks,
    "payments.till.tasks.send_webhook": nightly,  # an event heard twice: tests/checkout/test_settling.py
    "payments.invoice.tasks.tell_of_invoice": nightly,  # the same: tests/payments/test_invoice.py
    "longread.tasks.go_on": an_edition_to_go_on_with,
    "longread.tasks.hand_over": an_edition_under_way,
    "mail.tasks.deliver": an_old_mail,
    "mail.tasks.deliver_due": a_due_mail,
    "mail.tasks.deliver_mail": a_mail,
    "mail.tasks.sweep": nightly,
    "edge.render.tasks.sweep": nightly,
    "readers.tasks.forget_sessions": nightly,
    "readers.tasks.forget_unconfirmed": nightly,
    "past.tasks.follow": an_article_not_indexed,
    "search.tasks.check": an_article_not_indexed,
    "search.tasks.follow": an_article_not_indexed,
}
TESTED_ELSEWHERE = {"payments.till.tasks.send_webhook", "payments.invoice.tasks.tell_of_invoice"}


def ours() -> set[str]:
    named: Any = app.tasks  # type: ignore[attr-defined]
    return {name.removeprefix("backnumber.") for name in named if name.startswith("backnumber.")}


def test_every_task_is_in_the_table() -> None:
    assert ours() == set(SCENES), "a new task is safe to run twice, and its scene shows it"


def kept() -> dict[str, int]:
    """How many rows each table of ours has; but for the search's own, which may count what it did."""
    with connection.cursor() as cursor:
        tables = [
            t for t in connection.introspection.table_names(cursor) if not t.startswith("procrastinate")
        ]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.mark.parametrize("task", sorted(set(SCENES) - TESTED_ELSEWHERE))
def test_done_twice_it_has_the_effect_of_once(task: str, settings: Settings, sink: Sink) -> None:
    settings.EMAIL_BACKEND = "backnumber.mail.backend.QueuedBackend"
    do: Any = app.tasks[f"backnumber.{task}"].func  # type: ignore[attr-defined]
    arguments = SCENES[task]()
    do(**arguments)
    once = kept(), len(sink.mails), _live()
    do(**arguments)
    assert (kept(), len(sink.mails), _live()) == once


def _live() -> list[tuple[str, bool, int | None]]:
    return list(Article.objects.order_by("pk").values_list("headline", "live", "latest_revision"))


def test_the_control_sees_what_is_done_twice() -> None:
    before = kept()
    Reader.objects.create_user("one@example.org")
    assert kept() != before
