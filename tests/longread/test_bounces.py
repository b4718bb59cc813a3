"""Mails that came back, and complaints: told by a provider or found in a mailbox, believed only of mails of ours, counted once."""

import json
import time
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber.archive.models import Article
from backnumber.cli.commands import app
from backnumber.longread import bounces, editions, service
from backnumber.longread.events import signature
from backnumber.longread.models import Recipient, Send, Suppression
from tests import making
from tests.sink import Sink

NOW = making.NOON
SECRET = "s" * 32
pytestmark = pytest.mark.django_db


@pytest.fixture
def number(gated: Article, sink: Sink) -> str:
    """The Message-ID of a mail that was handed over to Ann."""
    Recipient.objects.create(email="ann@example.org", asked_at=NOW, confirmed_at=NOW)
    service.pick(gated, NOW.date().replace(day=16))
    editions.send_this_week(lambda: NOW)
    return str(sink.mails[0]["Message-ID"])


def returned(number: str, status: str = "5.1.1") -> bytes:
    return f"""From: MAILER-DAEMON@example.org
To: post@example.com
Subject: Undelivered
Message-ID: <dsn1@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; ann@example.org
Action: failed
Status: {status}
--b
Content-Type: text/rfc822-headers

Subject: The Fortress
Message-ID: {number}
--b--
""".encode()


def complaint(number: str) -> bytes:
    return f"""From: fbl@example.net
To: post@example.com
Message-ID: <arf1@example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x/1
Version: 1
--b
Content-Type: message/rfc822

Message-ID: {number}
Subject: The Fortress

text
--b--
""".encode()


def note(raw: bytes) -> bool:
    told = bounces.told_by(raw)
    return told is not None and bounces.note(told, NOW)


def test_a_mailbox_that_is_not_there_is_suppressed_and_gets_the_next_edition_no_more(
    number: str, sink: Sink
) -> None:
    assert note(returned(number))
    assert Send.objects.get().state == "bounced"
    service.pick(making.article("Next"), NOW.date().replace(day=23))
    report = editions.send_this_week(lambda: NOW.replace(day=25))
    assert (report.handed_over, report.excluded) == (0, 1)
    assert len(sink.mails) == 1


def test_a_mailbox_that_takes_nothing_for_now_is_counted_once_for_each_return(number: str) -> None:
    for _ in range(2):
        assert note(returned(number, "4.2.2"))
    assert Recipient.objects.get().soft_bounces == 1
    assert not Suppression.objects.exists()
    assert Send.objects.get().state == "handed over"


def test_a_complaint_suppresses(number: str) -> None:
    assert note(complaint(number))
    assert Send.objects.get().state == "complained"
    assert Suppression.objects.get().reason == "complaint"


def test_a_number_that_we_did_not_write_is_not_believed(number: str) -> None:
    edition, recipient, mark = number.strip("<").split("@")[0].split(".")[1:]
    other = "0" if mark[0] != "0" else "1"
    for forged in (
        f"<weekly.{edition}.{recipient}.{other}{mark[1:]}@x>",
        f"<weekly.{edition}.{int(recipient) + 1}.{mark}@x>",
        "<x@y>",
    ):
        assert not note(returned(forged))
    assert not note(b"not a mail at all")
    assert Send.objects.get().state == "handed over"
    assert note(returned(number)), "the control"


def test_with_a_mailbox_for_returns_each_mail_has_a_sender_of_its_own(
    gated: Article, sink: Sink, settings: Settings
) -> None:
    settings.WEEKLY_BOUNCES_TO = "bounces@example.com"
    Recipient.objects.create(email="ann@example.org", asked_at=NOW, confirmed_at=NOW)
    service.pick(gated, NOW.date().replace(day=16))
    editions.send_this_week(lambda: NOW)
    to = sink.senders[0]
    assert to.startswith("bounces+")
    raw = returned("<lost@example.org>").replace(b"To: post@example.com", f"To: {to}".encode())
    assert note(raw)


def test_a_command_reads_a_mailbox_file_and_what_is_piped_in(number: str, tmp_path: Path) -> None:
    file = tmp_path / "mbox"
    file.write_bytes(b"From x Mon\n" + returned(number, "4.2.2") + b"\nFrom y Mon\nSubject: spam\n\nhello\n")
    ran = CliRunner().invoke(app, ["weekly-bounces", str(file)])
    assert "1 of 2 mails" in ran.output
    ran = CliRunner().invoke(app, ["weekly-bounces", "-"], input=returned(number).replace(b"dsn1", b"dsn2"))
    assert "1 of 1 mails" in ran.output
    assert Send.objects.get().state == "bounced"


def told(
    client: Client, number: str, *, secret: str = SECRET, at: int | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    body = body or json.dumps({"events": [{"id": "1", "kind": "bounce", "message_id": number}]}).encode()
    head = {"HTTP_BACKNUMBER_SIGNATURE": signature(body, at or int(time.time()), secret)}
    answer = client.post("/weekly/events/", body, content_type="application/json", **head)  # type: ignore[arg-type]
    return answer.status_code, answer.content


def test_what_a_provider_tells_is_heard_only_signed_and_counts_once(
    client: Client, number: str, settings: Settings
) -> None:
    assert told(client, number)[0] == 404, "without a secret nothing is listened to"
    settings.MAIL_EVENTS_SECRET = SECRET
    assert told(client, number, secret="x" * 32)[0] == 400
    assert told(client, number, at=int(time.time()) - 600)[0] == 400
    assert told(client, number, body=b"[]")[0] == 400
    assert (
        told(client, number, body=b'{"events": [{"id": "1", "kind": "other", "message_id": ""}]}')[0] == 400
    )
    assert client.post("/weekly/events/", b"{}", content_type="application/json").status_code == 400
    assert Send.objects.get().state == "handed over"
    for _ in range(2):
        assert told(client, number) == (200, b'{"noted": 1, "unknown": 0}')
    assert Send.objects.get().state == "bounced"
    assert told(client, "<someone@else>")[1] == b'{"noted": 0, "unknown": 1}'
