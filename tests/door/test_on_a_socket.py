"""What a stranger may do to the server on a real socket: nobody else waits for it, and memory stays where it was."""

import http.client
import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from backnumber.cli.serving import IDLE_SECONDS
from tests.serving import Running, serving

pytestmark = pytest.mark.django_db(transaction=True)
HALF_SENT = 40
MEMORY_BOUND = 60 << 20  # bytes that all of these strangers together may add to a process
QUICK = 2.0  # seconds


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Running]:
    """One server with two threads for Django, which is there already."""
    with (
        django_db_blocker.unblock(),
        serving(tmp_path_factory.mktemp("socket"), more={"BACKNUMBER_THREADS": "2"}) as server,
    ):
        assert asked(server, "/account/sign-in/")[0] == 200
        yield server


@dataclass(frozen=True)
class Idle:
    """Connections on which a request has begun, or not even that."""

    wires: list[socket.socket]
    since: float


@pytest.fixture(scope="module", autouse=True)
def idle(running: Running) -> Iterator[Idle]:
    begun = [b"", b"G", b"GET / HTTP/1.1\r\nHost: ", b"PRI * HTTP/2.0\r\n\r\nS", head(running)]
    wires = [line(running) for _ in begun]
    for wire, sent in zip(wires, begun, strict=True):
        wire.sendall(sent)
    yield Idle(wires, time.monotonic())
    for wire in wires:
        wire.close()


def line(running: Running, seconds: float = 20.0) -> socket.socket:
    return socket.create_connection(("127.0.0.1", running.port), timeout=seconds)


def said(running: Running, sent: bytes, seconds: float = 20.0) -> bytes:
    """What comes back until the server closes, or has sent a whole head and is silent for a moment."""
    with line(running, seconds) as wire:
        wire.sendall(sent)
        return heard(wire)


def heard(wire: socket.socket) -> bytes:
    came = b""
    while b"\r\n\r\n" not in came or len(came.partition(b"\r\n\r\n")[2]) < _length(came):
        some = wire.recv(65_536)
        if not some:
            break
        came += some
    return came


def _length(came: bytes) -> int:
    found = re.search(rb"content-length: (\d+)", came)
    return int(found[1]) if found else 0


def status(came: bytes) -> int:
    return int(came.split(b" ", 2)[1]) if came else 0


