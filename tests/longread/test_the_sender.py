"""The sender: what may be done with an edition when, which worker has what, and what becomes of a mail that got no answer."""

import email
import email.policy
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from django.db import connection

from backnumber.archive.models import Article
from backnumber.longread import claims, editions, rules, sending, service, tasks
from backnumber.longread.letters import Letter, Written, compose
from backnumber.longread.models import Edition, LongRead, Recipient, Send
from tests import making
from tests.sink import Sink, text_of

MONDAY = date(2026, 11, 16)
NOW = making.NOON
LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def long_read(gated: Article) -> LongRead:
    return service.pick(gated, MONDAY)


def on_the_list(count: int) -> list[Recipient]:
    return Recipient.objects.bulk_create(
        Recipient(email=f"r{n}@example.org", asked_at=NOW, confirmed_at=NOW) for n in range(count)
    )


def begun(long_read: LongRead, count: int) -> Edition:
    on_the_list(count)
    edition = editions.freeze(long_read, NOW)
    assert editions.move(edition.pk, "start", NOW)
    edition.refresh_from_db()
    return edition


def states(edition: Edition) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in edition.sends.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_each_state_leads_where_the_table_says_and_nowhere_else(long_read: LongRead) -> None:
    edition = editions.freeze(long_read, NOW)
    for move, states_before in rules.MOVES.items():
        for state in Edition.State.values:
            Edition.objects.filter(pk=edition.pk).update(state=state)
            after = editions.move(edition.pk, move, NOW)
            assert (after.state if after else None) == states_before.get(state), (move, state)


def test_a_paused_edition_goes_to_nobody_and_goes_on_where_it_was(long_read: LongRead, sink: Sink) -> None:
    edition = begun(long_read, 3)
    editions.move(edition.pk, "pause", NOW)
    sending.work(edition, lambda: NOW)
    assert sink.mails == []
    assert Edition.objects.get().state == "paused"
    editions.move(edition.pk, "resume", NOW)
    sending.work(edition, lambda: NOW)
    assert len(sink.mails) == 3
    assert Edition.objects.get().state == "finished"


def test_what_is_stopped_goes_to_nobody_any_more(long_read: LongRead, sink: Sink) -> None:
    edition = begun(long_read, 3)
    editions.move(edition.pk, "stop", NOW)
    sending.work(edition, lambda: NOW)
    assert (sink.mails, states(edition)) == ([], {"excluded": 3})


