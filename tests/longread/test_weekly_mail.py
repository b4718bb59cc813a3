"""The weekly mail: asked for, confirmed, sent once to each over real SMTP, and left by one POST."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from backnumber.access import Asker, Reason
from backnumber.archive.models import Article, FreeWindow
from backnumber.gate.facts import decision_for
from backnumber.longread import editions, rules, service
from backnumber.longread.composing import NothingToSend
from backnumber.longread.letters import Letter, compose
from backnumber.longread.models import Edition, LongRead, Recipient, Send
from tests import making
from tests.sink import Sink

MONDAY = date(2026, 11, 16)
NOW = making.NOON
pytestmark = pytest.mark.django_db


@pytest.fixture
def long_read(gated: Article) -> LongRead:
    return service.pick(gated, MONDAY, "The editor says hello.")


def recipient(address: str, *, confirmed: bool = True) -> Recipient:
    return Recipient.objects.create(email=address, asked_at=NOW, confirmed_at=NOW if confirmed else None)


def decision(article: Article, now: datetime) -> Reason:
    return decision_for(article, Asker(), now).reason


def test_this_weeks_long_read_is_open_and_not_an_hour_longer(long_read: LongRead) -> None:
    london = ZoneInfo("Europe/London")
    article = long_read.article
    assert decision(article, datetime(2026, 11, 15, 23, 59, 59, tzinfo=london)) is Reason.NO_ACCOUNT
    assert decision(article, datetime(2026, 11, 16, 0, 0, tzinfo=london)) is Reason.FREE_NOW
    assert decision(article, datetime(2026, 11, 22, 23, 59, 59, tzinfo=london)) is Reason.FREE_NOW
    assert decision(article, datetime(2026, 11, 23, 0, 0, tzinfo=london)) is Reason.NO_ACCOUNT


def test_a_week_with_a_clock_change_is_a_week_of_the_publishers_days() -> None:
    starts, until = rules.window(date(2026, 10, 19), ZoneInfo("Europe/London"))
    assert until - starts == timedelta(days=7, hours=1)
    assert starts == datetime(2026, 10, 18, 23, tzinfo=UTC)


def test_a_week_begins_on_a_monday(gated: Article) -> None:
    with pytest.raises(ValueError, match="Monday"):
        rules.window(date(2026, 11, 17), ZoneInfo("Europe/London"))
    with pytest.raises(ValidationError):
        LongRead(article=gated, week=date(2026, 11, 17)).full_clean(exclude=["window"])


def test_picking_another_article_closes_the_first(long_read: LongRead) -> None:
    first, other = long_read.article, making.article("Another")
    service.pick(other, MONDAY)
    assert (decision(first, NOW), decision(other, NOW)) == (Reason.NO_ACCOUNT, Reason.FREE_NOW)


def test_unpicking_closes_the_window(long_read: LongRead) -> None:
    long_read.delete()
    assert not FreeWindow.objects.exists()


def test_everyone_confirmed_is_sent_one_mail_with_a_way_out(long_read: LongRead, sink: Sink) -> None:
    for name in ("ann", "bob", "cat"):
        recipient(f"{name}@example.org")
    recipient("unconfirmed@example.org", confirmed=False)
    report = editions.send_this_week(lambda: NOW)
    assert (report.owed, report.handed_over) == (3, 3)
    assert sorted(sink.envelopes) == [["ann@example.org"], ["bob@example.org"], ["cat@example.org"]]
    for sent, (address,) in zip(sink.mails, sink.envelopes, strict=True):
        token = Recipient.objects.get(email=address).token
        assert sent["To"] == address
        assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert sent["List-Unsubscribe"].strip() == f"<http://localhost:8000/weekly/leave/{token}/>"
        for kind in ("plain", "html"):
            part = sent.get_body((kind,))
            assert part is not None
            text = part.get_content()
            assert "lastcanary1" in text
            assert f"/weekly/leave/{token}/" in text
            assert "way-out" not in text


def test_running_again_sends_nothing_twice(long_read: LongRead, sink: Sink) -> None:
    recipient("ann@example.org")
    editions.send_this_week(lambda: NOW)
    editions.send_this_week(lambda: NOW)
    assert len(sink.mails) == 1


def test_a_send_that_broke_off_goes_on_where_it_stopped(long_read: LongRead, sink: Sink) -> None:
    for n in range(5):
        recipient(f"r{n}@example.org")
    sink.fail_after = 2
    first = editions.send_this_week(lambda: NOW)
    assert (first.handed_over, first.waiting, first.reached_everybody) == (2, 3, False)
    sink.fail_after = None
    assert editions.send_this_week(lambda: NOW + timedelta(hours=1)).handed_over == 5
    assert sorted(e[0] for e in sink.envelopes) == [f"r{n}@example.org" for n in range(5)]


def test_what_is_edited_after_the_start_does_not_go_out(long_read: LongRead, sink: Sink) -> None:
    recipient("ann@example.org")
    sink.fail_after = 0
    assert editions.send_this_week(lambda: NOW).waiting == 1
    Article.objects.filter(pk=long_read.article_id).update(headline="Edited since")
    sink.fail_after = None
    editions.send_this_week(lambda: NOW + timedelta(hours=1))
    assert "Edited since" not in str(sink.mails[0])
    assert "The Fortress" in str(sink.mails[0]["Subject"])


def test_who_leaves_after_the_freeze_gets_nothing(long_read: LongRead, sink: Sink) -> None:
    gone = recipient("gone@example.org")
    edition = editions.freeze(long_read, NOW)
    service.leave(gone.token, NOW)
    report = editions.send_this_week(lambda: NOW)
    assert (report.excluded, sink.mails, edition.sends.count()) == (1, [], 1)


def test_a_dry_run_sends_and_writes_nothing(long_read: LongRead, sink: Sink) -> None:
    recipient("ann@example.org")
    report = editions.send_this_week(lambda: NOW, dry_run=True)
    assert (report.owed, report.is_dry_run) == (1, True)
    assert not sink.mails
    assert not Edition.objects.exists()
    assert not Send.objects.exists()


def test_without_a_long_read_nothing_goes_out(db: None, sink: Sink) -> None:
    with pytest.raises(NothingToSend, match="no long read"):
        editions.send_this_week(lambda: NOW)


def test_a_withdrawn_article_is_not_sent(long_read: LongRead, sink: Sink) -> None:
    recipient("ann@example.org")
    Article.objects.filter(pk=long_read.article_id).update(live=False)
    with pytest.raises(NothingToSend, match="not published"):
        editions.send_this_week(lambda: NOW)
    assert not sink.mails


def test_the_article_cannot_be_changed_after_the_mail(long_read: LongRead, sink: Sink) -> None:
    editions.send_this_week(lambda: NOW)
    with pytest.raises(ValidationError, match="has gone out"):
        service.pick(making.article("Another"), MONDAY)


def test_a_line_break_in_a_subject_makes_no_other_header(db: None) -> None:
    letter = Letter("This week\r\nBcc: everyone@example.org\x00\u2028", "text", "html")
    written = compose(recipient("ann@example.org"), letter).message()
    assert written["Bcc"] is None
    assert written["Subject"] == "This week Bcc: everyone@example.org"


def invitations() -> int:
    return len(mail.outbox)


def test_asking_sends_one_mail_to_confirm_and_the_answer_is_always_the_same(client: Client) -> None:
    recipient("known@example.org")
    answers = [
        client.post(reverse("weekly_sign_up"), {"email": address})
        for address in ("known@example.org", "new01@example.org")
    ]
    assert answers[0].content.replace(b"known", b"new01") == answers[1].content
    assert invitations() == 1
    client.post(reverse("weekly_sign_up"), {"email": "NEW01@example.org"})
    assert invitations() == 1


def test_the_next_day_it_may_be_asked_again(db: None) -> None:
    service.ask("ann@example.org", NOW)
    service.ask("ann@example.org", NOW + timedelta(hours=25))
    assert invitations() == 2


def test_a_flood_of_sign_ups_makes_no_flood_of_mails(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "INVITATIONS_AN_HOUR", 3)
    for n in range(6):
        service.ask(f"a{n}@example.org", NOW)
    assert invitations() == 3


def test_a_wrong_address_is_told_so_and_kept_in_the_field(client: Client) -> None:
    answer = client.post(reverse("weekly_sign_up"), {"email": "ann@@example"})
    assert answer.status_code == 422
    assert b"ann@@example" in answer.content


def test_looking_at_the_link_confirms_nothing_and_the_button_does(client: Client) -> None:
    ann = recipient("ann@example.org", confirmed=False)
    address = reverse("weekly_confirm", args=[ann.confirm_token])
    client.get(address)
    ann.refresh_from_db()
    assert not ann.is_on_the_list
    client.post(address)
    ann.refresh_from_db()
    assert ann.is_on_the_list


def test_one_post_without_sign_in_or_form_token_leaves_and_a_get_does_not() -> None:
    client = Client(enforce_csrf_checks=True)
    ann = recipient("ann@example.org")
    address = reverse("weekly_leave", args=[ann.token])
    assert client.get(address).status_code == 200
    ann.refresh_from_db()
    assert ann.is_on_the_list
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    ann.refresh_from_db()
    assert not ann.is_on_the_list


def test_who_left_may_come_back_by_a_new_mail_only(db: None) -> None:
    ann = recipient("ann@example.org")
    old = ann.confirm_token
    service.leave(ann.token, NOW)
    service.ask("ann@example.org", NOW + timedelta(days=2))
    assert service.confirm(old, NOW) is False
    ann.refresh_from_db()
    assert service.confirm(ann.confirm_token, NOW) is True


def test_the_page_shows_this_weeks_and_those_before(
    client: Client, long_read: LongRead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backnumber.longread.views.timezone.now", lambda: NOW)
    service.pick(making.article("Last week’s"), MONDAY - timedelta(days=7))
    text = client.get(reverse("weekly")).content.decode()
    assert text.index("The Fortress") < text.index("Last week’s")
    assert "firstcanary1" not in text
