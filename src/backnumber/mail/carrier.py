"""The way to the mail server, by Django's own SMTP backend; in the demo, to a folder that a page of the demo shows."""

import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from backnumber import configuration
from backnumber.mail import rules

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """A mail in bytes, as RFC 5322 has them, for one recipient. A way that takes no bytes asks `message` for the same as an object."""

    sender: str
    recipient: str
    content: bytes
    message: Callable[[], EmailMessage]


class Carrier(Protocol):
    """What takes mails. Errors: those of `rules.FAILURES`."""

    def carry(self, message: EmailMessage) -> None:
        """Promise: the mail is accepted."""

    def carry_written(self, mail: WrittenMail) -> None:
        """Promise: the mail is accepted for its one recipient."""

    def try_address(self, message: EmailMessage) -> None:
        """Promise: the recipient would be accepted; nothing is sent."""


class ToServer:
    """One connection for many mails, opened when the first needs it, and anew after it broke."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend

    def carry(self, message: EmailMessage) -> None:
        message.message()  # what cannot be written is found before anybody is bothered
        self._open()
        try:
            self._backend.send_messages([message])
        except rules.OF_THE_WAY as error:
            if rules.failure(error).is_of_server:
                self.close()
            raise

    def carry_written(self, mail: WrittenMail) -> None:
        self._open()
        try:
            self._give(self._backend.connection, mail)
        except rules.OF_THE_WAY as error:
            if rules.failure(error).is_of_server:
                self.close()
            raise

    def _give(self, server: Any, mail: WrittenMail) -> None:
        sender, recipient, content = mail.sender, mail.recipient, mail.content
        server.ehlo_or_helo_if_needed()
        code, words = server.mail(sender)
        if code != 250:
            server._rset()
            raise smtplib.SMTPSenderRefused(code, words, sender)
        code, words = server.rcpt(recipient)
        if code not in {250, 251}:
            server._rset()
            raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
        try:
            code, words = server.data(content)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, smtplib.SMTPResponseException):
                raise
            raise rules.Unanswered(f"{type(error).__name__}: {error}") from error
        if code != 250:
            server._rset()
            raise smtplib.SMTPDataError(code, words)

    def try_address(self, message: EmailMessage) -> None:
        message.message()  # what cannot be written is found before anybody is bothered
        self._open()
        server: Any = self._backend.connection
        try:
            server.ehlo_or_helo_if_needed()
            code, words = server.mail(sanitize_address(message.from_email, "utf-8"))
            if code != 250:
                raise smtplib.SMTPSenderRefused(code, words, message.from_email)
            for recipient in message.recipients():
                code, words = server.rcpt(recipient)
                if code not in {250, 251}:
                    raise smtplib.SMTPRecipientsRefused({recipient: (code, words)})
            server.rset()
        except rules.OF_THE_WAY:
            self.close()
            raise

    def _open(self) -> None:
        try:
            self._backend.open()
        except rules.OF_THE_WAY:
            self.close()
            raise

    def close(self) -> None:
        with suppress(*rules.OF_THE_WAY):
            self._backend.close()
        self._backend.connection = None


class ToFolder:
    """Errors: RuntimeError in production: a mail is never quietly kept."""

    def carry(self, message: EmailMessage) -> None:
        whole: Any = message.message()
        keep_in_folder(bytes(whole.as_bytes(linesep="\r\n")))

    def carry_written(self, mail: WrittenMail) -> None:
        keep_in_folder(mail.content)

    def try_address(self, message: EmailMessage) -> None:
        _refuse_in_production()
        message.message()


@contextmanager
def carrier() -> Iterator[Carrier]:
    """Promise: what takes mails as this installation is configured; closed after."""
    url = configuration.value("SMTP_URL")
    if not url:
        _refuse_in_production()
        yield ToFolder()
        return
    to_server = ToServer(backend(url))
    try:
        yield to_server
    finally:
        to_server.close()


def backend(url: str) -> EmailBackend:
    """Promise: Django's backend for SMTP_URL. It verifies the server's certificate and name, and never gives the password before."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "smtps"
    return EmailBackend(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if is_tls else 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=is_tls,
        use_tls=not is_tls and bool(parts.username or parts.port == 587),
        timeout=TIMEOUT_SECONDS,
        fail_silently=False,
    )


@contextmanager
def connection(url: str) -> Iterator[EmailBackend]:
    """Promise: a greeted, signed-in connection to the server `url` names. Errors: smtplib's and OSError."""
    opened = ToServer(backend(url))
    opened._open()
    try:
        yield opened._backend
    finally:
        opened.close()


def _refuse_in_production() -> None:
    if configuration.is_production():
        raise OSError("SMTP_URL is not set: set it to your mail server")


def folder() -> Path:
    """Where the demo keeps its mail."""
    path = configuration.var_folder() / "mail"
    path.mkdir(exist_ok=True)
    return path


def keep_in_folder(message: bytes) -> None:
    """Errors: OSError in production: a mail is never quietly kept."""
    _refuse_in_production()
    name = f"{time.time_ns()}-{uuid4().hex[:8]}.eml"
    part = folder() / f".{name}"
    part.write_bytes(message)
    part.rename(folder() / name)
