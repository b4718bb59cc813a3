"""The way to the mail server; in the demo, to a folder that a page of the demo shows."""

import smtplib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import uuid4

from django.core.mail import EmailMessage

from backnumber import configuration

TIMEOUT_SECONDS = 20


def carry(sender: str, recipients: list[str], message: bytes) -> None:
    """Promise: the server has accepted the mail. Errors: smtplib's and OSError; the caller tries again."""
    url = configuration.value("SMTP_URL")
    if not url:
        keep_in_folder(message)
        return
    with connection(url) as server:
        server.sendmail(bare(sender), [bare(r) for r in recipients], message)


def bare(address: str) -> str:
    """Promise: the address without the name before it."""
    return parseaddr(address)[1]


def as_sent(mail: EmailMessage) -> bytes:
    """Promise: the mail as it goes over the wire. Errors: BadHeaderError for a line break in a header."""
    whole: Any = mail.message()  # Django's own class: it takes the line ends SMTP wants
    return bytes(whole.as_bytes(linesep="\r\n"))


@contextmanager
def connection(url: str) -> Iterator[smtplib.SMTP]:
    """Promise: a greeted, signed-in connection to the server `url` names. Errors: smtplib's and OSError."""
    parts = urlsplit(url)
    with _open(parts) as server:
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def _open(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS)
    server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    if parts.username or parts.port == 587:
        server.starttls()
    return server


def folder() -> Path:
    """Where the demo keeps its mail."""
    path = configuration.var_folder() / "mail"
    path.mkdir(exist_ok=True)
    return path


def keep_in_folder(message: bytes) -> None:
    """Errors: RuntimeError in production: a mail is never quietly kept."""
    if configuration.is_production():
        raise RuntimeError("SMTP_URL is not set")
    name = f"{time.time_ns()}-{uuid4().hex[:8]}.eml"
    part = folder() / f".{name}"
    part.write_bytes(message)
    part.rename(folder() / name)
