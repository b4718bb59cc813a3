"""A browser of few words: asks a server on this machine over one connection that stays open."""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie

from door.site import HOST

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BROWSER = {"Host": HOST, "User-Agent": FIREFOX, "Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_fronts(self) -> bool:
        """Whether the door answered itself: it alone names what a page shows."""
        return "surrogate-key" in self.headers


class Connection:
    def __init__(self, port: int, seconds: float = 20.0) -> None:
        self.port = port
        self._inner = HTTPConnection("127.0.0.1", port, timeout=seconds)

    def open(self) -> int:
        """Promise: the connection is open; our port of it."""
        self._inner.connect()
        assert isinstance(self._inner.sock, socket.socket)
        return int(self._inner.sock.getsockname()[1])

    def close(self) -> None:
        self._inner.close()

    def ask(
        self, address: str, headers: Mapping[str, str], *, method: str = "GET", body: str | None = None
    ) -> Answer:
        self._inner.request(method, address, body=body, headers={**BROWSER, **headers})
        got = self._inner.getresponse()
        cookies = SimpleCookie("; ".join(c.partition(";")[0] for c in got.msg.get_all("set-cookie") or ()))
        return Answer(
            got.status,
            {name.lower(): value for name, value in got.getheaders()},
            got.read(),
            {name: morsel.value for name, morsel in cookies.items()},
        )


def ask(port: int, address: str, headers: Mapping[str, str] | None = None) -> Answer:
    connection = Connection(port)
    try:
        return connection.ask(address, headers or {})
    finally:
        connection.close()


def wait_for(port: int, address: str, headers: Mapping[str, str], seconds: float = 60.0) -> Answer:
    """Promise: the first answer that is 200, asked for every few milliseconds. Errors: TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            answer = ask(port, address, headers)
            if answer.status == 200:
                return answer
        except (OSError, HTTPException):
            pass
        time.sleep(0.005)
    raise TimeoutError(f"nothing good from port {port} within {seconds} seconds")
