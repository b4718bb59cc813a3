"""What is wrong with one recipient is that one's affair: everybody after it is mailed, and a rehearsal finds it before."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection
from typer.testing import CliRunner

from backnumber.archive.models import Article
from backnumber.cli.commands import app
from backnumber.longread import editions, letters, sending, service
from backnumber.longread.models import LongRead, Recipient, Send
from tests import making
from tests.sink import Sink, free_port

MONDAY = date(2026, 11, 16)
NOW = making.NOON
LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def long_read(gated: Article) -> LongRead:
    return service.pick(gated, MONDAY)


def recipient(address: str) -> Recipient:
    """As an earlier version, or somebody by SQL, may have written it: in no spelling of ours."""
    made = Recipient.objects.create(
        email=f"r{Recipient.objects.count()}@example.org", asked_at=NOW, confirmed_at=NOW
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE longread_recipient SET email = %s WHERE id = %s", [address, made.pk])
    made.refresh_from_db()
    return made


BAD = {
    "no address at all": "nobody",
    "two signs": "ann@@example.org",
    "a space": "ann marsh@example.org",
    "letters before the sign": "ünal@example.org",
    "a name that cannot be": "ann@xn--a.example",
    "a line break": "ann@example.org\nBcc: all@example.org",
}


@pytest.mark.parametrize("address", BAD.values(), ids=list(BAD))
def test_an_address_no_server_takes_is_refused_with_the_reason_and_the_next_is_mailed(
    long_read: LongRead, sink: Sink, address: str
) -> None:
    bad, good = recipient(address), recipient("bob@example.org")
    rehearsed = editions.send_this_week(lambda: NOW, dry_run=True)
    assert (rehearsed.owed, rehearsed.refused, rehearsed.reached_everybody) == (2, 1, False)
    assert sink.mails == []
    report = editions.send_this_week(lambda: NOW)
    assert (report.handed_over, report.refused, report.waiting) == (1, 1, 0)
    assert sink.envelopes == [[good.email]]
    assert Send.objects.get(recipient=bad).reason


@pytest.mark.parametrize(("answer", "kept"), [("550 No such user", False), ("450 Mailbox busy", True)])
def test_an_address_the_server_refuses_does_not_end_the_rest(
    long_read: LongRead, sink: Sink, answer: str, kept: bool
) -> None:
    bad = recipient("gone@example.org")
    recipient("bob@example.org")
    sink.answers["gone@example.org"] = answer
    assert editions.send_this_week(lambda: NOW, dry_run=True).refused == 1
    report = editions.send_this_week(lambda: NOW)
    assert (report.handed_over, report.refused, report.waiting) == (1, int(not kept), int(kept))
    assert Send.objects.get(recipient=bad).reason == answer
    sink.answers.clear()
    assert editions.send_this_week(lambda: LATER).handed_over == 1 + int(kept)


def test_an_internationalised_domain_goes_out_as_ascii(long_read: LongRead, sink: Sink) -> None:
    recipient("Ada@BÜCHER.example")
    assert editions.send_this_week(lambda: NOW, dry_run=True).refused == 0
    assert editions.send_this_week(lambda: NOW).handed_over == 1
    assert sink.envelopes == [["ada@xn--bcher-kva.example"]]
    assert sink.mails[0]["To"] == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize("word", ["walls ", "Ünïted ", "x" * 490], ids=["ascii", "accents", "one word"])
def test_a_headline_as_long_as_the_archive_takes_goes_out_folded(
    long_read: LongRead, sink: Sink, word: str
) -> None:
    headline = (word * 90)[:490].strip()
    Article.objects.filter(pk=long_read.article_id).update(headline=headline)
    recipient("ann@example.org")
    assert editions.send_this_week(lambda: NOW, dry_run=True).reached_everybody
    assert editions.send_this_week(lambda: NOW).handed_over == 1
    assert headline in str(sink.mails[0]["Subject"])
    assert max(map(len, sink.raw[0].split(b"\r\n"))) < 998, "RFC 5322, 2.1.1"


def test_a_mail_that_cannot_be_written_for_one_is_refused_for_that_one(
    long_read: LongRead, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = recipient("ann@example.org")
    recipient("bob@example.org")
    write = letters.Written.for_recipient

    def breaks(written: letters.Written, who: Recipient) -> object:
        if who.pk == bad.pk:
            raise KeyError("picture")
        return write(written, who)

    monkeypatch.setattr(letters.Written, "for_recipient", breaks)
    assert editions.send_this_week(lambda: NOW, dry_run=True).refused == 1
    assert editions.send_this_week(lambda: NOW).handed_over == 1
    assert "KeyError" in Send.objects.get(recipient=bad).reason


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_server_that_is_not_there_ends_the_command_and_the_rehearsal_alike(
    long_read: LongRead, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    monkeypatch.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    for n in range(3):
        recipient(f"r{n}@example.org")
    with pytest.raises(sending.MailServerAway):
        editions.send_this_week(lambda: NOW, dry_run=dry_run)
    assert not Send.objects.filter(state="refused").exists(), "the server's fault is nobody's"


def test_a_rehearsal_of_what_has_begun_is_of_what_is_still_owed(long_read: LongRead, sink: Sink) -> None:
    recipient("ann@example.org")
    recipient("bob@example.org")
    sink.answers["bob@example.org"] = "450 Busy"
    editions.send_this_week(lambda: NOW)
    sink.answers.clear()
    assert editions.send_this_week(lambda: NOW, dry_run=True).owed == 1


def test_the_command_ends_with_an_error_where_somebody_was_not_reached_and_names_no_address(
    long_read: LongRead, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backnumber.cli.commands.timezone.now", lambda: NOW)
    recipient("ann@example.org")
    assert CliRunner().invoke(app, ["weekly", "--dry-run"]).exit_code == 0
    recipient("gone@@example.org")
    for words in (["weekly", "--dry-run"], ["weekly"]):
        ran = CliRunner().invoke(app, words)
        assert ran.exit_code == 1, ran.output
        assert "1 w" in ran.output
        assert "gone" not in ran.output


def test_a_link_to_leave_works_from_any_mail_ever_sent(long_read: LongRead, sink: Sink) -> None:
    ann = recipient("ann@example.org")
    first = ann.token
    service.leave(first, NOW)
    service.ask("Ann@Example.org", NOW)
    ann.refresh_from_db()
    assert service.confirm(ann.confirm_token, NOW)
    assert service.leave(first, NOW)
    ann.refresh_from_db()
    assert ann.left_at == NOW
    Recipient.objects.all().delete()  # in bulk, as the admin does
    assert service.leave(first, NOW), "there is nobody to mail: the answer is the same"
    service.ask("ann@example.org", NOW)
    again = Recipient.objects.get()
    assert service.confirm(again.confirm_token, NOW)
    assert service.leave(first, NOW)
    again.refresh_from_db()
    assert again.left_at == NOW
    assert not service.leave("never-sent", NOW)


def test_asking_again_after_leaving_is_answered_at_once_with_a_mail(db: None) -> None:
    service.ask("ann@example.org", NOW)
    ann = Recipient.objects.get()
    service.ask("ann@example.org", NOW)
    assert len(mail.outbox) == 1, "the control: asked twice, mailed once"
    service.confirm(ann.confirm_token, NOW)
    service.leave(ann.token, NOW)
    service.ask("ann@example.org", NOW)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "other",
    ["ANN@xn--bcher-kva.example", " ann@bücher.example", "ann@Bücher.EXAMPLE", "ann@bu\u0308cher.example"],
)
def test_one_mailbox_is_on_the_list_once_however_it_is_spelled(db: None, other: str) -> None:
    service.ask("ann@bücher.example", NOW)
    service.ask(other, NOW)
    assert [r.email for r in Recipient.objects.all()] == ["ann@xn--bcher-kva.example"]
    assert len(mail.outbox) == 1


def test_the_styles_of_the_mail_stand_on_its_elements(long_read: LongRead, sink: Sink) -> None:
    recipient("ann@example.org")
    editions.send_this_week(lambda: NOW)
    html = sink.mails[0].get_body(("html",))
    assert html is not None
    assert 'class="standfirst" style="' in html.get_content()
