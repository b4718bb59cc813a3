"""The password goes to the mail server that SMTP_URL names, over TLS that is verified, and to no other."""

import datetime
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core.mail import EmailMessage

from backnumber.mail import carrier, rules
from tests.sink import Sink, free_port

NOW = datetime.datetime.now(datetime.UTC)


class Server:
    """What it was told in confidence, and what it kept."""

    def __init__(self) -> None:
        self.sink, self.passwords, self.port = Sink(), list[bytes](), free_port()

    def authenticator(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        self.passwords.append(data.password)
        return AuthResult(success=data.password == b"pa55word")


def _greet(port: int) -> None:
    """Somebody who takes any certificate: by this the controller learns that its server stands."""
    anything = ssl.create_default_context()
    anything.check_hostname, anything.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 5) as plain, anything.wrap_socket(plain) as line:
        line.recv(100)


@contextmanager
def serving(certificate: trustme.LeafCert | None, *, at_once: bool) -> Iterator[Server]:
    server, context = Server(), None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        certificate.configure_cert(context)
    controller = Controller(
        server.sink,
        hostname="127.0.0.1",
        port=server.port,
        ssl_context=context if at_once else None,
        tls_context=None if at_once else context,
        authenticator=server.authenticator,
        auth_require_tls=False,
    )
    if at_once:
        controller._trigger_server = partial(_greet, server.port)  # type: ignore[method-assign]  # its own would ask for a good one
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """One that this machine trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def send(monkeypatch: pytest.MonkeyPatch, scheme: str, port: int) -> None:
    monkeypatch.setenv("SMTP_URL", f"{scheme}://post:pa55word@localhost:{port}")
    with carrier.carrier() as way:
        way.carry(EmailMessage("Subject", "text", "post@example.com", ["ann@example.org"]))


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_with_a_good_certificate_gets_password_and_mail(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, scheme: str
) -> None:
    with serving(authority.issue_cert("localhost"), at_once=scheme == "smtps") as server:
        send(monkeypatch, scheme, server.port)
        assert server.passwords == [b"pa55word"]
        assert len(server.sink.mails) == 1


def bad(authority: trustme.CA, what: str) -> trustme.LeafCert | None:
    if what == "self-signed":
        return trustme.CA().issue_cert("localhost")
    if what == "of another name":
        return authority.issue_cert("elsewhere.example.org")
    if what == "expired":
        return authority.issue_cert("localhost", not_after=NOW - datetime.timedelta(days=1))
    return None


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("what", ["self-signed", "of another name", "expired", "without TLS"])
def test_a_server_without_a_good_certificate_gets_nothing(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, what: str, scheme: str
) -> None:
    certificate = bad(authority, what)
    with serving(certificate, at_once=scheme == "smtps" and certificate is not None) as server:
        with pytest.raises(rules.OF_THE_WAY) as caught:
            send(monkeypatch, scheme, server.port)
        assert rules.failure(caught.value).is_of_server
        assert not rules.failure(caught.value).is_final
        assert server.passwords == []
        assert server.sink.mails == []


def test_production_without_a_mail_server_keeps_no_mail_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMTP_URL", raising=False)
    monkeypatch.setenv("BACKNUMBER_MODE", "production")
    with pytest.raises(OSError, match="SMTP_URL"), carrier.carrier():
        pass
