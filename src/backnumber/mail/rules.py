"""Whose fault a failed attempt is, whether it may end well later, and when to try again. Pure."""

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email.errors import MessageError

from django.core.mail import BadHeaderError

from backnumber.mail.addresses import NoAddress

GIVES_UP_AFTER = timedelta(days=2)
PAUSES = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60, 120))
CLOSING = 421  # "service not available, closing": of the server, whatever it answers (RFC 5321, 3.8)
OF_THE_MAIL = (NoAddress, BadHeaderError, MessageError, ValueError)
OF_THE_WAY = (smtplib.SMTPException, OSError)
FAILURES = (*OF_THE_MAIL, *OF_THE_WAY)


class Unanswered(smtplib.SMTPException):
    """The connection broke after the mail was begun and before the server answered: it may have been accepted."""


@dataclass(frozen=True, slots=True)
class Failure:
    """`is_final`: it will never go. `is_of_server`: it would have met any other mail too. `is_in_doubt`: the server may have accepted
    it. `words` may name the address.
    """

    words: str
    is_final: bool = False
    is_of_server: bool = False
    code: int = 0
    is_in_doubt: bool = False


def failure(error: Exception) -> Failure:
    """Promise: what an attempt that ended with one of FAILURES means."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return _answered(code, words)
    if isinstance(error, smtplib.SMTPDataError):
        return _answered(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):  # of our own sender, password or greeting
        return Failure(_words(error.smtp_code, error.smtp_error), is_of_server=True, code=error.smtp_code)
    if isinstance(error, Unanswered):
        return Failure(str(error)[:500], is_of_server=True, is_in_doubt=True)
    if isinstance(error, OF_THE_WAY):
        return Failure(f"{type(error).__name__}: {error}"[:500], is_of_server=True)
    return Failure(str(error)[:500], is_final=True)


def _answered(code: int, words: bytes | str) -> Failure:
    return Failure(_words(code, words), is_final=code >= 500, is_of_server=code == CLOSING, code=code)


def _words(code: int, words: bytes | str) -> str:
    told = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    return f"{code} {' '.join(told.split())}"[:500]


def pause_after(attempts: int) -> timedelta:
    return PAUSES[min(max(attempts, 1), len(PAUSES)) - 1]