def head(running: Running, *fields: str, target: str = "/", method: str = "GET") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *fields]
    if not any(field.lower().startswith("host:") for field in fields):
        lines.insert(1, f"Host: localhost:{running.port}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


def asked(running: Running, path: str, **headers: str) -> tuple[int, bytes]:
    wire = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    wire.request("GET", path, headers={"Host": f"localhost:{running.port}", **headers})
    answer = wire.getresponse()
    body = answer.read()
    wire.close()
    return answer.status, body


def memory(running: Running) -> int:
    """What the serving process holds, in bytes."""
    return (
        max(
            int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
            for pid in running.pids
        )
        << 10
    )  # type: ignore[index]


def test_half_sent_forms_stop_nothing_that_django_answers_and_end_with_408(running: Running) -> None:
    half = head(
        running,
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 500",
        method="POST",
        target="/account/sign-in/",
    )
    wires = [line(running) for _ in range(30)]
    began = time.monotonic()
    for wire in wires:
        wire.sendall(half + b"login=")
    for _ in range(4):
        assert asked(running, "/account/sign-in/")[0] == 200
    assert time.monotonic() - began < QUICK * 2
    answers = [heard(wire) for wire in wires]
    assert {status(one) for one in answers} == {408}
    assert b"That took too long to arrive" in answers[0]
    assert 8 < time.monotonic() - began < 15
    for wire in wires:
        wire.close()


def test_a_network_that_has_too_many_bodies_under_way_is_told_so(running: Running) -> None:
    half = head(running, "Content-Length: 500", method="POST", target="/account/sign-in/")
    wires = [line(running) for _ in range(HALF_SENT)]
    for wire in wires:
        wire.sendall(half + b"login=")
    time.sleep(0.5)
    told, _, _ = select.select(wires, [], [], 0)
    answers = [status(heard(wire)) for wire in told]
    for wire in wires:
        wire.close()
    assert answers == [429] * (HALF_SENT - 32)
    time.sleep(0.3)
    assert status(said(running, half + b"a" * 500)) in (200, 403), "who hung up takes no place"


def test_a_slow_form_that_goes_on_arriving_is_taken(running: Running) -> None:
    with line(running) as wire:
        wire.sendall(
            head(
                running,
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 30",
                "Sec-Fetch-Site: same-origin",
                method="POST",
                target="/account/sign-in/",
            )
        )
        for _ in range(30):
            wire.sendall(b"a")
            time.sleep(0.1)
        assert status(heard(wire)) == 200


@pytest.mark.parametrize("length", ["600000", "99999999999999"])
def test_a_form_that_says_it_is_too_large_is_refused_before_it_is_sent(running: Running, length: str) -> None:
    came = said(running, head(running, f"Content-Length: {length}", "Expect: 100-continue", method="POST"))
    assert status(came) == 413
    assert b"too large for us" in came


def test_a_form_in_chunks_is_counted(running: Running) -> None:
    chunk = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
    with line(running) as wire:
        wire.sendall(head(running, "Transfer-Encoding: chunked", method="POST") + chunk * 15)
        with suppress(OSError):
            wire.sendall(chunk * 5 + b"0\r\n\r\n")
        assert status(heard(wire)) == 413


def test_a_form_in_chunks_reaches_django(running: Running) -> None:
    fields = (
        "Transfer-Encoding: chunked",
        "Content-Type: application/x-www-form-urlencoded",
        "Sec-Fetch-Site: same-origin",
    )
    form = b"login=nobody%40example.org&password=wrong"
    came = said(
        running,
        head(running, *fields, method="POST", target="/account/sign-in/")
        + b"%x\r\n%s\r\n0\r\n\r\n" % (len(form), form),
    )
    assert status(came) == 200
    assert b"nobody@example.org" in came


def test_long_headers_are_refused_and_none_is_remembered(running: Running) -> None:
    before = memory(running)
    for number in range(300):
        for name in ("Cookie", "User-Agent", "Accept-Encoding", "X-Forwarded-For"):
            assert status(said(running, head(running, f"{name}: {number}={'a' * 15_000}"))) in (200, 400)
    for size in (20_000, 60_000, 300_000):
        assert status(said(running, head(running, f"Cookie: a={'a' * size}"))) == 431
    assert memory(running) - before < MEMORY_BOUND


def test_a_long_head_and_a_long_address_get_pages_of_the_site(running: Running) -> None:
    came = said(running, head(running, f"Cookie: a={'a' * 20_000}"))
    assert status(came) == 431
    assert b"cookies" in came
    came = said(running, head(running, target="/search/?q=" + "a" * 9_000))
    assert status(came) == 414
    assert b"This address is too long" in came
    came = said(running, head(running, "Connection: close", target="/" + "a" * 9_000, method="HEAD"))
    assert (status(came), came.partition(b"\r\n\r\n")[2]) == (414, b"")


@pytest.mark.parametrize(
    "hosts",
    [
        ("Host: localhost", "Host: other.example"),
        ("Host: localhost", "Host: localhost"),
        ("Host:",),
        ("Host: user@localhost",),
        ("Host: localhost:80a",),
        ("Host: localhost:",),
        ("Host: localhost:123456",),
        ("Host: localhost, other.example",),
        ("Host: local_host",),
        ("Host: [::1",),
        ("Host: localhost/../x",),
        ("Host: löcalhost",),
        ("Host: other.example",),
    ],
    ids=lambda hosts: " ".join(hosts),
)
@pytest.mark.parametrize("path", ["/", "/account/sign-in/"])
def test_two_hosts_or_a_malformed_one_are_refused(
    running: Running, hosts: tuple[str, ...], path: str
) -> None:
    came = said(running, head(running, *hosts, target=path))
    assert status(came) == 400
    assert b"made no sense to us" in came


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "127.0.0.1:1", "[::1]:8000"])
def test_control_other_spellings_of_our_own_name_are_answered(running: Running, host: str) -> None:
    assert status(said(running, head(running, f"Host: {host}"))) == 200


def test_heads_that_do_not_end_and_connections_that_say_nothing_are_closed(idle: Idle) -> None:
    for wire in idle.wires:
        wire.settimeout(max(idle.since + IDLE_SECONDS + 3 - time.monotonic(), 0.5))
        while wire.recv(65_536):
            pass


def test_two_lines_of_cookies_are_one_to_django(running: Running) -> None:
    form = b"login=nobody%40example.org&password=wrong&csrfmiddlewaretoken=" + b"a" * 32
    fields = (
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        "Sec-Fetch-Site: cross-site",
    )
    lines = ("Cookie: other=1", f"Cookie: csrftoken={'a' * 32}")
    for cookies, expected in ((lines, 200), (lines[:1], 403)):
        came = said(
            running, head(running, *fields, *cookies, method="POST", target="/account/sign-in/") + form
        )
        assert status(came) == expected
