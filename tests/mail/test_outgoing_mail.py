"""Mail waits as rows, goes at least once, and staff see whether it went."""

import base64
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, send_mail
from django.db import connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.mail import rules, service
from backnumber.mail.messages import Message
from backnumber.mail.models import Mail
from backnumber.readers.models import Reader
from tests import making
from tests.sink import Sink, free_port, listening
from tests.working import empty_the_queue, jobs, until, worker

NOW = making.NOON
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queues(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "backnumber.mail.backend.QueuedBackend"


def queued(
    to: str = "ann@example.org",
    *,
    kind: str = "receipt",
    keeps_text: bool = True,
    subject: str = "Your receipt",
) -> Mail:
    message = Message(kind, subject, "Paid.", [to], html="<p>Paid.</p>", keeps_text=keeps_text)
    return service.queue(message, NOW)[0]


def arguments() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(args::text, ' '), '') FROM procrastinate_jobs")
        return str(cursor.fetchone()[0])


def test_a_mail_waits_as_a_row_and_its_job_knows_nothing_but_its_number() -> None:
    send_mail("Your code: AB12", "AB12", None, ["ann@example.org"])
    row = Mail.objects.get()
    assert (row.state, row.recipient, row.text) == ("waiting", "ann@example.org", "AB12")
    assert f'"mail": {row.pk}' in arguments()
    assert "ann" not in arguments()


def test_a_mail_whose_cause_is_rolled_back_was_never_written() -> None:
    with transaction.atomic():
        send_mail("Subject", "text", None, ["ann@example.org"])
        transaction.set_rollback(True)
    assert not Mail.objects.exists()


def test_each_recipient_has_a_row_and_a_blind_copy_does_not_show(sink: Sink) -> None:
    EmailMessage("S", "t", None, ["ann@example.org"], bcc=["boss@example.org"]).send()
    service.deliver_due(Mail.objects.all()[0].due_at)
    assert sorted(sink.envelopes) == [["ann@example.org"], ["boss@example.org"]]
    assert all("boss" not in raw.decode() for raw in sink.raw)
    assert {m["To"] for m in sink.mails} == {"ann@example.org"}


def test_what_is_sent_is_kept_and_shown_and_what_opens_an_account_is_forgotten(sink: Sink) -> None:
    receipt, code = queued(), queued("bob@example.org", kind="sign-in", keeps_text=False)
    assert service.deliver_due(NOW) == 2
    receipt.refresh_from_db()
    code.refresh_from_db()
    assert (receipt.state, receipt.text, receipt.settled_at) == ("sent", "Paid.", NOW)
    assert (code.state, code.subject, code.text, code.html) == ("sent", "", "", "")


@pytest.mark.parametrize("answer", ["450 Busy", "452 Full"])
def test_a_server_that_asks_for_patience_is_asked_again_after_growing_pauses(sink: Sink, answer: str) -> None:
    sink.answers["ann@example.org"] = answer
    row, now, pauses = queued(), NOW, []
    for _ in range(4):
        service.deliver_due(now)
        row.refresh_from_db()
        pauses.append(row.due_at - now)
        now = row.due_at
    assert pauses == [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE]
    assert (row.state, row.last_error, row.attempts) == ("waiting", answer, 4)
    sink.answers.clear()
    service.deliver_due(now)
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("sent", "")


def test_it_is_given_up_after_two_days_with_the_reason(sink: Sink) -> None:
    sink.answers["ann@example.org"] = "450 Busy"
    row = queued()
    service.deliver_due(NOW + rules.GIVES_UP_AFTER + MINUTE)
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("refused", "450 Busy")


