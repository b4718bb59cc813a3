"""Handing this week's edition over, one recipient at a time: what is wrong with one is that one's affair."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage

from backnumber.longread.letters import Letter, compose
from backnumber.longread.models import Recipient, Send
from backnumber.mail import rules
from backnumber.mail.carrier import Carrier

log = logging.getLogger(__name__)

SERVER_FAULTS_IN_A_ROW = 2  # one may be of a mail that the server cannot stomach; two are of the server


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


def hand_over(send: Send, letter: Letter, way: Carrier, now: datetime) -> rules.Failure | None:
    """Promise: recorded as handed over, refused with the reason, or owed still; the failure if there was one."""
    send.attempts += 1
    failure = _tried(send.recipient, letter, way.carry)
    if failure is None:
        send.handed_over_at, send.last_error = now, ""
    else:
        send.last_error = failure.words
        send.refused_at = now if failure.is_final else None
    send.save(update_fields=["handed_over_at", "refused_at", "last_error", "attempts"])
    return failure


def rehearse(recipients: Iterator[Recipient], letter: Letter, way: Carrier) -> tuple[int, int]:
    """Promise: how many would get it and how many not; every mail is written, and every address shown to the mail server, which is
    sent nothing. Errors: MailServerAway.
    """
    good = bad = 0
    tally = Tally()
    for recipient in recipients:
        failure = _tried(recipient, letter, way.try_address)
        tally.count(failure)
        good, bad = good + (failure is None), bad + (failure is not None)
    if tally.in_a_row:
        raise MailServerAway("it broke off at the last address")
    return good, bad


def _tried(recipient: Recipient, letter: Letter, act: Callable[[EmailMessage], None]) -> rules.Failure | None:
    try:
        mail = compose(recipient, letter)
        mail.message()
    except rules.OF_THE_MAIL as error:
        return rules.failure(error)
    except Exception as error:
        log.exception("the mail to recipient %s cannot be written", recipient.pk)
        return rules.Failure(f"it cannot be written: {type(error).__name__}", is_final=True)
    try:
        act(mail)
    except rules.FAILURES as error:
        return rules.failure(error)
    return None