def test_paused_within_a_batch_the_rest_of_it_waits_unclaimed(
    long_read: LongRead, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = begun(long_read, 3)
    monkeypatch.setattr(sending, "LOOKS_EVERY", 0.0)
    first_goes_on = iter([True, False])
    monkeypatch.setattr(sending._Batches, "_goes_on", lambda _self: next(first_goes_on))
    editions_before = len(sink.mails)
    batches = sending._Batches.hand_over_next

    def one_batch(of: sending._Batches) -> int:
        batches(of)
        return 0

    monkeypatch.setattr(sending._Batches, "hand_over_next", one_batch)
    sending.work(edition, lambda: NOW)
    assert len(sink.mails) - editions_before == 1
    assert states(edition) == {"handed over": 1, "prepared": 2}
    assert not edition.sends.exclude(claimed_by=None).exists()


def test_who_leaves_while_the_batch_is_under_way_is_not_mailed(
    long_read: LongRead, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = begun(long_read, 2)
    monkeypatch.setattr(sending, "LOOKS_EVERY", 0.0)
    last = Recipient.objects.order_by("-pk")[0]
    claim = claims.claim

    def then_leaves(*arguments: object) -> list[Send]:
        batch = claim(*arguments)  # type: ignore[arg-type]
        service.leave(last.token, NOW)
        return batch

    monkeypatch.setattr(claims, "claim", then_leaves)
    sending.work(edition, lambda: NOW)
    assert sink.envelopes == [["r0@example.org"]]
    assert states(edition) == {"handed over": 1, "excluded": 1}


def test_two_workers_have_nothing_in_common_and_a_worker_that_is_gone_leaves_its_batch_in_doubt(
    long_read: LongRead,
) -> None:
    edition = begun(long_read, 5)
    with claims.worker_number() as one, claims.worker_number() as two:
        first, second = claims.claim(edition.pk, one, 3, NOW), claims.claim(edition.pk, two, 3, NOW)
        assert (len(first), len(second)) == (3, 2)
        assert {s.pk for s in first}.isdisjoint(s.pk for s in second)
        assert claims.claim(edition.pk, two, 3, NOW) == []
    assert claims.take_back(edition.pk, but=0) == 5
    assert edition.sends.filter(in_doubt=True, claimed_by=None).count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lives_keeps_its_batch(gated: Article) -> None:
    edition = begun(service.pick(gated, MONDAY), 2)
    claimed, looked = threading.Event(), threading.Event()

    def another() -> None:
        try:
            with claims.worker_number() as number:
                claims.claim(edition.pk, number, 2, NOW)
                claimed.set()
                looked.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=another)
    thread.start()
    claimed.wait(10)
    assert claims.take_back(edition.pk, but=0) == 0, "it is alive"
    looked.set()
    thread.join(10)
    assert claims.take_back(edition.pk, but=0) == 2, "the control: now it is gone"


def test_a_mail_refused_for_now_is_tried_again_later_and_not_for_ever(
    long_read: LongRead, sink: Sink
) -> None:
    edition = begun(long_read, 1)
    sink.answers["r0@example.org"] = "450 Busy"
    now, tried = NOW, 0
    while states(edition) == {"prepared": 1}:
        sending.work(edition, lambda: now)  # noqa: B023
        tried += 1
        due = edition.sends.get().due_at
        assert due > now or states(edition) != {"prepared": 1}
        sending.work(edition, lambda: now)  # noqa: B023
        assert len(sink.asked) == tried, "not before it is due"
        now = max(due, now)
    assert (states(edition), tried) == ({"refused": 1}, sending.ATTEMPTS)
    assert Edition.objects.get().state == "finished"


@contextmanager
def breaking_server(after: bytes) -> Iterator[str]:
    """A mail server that hangs up as soon as it has read `after`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            with client:
                client.sendall(b"220 breaks\r\n")
                read, answered = b"", 0
                while after not in read:
                    more = client.recv(65536)
                    if not more:
                        break
                    read += more
                    if b"\r\ndata\r\n" in read and answered < 4:
                        client.sendall(b"354 go on\r\n")
                        answered = 4
                    elif answered < 4 and read.endswith(b"\r\n"):
                        client.sendall(b"250 yes\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.close()


@pytest.mark.parametrize(
    ("after", "doubt"), [(b"\r\n.\r\n", True), (b"mail FROM", False)], ids=["at the end", "at the start"]
)
def test_a_connection_that_breaks_is_of_the_server_and_in_doubt_only_where_the_mail_had_been_given(
    long_read: LongRead, monkeypatch: pytest.MonkeyPatch, after: bytes, doubt: bool
) -> None:
    edition = begun(long_read, 3)
    with breaking_server(after) as url:
        monkeypatch.setenv("SMTP_URL", url)
        with pytest.raises(sending.MailServerAway):
            sending.work(edition, lambda: NOW)
    assert states(edition) == {"prepared": 3}
    assert edition.sends.filter(attempts=1).count() == 2
    assert edition.sends.filter(in_doubt=True).count() == (2 if doubt else 0)
    assert editions.report(edition).in_doubt == (2 if doubt else 0)


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_the_time_out(
    long_read: LongRead, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = begun(long_read, 3)
    with monkeypatch.context() as short:
        short.setattr("backnumber.mail.carrier.TIMEOUT_SECONDS", 0.3)
        sink.hangs = True
        with pytest.raises(sending.MailServerAway):
            sending.work(edition, lambda: NOW)
    sink.hangs = False
    assert edition.sends.filter(in_doubt=True).count() == 2
    sending.work(edition, lambda: LATER)
    assert Edition.objects.get().state == "finished"
    assert states(edition) == {"handed over": 3}


def test_written_once_for_all_a_mail_is_the_same_as_written_for_one(db: None) -> None:
    text = "Ünder the wall = a trailing space \n" + "a long line " * 60 + "\n.\nLeave: [[way-out]] now\n"
    letter = Letter("Die Straße nach Süden: " + "x" * 400, text, f"<p>{text}</p>", "7")
    for who in on_the_list(2):
        mail = Written(letter).for_recipient(who)
        sent, same = (
            making_message(mail.content),
            making_message(bytes(compose(who, letter).message().as_bytes())),
        )
        assert mail.recipient == who.email
        assert max(map(len, mail.content.split(b"\r\n"))) < 998
        assert mail.content.isascii()
        for name in (
            "From",
            "To",
            "Subject",
            "Message-ID",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "List-Id",
        ):
            assert sent[name].strip() == same[name].strip(), name
        assert text_of(sent).split("\r\n") == text_of(same).rstrip("\n").split("\n")
        assert who.token in text_of(sent)
        html = [m.get_body(("html",)) for m in (sent, same)]
        assert html[0]
        assert html[1]
        assert html[0].get_content().split("\r\n") == html[1].get_content().rstrip("\n").split("\n")


def making_message(raw: bytes) -> EmailMessage:
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def test_a_deleted_address_is_excluded_and_stays_in_the_count(long_read: LongRead, sink: Sink) -> None:
    edition = begun(long_read, 2)
    Recipient.objects.first().delete()  # type: ignore[union-attr]
    sending.work(edition, lambda: NOW)
    assert (states(edition), len(sink.mails)) == ({"excluded": 1, "handed over": 1}, 1)


def test_a_job_works_for_a_while_and_queues_the_next_only_while_more_is_due(
    long_read: LongRead, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = begun(long_read, 4)
    monkeypatch.setattr(sending, "BATCH", 1)
    monkeypatch.setattr(tasks, "SECONDS", 0.0)
    queued: list[int] = []
    monkeypatch.setattr(tasks, "_queue", lambda key, _sender: queued.append(key))
    for _ in range(6):
        tasks.hand_over(edition.pk, 0)
    assert len(sink.mails) == 4
    assert len(queued) == 4
    tasks.go_on(int(time.time()))
    assert len(queued) == 4, "it is finished"
