"""Handing an edition over: batch by batch, by as many workers as there are. What is wrong with one recipient is that one's affair.

A batch is claimed, handed over and recorded. A worker that is killed in between leaves its batch in doubt: what it had handed over and
not recorded goes once more, under the same Message-ID. That window is one batch at most, and the rows in it are counted.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backnumber.longread import claims
from backnumber.longread.letters import Letter, Written, compose
from backnumber.longread.models import Edition, Recipient, Send, Suppression
from backnumber.longread.rules import digest_of
from backnumber.mail import rules
from backnumber.mail.carrier import Carrier, carrier

log = logging.getLogger(__name__)

BATCH = 50
LOOKS_EVERY = 1.0  # seconds, within a batch: has somebody left since, or is the edition paused
ATTEMPTS = 24  # with the pauses of mail.rules a day and a half
SERVER_FAULTS_IN_A_ROW = 2  # one may be of a mail that the server cannot stomach; two are of the server
LEFT = "left or paused before it went out"
DELETED = "the address was deleted before it went out"

Clock = Callable[[], datetime]


class MailServerAway(Exception):
    """The mail server does not take mails now, whoever they are for; its words."""


@dataclass(slots=True)
class Tally:
    """Of consecutive failures that were the server's: then the rest need not be tried."""

    in_a_row: int = 0

    def count(self, failure: rules.Failure | None) -> None:
        """Errors: MailServerAway."""
        self.in_a_row = self.in_a_row + 1 if failure and failure.is_of_server else 0
        if failure and self.in_a_row == SERVER_FAULTS_IN_A_ROW:
            raise MailServerAway(failure.words)


def letter_of(edition: Edition) -> Letter:
    return Letter(edition.subject, edition.text, edition.html, key=str(edition.pk))