def test_a_refused_address_ends_its_own_mail_only_and_the_log_names_nobody(
    sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.answers["gone@example.org"] = "550 <gone@example.org> is unknown"
    rows = [
        queued("gone@example.org"),
        queued("nobody"),
        queued("ünal@example.org"),
        queued("bob@example.org"),
    ]
    with caplog.at_level(logging.DEBUG):
        service.deliver_due(NOW)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["refused", "refused", "refused", "sent"]
    assert rows[0].last_error == "550 <gone@example.org> is unknown"
    ours = " ".join(r.getMessage() for r in caplog.records if r.name.startswith("backnumber"))
    assert "refused" in ours
    assert "@" not in ours


def test_while_the_server_is_away_nothing_is_refused_and_few_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    rows = [queued(f"r{n}@example.org") for n in range(6)]
    service.deliver_due(NOW)
    service.deliver(rows[5].pk, NOW)
    for row in rows:
        row.refresh_from_db()
    assert {row.state for row in rows} == {"waiting"}
    assert sorted(row.attempts for row in rows) == [0, 0, 0, 0, 1, 1]


def test_a_mail_sent_twice_bears_one_message_id(sink: Sink) -> None:
    row = queued()
    service.deliver_due(NOW)
    Mail.objects.filter(pk=row.pk).update(
        state="waiting"
    )  # as if the worker had been killed before its commit
    service.deliver_due(NOW)
    assert len(sink.mails) == 2
    assert len({m["Message-ID"] for m in sink.mails}) == 1
    assert len({m["Date"] for m in sink.mails}) == 1


def test_a_job_of_an_earlier_version_becomes_rows_once(sink: Sink) -> None:
    whole = (
        EmailMessage("Your code: ÄB12", "ÄB12", "post@example.com", ["ann@example.org"]).message().as_bytes()
    )
    for _ in range(2):
        service.carry_over(
            "post@example.com", ["ann@example.org"], base64.b64decode(base64.b64encode(whole)), "job 7"
        )
    row = Mail.objects.get()
    assert (row.recipient, row.subject, row.text.strip()) == ("ann@example.org", "Your code: ÄB12", "ÄB12")
    assert not row.keeps_text
    service.deliver_due(row.due_at)
    assert "ÄB12" in sink.last_to("ann@example.org").get_content()


def test_a_mail_with_an_attachment_is_refused_where_it_is_written() -> None:
    message = EmailMessage("S", "t", None, ["ann@example.org"])
    message.attach("a.txt", "text", "text/plain")
    with pytest.raises(ValueError, match="carries nothing else"):
        message.send()


def test_what_was_settled_long_ago_is_forgotten_and_what_waits_is_not() -> None:
    queued()
    Mail.objects.create(
        kind="receipt", recipient="a@example.org", created_at=NOW, due_at=NOW, state="sent", settled_at=NOW
    )
    assert service.sweep(NOW + service.KEPT + MINUTE) == 1
    assert Mail.objects.get().state == "waiting"


def test_a_style_sheet_elsewhere_is_never_fetched() -> None:
    from_elsewhere = '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/a.css"><style>p{color:red}</style></head><body><p>A</p></body></html>'
    message = Message("k", "S", "t", ["ann@example.org"], html=from_elsewhere)
    assert '<p style="color: red;' in str(message.alternatives[0][0])


class TestTheDesk:
    """Staff see whether it went, and why not."""

    def test_staff_see_state_and_reason_and_no_code(self, client: Client, staff: Reader, sink: Sink) -> None:
        sink.answers["gone@example.org"] = "550 Unknown"
        refused = queued("gone@example.org")
        service.deliver_due(NOW)
        code = queued("bob@example.org", kind="sign-in", keeps_text=False, subject="Your code: AB12")
        client.force_login(staff)
        page = client.get("/admin/outgoing-mail/").content.decode()
        assert "550 Unknown" in page
        assert "gone@example.org" in page
        assert "Your receipt" in page
        assert "AB12" not in page, "what opens an account is called by its kind"
        only = client.get("/admin/outgoing-mail/", {"state": "refused"}).content.decode()
        assert "bob@example.org" not in only
        shown = client.get(f"/admin/outgoing-mail/inspect/{code.pk}/").content.decode()
        assert "Paid." not in shown
        assert "AB12" not in shown
        assert "Send it again" not in shown
        assert "Send it again" in client.get(f"/admin/outgoing-mail/inspect/{refused.pk}/").content.decode()

    def test_a_refused_mail_is_sent_again(self, client: Client, staff: Reader, sink: Sink) -> None:
        sink.answers["gone@example.org"] = "550 Unknown"
        row = queued("gone@example.org")
        service.deliver_due(NOW)
        sink.answers.clear()
        client.force_login(staff)
        assert client.get(f"/admin/outgoing-mail/{row.pk}/again/").status_code == 405
        client.post(f"/admin/outgoing-mail/{row.pk}/again/")
        row.refresh_from_db()
        assert row.state == "waiting"
        service.deliver_due(row.due_at)
        assert sink.last_to("gone@example.org")

    def test_nobody_adds_changes_or_deletes_a_mail(self, client: Client, staff: Reader) -> None:
        row = queued()
        client.force_login(staff)
        for path in ("new/", f"edit/{row.pk}/", f"delete/{row.pk}/"):
            assert client.post(f"/admin/outgoing-mail/{path}").status_code in {302, 403, 404}
        assert Mail.objects.filter(pk=row.pk, state="waiting").exists()

    def test_the_role_that_edits_sees_no_mail(self, client: Client) -> None:
        editor = making.reader("edith", is_staff=True)
        client.force_login(editor)
        row = queued()
        for path in ("", f"inspect/{row.pk}/"):
            assert client.get(f"/admin/outgoing-mail/{path}").status_code in {302, 403}
        assert client.post(f"/admin/outgoing-mail/{row.pk}/again/").status_code in {302, 403}


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_mail_leaves_it_to_the_next(tmp_path: Path) -> None:
    empty_the_queue()
    with listening() as (sink, address):
        sink.hangs = True
        send_mail("Your receipt", "Paid.", None, ["ann@example.org"])
        with worker(tmp_path, mail_server=address) as first:
            until(lambda: sink.asked == ["ann@example.org"])
            first.kill()
        assert Mail.objects.get().state == "waiting"
        assert [status for task, status, _ in jobs() if task.endswith("deliver_mail")] == ["doing"]
        sink.hangs = False
        with worker(tmp_path, mail_server=address) as second:
            until(lambda: Mail.objects.get().state == "sent")
            until(lambda: not [task for task, _, _ in jobs() if task.endswith("deliver_mail")])
            assert second.stop() == 0
        assert 1 <= len(sink.mails) <= 2, "the one in flight may come twice, no other"
        assert sink.envelopes[0] == ["ann@example.org"]
