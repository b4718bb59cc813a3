"""Who gets the weekly mail, by what they said: the proof of it, a pause, another address, leaving, coming back, a list taken over."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from backnumber.archive.models import Article
from backnumber.longread import editions, sending, service
from backnumber.longread.importing import UnreadableList, import_list
from backnumber.longread.models import Consent, Recipient, Send, Suppression
from backnumber.longread.rules import digest_of
from backnumber.readers.models import Reader
from tests import making
from tests.sink import Sink

NOW = making.NOON
MONDAY = NOW.date().replace(day=16)
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def on_the_list(email: str = "ann@example.org") -> Recipient:
    return Recipient.objects.create(email=email, asked_at=NOW, confirmed_at=NOW)


def post(client: Client, path: str, what: str, **fields: str) -> int:
    return client.post(path, {"what": what, **fields}, **OURS).status_code  # type: ignore[arg-type]


def test_of_each_consent_is_kept_when_where_and_the_words_shown(client: Client) -> None:
    client.post("/weekly/sign-up/", {"email": "ann@example.org"}, REMOTE_ADDR="192.0.2.77", **OURS)  # type: ignore[arg-type]
    link = re.search(r"/weekly/confirm/\S+", str(mail.outbox[0].body))
    assert link
    page = client.get(link[0]).content.decode()
    assert service.WORDS in page, "the words of the proof are those of the page"
    client.post(link[0], REMOTE_ADDR="192.0.2.77", **OURS)  # type: ignore[arg-type]
    asked, confirmed = Consent.objects.all()
    assert (asked.kind, confirmed.kind) == ("asked", "confirmed")
    assert confirmed.words == service.WORDS
    assert confirmed.where.startswith("/weekly/confirm/ from ")
    assert Recipient.objects.get().confirm_token not in confirmed.where


def test_the_proof_outlives_the_address_as_a_digest(db: None) -> None:
    service.ask("ann@example.org", NOW)
    Recipient.objects.all().delete()
    proof = Consent.objects.get()
    assert (proof.recipient, proof.digest) == (None, digest_of("ann@example.org"))


def test_a_pause_keeps_the_mail_away_until_it_ends(gated: Article, sink: Sink, client: Client) -> None:
    ann, bob = on_the_list(), on_the_list("bob@example.org")
    service.pause(ann, 4, NOW)
    service.pick(gated, MONDAY)
    report = editions.send_this_week(lambda: NOW)
    assert (report.handed_over, report.excluded) == (1, 1)
    assert sink.envelopes == [[bob.email]]
    assert Send.objects.get(recipient=ann).reason == "paused by its reader"
    service.pick(making.article("Later"), MONDAY + timedelta(days=35))
    assert editions.send_this_week(lambda: NOW + timedelta(days=35)).handed_over == 2, (
        "the control: it has ended"
    )


def test_suppressed_or_paused_after_the_freeze_it_is_not_mailed(gated: Article, sink: Sink) -> None:
    ann, bob = on_the_list(), on_the_list("bob@example.org")
    edition = editions.freeze(service.pick(gated, MONDAY), NOW)
    editions.move(edition.pk, "start", NOW)
    service.pause(ann, 4, NOW)
    Suppression.objects.create(digest=digest_of(bob.email), reason="complaint", since=NOW)
    sending.work(edition, lambda: NOW)
    assert sink.mails == []
    assert Send.objects.filter(state="excluded").count() == 2


def test_preferences_by_the_link_in_a_mail_change_nothing_by_a_get(client: Client) -> None:
    ann = on_the_list()
    path = f"/weekly/preferences/{ann.token}/"
    page = client.get(path).content.decode()
    assert "a…@example.org" in page
    assert "ann@example.org" not in page, "mails are forwarded"
    assert post(client, path, "pause-4") == 302
    ann.refresh_from_db()
    assert ann.paused_until
    post(client, path, "resume")
    post(client, path, "leave")
    ann.refresh_from_db()
    assert ann.paused_until is None
    assert ann.left_at
    assert client.get("/weekly/preferences/never-sent/").status_code == 404


def test_mails_move_to_another_address_once_it_is_confirmed_there(client: Client) -> None:
    ann = on_the_list()
    path = f"/weekly/preferences/{ann.token}/"
    assert post(client, path, "move", email="no address") == 422
    assert post(client, path, "move", email="new@example.org") == 302
    assert [m.to for m in mail.outbox] == [["new@example.org"]]
    post(client, path, "move", email="other@example.org")
    assert len(mail.outbox) == 1, "one a day"
    link = re.search(r"/weekly/move/\S+", str(mail.outbox[0].body))
    assert link
    client.get(link[0])
    ann.refresh_from_db()
    assert ann.email == "ann@example.org", "a scanner's GET moves nothing"
    client.post(link[0], **OURS)  # type: ignore[arg-type]
    ann.refresh_from_db()
    assert ann.email == "new@example.org"
    assert client.post(link[0], **OURS).status_code == 404  # type: ignore[arg-type]


def test_moving_to_an_address_that_is_known_leaves_one_row_on_the_list(db: None) -> None:
    ann, other = on_the_list(), on_the_list("new@example.org")
    service.leave(other.token, NOW)
    service.ask_to_move(ann, "new@example.org", NOW)
    ann.refresh_from_db()
    assert service.move(ann.new_email_token, NOW)
    assert [r.email for r in Recipient.objects.filter(left_at=None)] == ["new@example.org"]


def test_whoever_was_suppressed_and_confirms_anew_gets_mail_again(db: None) -> None:
    ann = on_the_list()
    Suppression.objects.create(digest=digest_of(ann.email), reason="bounce", since=NOW)
    service.ask("ann@example.org", NOW)
    assert len(mail.outbox) == 1
    assert Suppression.objects.exists(), "asking alone lifts nothing: anybody can ask"
    service.confirm(ann.confirm_token, NOW)
    assert not Suppression.objects.exists()


def test_a_suppressed_address_that_is_deleted_and_taken_over_again_stays_away(tmp_path: Path) -> None:
    on_the_list()
    Suppression.objects.create(digest=digest_of("ann@example.org"), reason="complaint", since=NOW)
    Recipient.objects.all().delete()
    file = tmp_path / "list.csv"
    file.write_text("email,consented,evidence\nAnn@Example.org,2024-05-31,paper form\n")
    assert import_list(file, NOW).refused == [
        (2, "they left, or mails to them came back: they must ask themselves")
    ]


def test_a_list_is_taken_over_with_its_evidence_and_what_is_refused_is_told_by_line(tmp_path: Path) -> None:
    gone = on_the_list("gone@example.org")
    service.leave(gone.token, NOW)
    on_the_list("known@example.org")
    file = tmp_path / "list.csv"
    file.write_text(
        "email,consented,evidence,name\n"
        "ann@example.org,2024-05-31,the form on our old site,Ann\n"
        "no address,2024-05-31,form,\n"
        "bob@example.org,yesterday,form,\n"
        "cat@example.org,2031-01-01,form,\n"
        "dan@example.org,2024-05-31,,\n"
        "gone@example.org,2024-05-31,form,\n"
        "known@example.org,2024-05-31,form,\n"
    )
    rehearsed = import_list(file, NOW, dry_run=True)
    assert not Recipient.objects.filter(email="ann@example.org").exists()
    report = import_list(file, NOW)
    assert rehearsed == report
    assert (report.added, report.known, [line for line, _ in report.refused]) == (1, 1, [3, 4, 5, 6, 7])
    assert Recipient.objects.get(email="ann@example.org").is_on_the_list
    proof = Consent.objects.get(kind="imported")
    assert (proof.words, proof.at.year) == ("the form on our old site", 2024)
    assert import_list(file, NOW).added == 0, "again, it changes nothing"
    file.write_text("mail\nann@example.org\n")
    with pytest.raises(UnreadableList, match="lacks email"):
        import_list(file, NOW)


def test_the_account_shows_and_changes_what_its_reader_gets(client: Client, dan: Reader) -> None:
    assert client.get("/account/weekly/").status_code == 302
    client.force_login(dan)
    assert "does not come to dan@example.org" in client.get("/account/weekly/").content.decode()
    dan.emailaddress_set.create(email=dan.email, verified=True, primary=True)
    post(client, "/account/weekly/", "join")
    assert Recipient.objects.get().is_on_the_list
    assert mail.outbox == []
    assert "It comes to dan@example.org" in client.get("/account/weekly/").content.decode()
    post(client, "/account/weekly/", "leave")
    assert not Recipient.objects.get().is_on_the_list
    post(client, "/account/weekly/", "join")
    assert Recipient.objects.get().is_on_the_list, "coming back works"


def test_an_account_whose_address_is_not_proved_confirms_by_mail(client: Client, dan: Reader) -> None:
    dan.emailaddress_set.all().delete()
    client.force_login(dan)
    post(client, "/account/weekly/", "join")
    assert not Recipient.objects.get().is_on_the_list
    assert len(mail.outbox) == 1
