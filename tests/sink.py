"""A real SMTP server for tests: it keeps what it is given, and can be told to refuse."""

import asyncio
import email
import email.policy
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """`fail_after`: how many mails it takes before it answers "come back later". `answers`: what it says to a recipient instead of
    "250". `hangs`: it never answers to a mail.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.senders: list[str] = []
        self.raw: list[bytes] = []
        self.fail_after: int | None = None
        self.answers: dict[str, str] = {}
        self.hangs = False
        self.asked: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked.append(address)
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.fail_after is not None and len(self.mails) >= self.fail_after:
            return "451 Come back later"
        while self.hangs:
            await asyncio.sleep(0.05)
        self.raw.append(envelope.content)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.envelopes.append(envelope.rcpt_tos)
        self.senders.append(envelope.mail_from)
        return "250 Taken"

    def last_to(self, address: str) -> EmailMessage:
        """Errors: AssertionError when nothing came for that address."""
        found = [mail for mail, to in zip(self.mails, self.envelopes, strict=True) if address in to]
        assert found, f"no mail for {address}; there are {self.envelopes}"
        return found[-1]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def code_in(mail: EmailMessage) -> str:
    """The code a reader is asked to type: it stands alone on its line."""
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", text_of(mail), re.MULTILINE)
    assert found, text_of(mail)
    return found[1]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def listening() -> Iterator[tuple[Sink, str]]:
    """Promise: a sink and the address it listens at, as SMTP_URL has it."""
    kept = Sink()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