def work(
    edition: Edition,
    clock: Clock,
    *,
    seconds: float | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> bool:
    """Promise: batches of the edition are handed over until none is due, it is paused, or `seconds` have passed; with nothing owed any
    more it is finished. Whether more may be due. Errors: MailServerAway, after which what was not tried is owed still.
    """
    ends = time.monotonic() + seconds if seconds is not None else None
    with claims.worker_number() as number, carrier() as way:
        claims.take_back(edition.pk, but=number)
        batches = _Batches(edition, number, way, clock)
        while (count := batches.hand_over_next()) and (ends is None or time.monotonic() < ends):
            done(count)
    _finish(edition, clock())
    return bool(count)


def _finish(edition: Edition, now: datetime) -> None:
    if not Send.objects.filter(edition=edition, state=Send.State.PREPARED).exists():
        Edition.objects.filter(pk=edition.pk, state=Edition.State.SENDING).update(
            state=Edition.State.FINISHED, finished_at=now
        )


class _Batches:
    """What one worker does, over one connection to the mail server."""

    def __init__(self, edition: Edition, number: int, way: Carrier, clock: Clock) -> None:
        self._edition, self._number, self._way, self._clock = edition, number, way, clock
        self._written = Written(letter_of(edition))
        self._tally = Tally()
        self._looked = 0.0

    def hand_over_next(self) -> int:
        """Promise: the next batch is handed over and recorded; how many it had. Errors: MailServerAway."""
        batch = claims.claim(self._edition.pk, self._number, BATCH, self._clock())
        tried: list[Send] = []
        try:
            self._hand_over(batch, tried)
        finally:
            if batch:
                self._record(tried)
        return len(batch)

    def _hand_over(self, batch: list[Send], tried: list[Send]) -> None:
        unwanted, self._looked = _unwanted(batch, self._clock()), time.monotonic()
        for send in batch:
            if time.monotonic() - self._looked >= LOOKS_EVERY:
                if not self._goes_on():
                    return
                unwanted, self._looked = _unwanted(batch, self._clock()), time.monotonic()
            failure = self._hand_over_one(send, unwanted)
            tried.append(send)
            self._tally.count(failure)

    def _goes_on(self) -> bool:
        return Edition.objects.filter(pk=self._edition.pk, state=Edition.State.SENDING).exists()

    def _hand_over_one(self, send: Send, unwanted: set[int]) -> rules.Failure | None:
        recipient = send.recipient
        if recipient is None or recipient.pk in unwanted:
            send.state, send.reason = Send.State.EXCLUDED, LEFT if recipient else DELETED
            send.settled_at = self._clock()
            return None
        send.attempts += 1
        failure = self._tried(recipient)
        self._note(send, failure)
        return failure

    def _tried(self, recipient: Recipient) -> rules.Failure | None:
        try:
            mail = self._written.for_recipient(recipient)
        except Exception as error:
            return _cannot_be_written(recipient, error)
        try:
            self._way.carry_written(mail)
        except rules.FAILURES as error:
            return rules.failure(error)
        return None

    def _note(self, send: Send, failure: rules.Failure | None) -> None:
        now = self._clock()
        if failure is None:
            send.state, send.reason, send.settled_at = Send.State.HANDED_OVER, "", now
            return
        send.reason, send.in_doubt = failure.words, send.in_doubt or failure.is_in_doubt
        if failure.is_final or send.attempts >= ATTEMPTS:
            send.state, send.settled_at = Send.State.REFUSED, now
        else:
            send.due_at = now + rules.pause_after(send.attempts)

    @transaction.atomic
    def _record(self, tried: list[Send]) -> None:
        """One statement for those that went; the rest, few, one each. Only what is still ours: a worker whose connection broke is no
        longer the holder.
        """
        ours = Send.objects.filter(claimed_by=self._number, state=Send.State.PREPARED)
        gone = [send for send in tried if send.state == Send.State.HANDED_OVER]
        ours.filter(pk__in=[send.pk for send in gone]).update(
            state=Send.State.HANDED_OVER,
            reason="",
            settled_at=self._clock(),
            attempts=1,
            claimed_by=None,
        )
        for send in gone:
            if send.attempts > 1:
                Send.objects.filter(pk=send.pk).update(attempts=send.attempts)
        for send in tried:
            if send.state != Send.State.HANDED_OVER:
                ours.filter(pk=send.pk).update(
                    state=send.state, reason=send.reason, settled_at=send.settled_at, attempts=send.attempts,
                    due_at=send.due_at, in_doubt=send.in_doubt, claimed_by=None,
                )  # fmt: skip
        claims.release(self._number)


def _unwanted(batch: list[Send], now: datetime) -> set[int]:
    """Of the batch, those recipients who have left, paused, or been suppressed since it was frozen; two queries."""
    keys = [send.recipient_id for send in batch if send.recipient_id]
    here = Recipient.objects.filter(pk__in=keys, left_at=None).exclude(confirmed_at=None)
    emails = dict(here.exclude(paused_until__gt=now).values_list("pk", "email"))
    digests = {digest_of(email): pk for pk, email in emails.items()}
    suppressed = Suppression.objects.filter(pk__in=digests).values_list("pk", flat=True)
    return (set(keys) - set(emails)) | {digests[digest] for digest in suppressed}


def _cannot_be_written(recipient: Recipient, error: Exception) -> rules.Failure:
    if isinstance(error, rules.OF_THE_MAIL):
        return rules.failure(error)
    log.exception("the mail to recipient %s cannot be written", recipient.pk)
    return rules.Failure(f"it cannot be written: {type(error).__name__}", is_final=True)


def rehearse(recipients: Iterator[Recipient], letter: Letter, way: Carrier) -> tuple[int, int]:
    """Promise: how many would get it and how many not; every mail is written, and every address shown to the mail server, which is
    sent nothing. Errors: MailServerAway.
    """
    good = bad = 0
    written, tally = Written(letter), Tally()
    for recipient in recipients:
        failure = _rehearsed(recipient, letter, written, way)
        tally.count(failure)
        good, bad = good + (failure is None), bad + (failure is not None)
    if tally.in_a_row:
        raise MailServerAway("it broke off at the last address")
    return good, bad


def _rehearsed(recipient: Recipient, letter: Letter, written: Written, way: Carrier) -> rules.Failure | None:
    try:
        written.for_recipient(recipient)
        mail = compose(recipient, letter)
    except Exception as error:
        return _cannot_be_written(recipient, error)
    try:
        way.try_address(mail)
    except rules.FAILURES as error:
        return rules.failure(error)
    return None
