"""A site with a fault: what stands between the asker and the server changes one kind of answer, or answers by itself."""

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.sink import free_port

END = b"\r\n\r\n"


@dataclass(frozen=True)
class Asked:
    """A request as it was sent; names of headers in small letters."""

    raw: bytes

    @property
    def method(self) -> str:
        return self.raw.split(b" ", 1)[0].decode("latin-1")

    @property
    def target(self) -> str:
        return self.raw.split(b"\r\n", 1)[0].decode("latin-1").partition(" ")[2].rpartition(" ")[0]

    @property
    def headers(self) -> Mapping[str, str]:
        lines = self.raw.partition(END)[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


Forward = Callable[[], bytes]
Fault = Callable[[Asked, Forward], bytes]


def page(text: str, status: str = "200 OK", **headers: str) -> bytes:
    body = text.encode()
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{more}Connection: close\r\n\r\n".encode() + body


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


@contextmanager
def faulty(fault: Fault, upstream: int = 0) -> Iterator[int]:
    """Promise: the port of a site that has this fault, while the block lasts."""

    class Between(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            raw = _request(self.request)
            if raw:
                self.request.sendall(fault(Asked(raw), lambda: _forwarded(raw, upstream)))

    with _Server(("127.0.0.1", free_port()), Between) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def _request(given: socket.socket) -> bytes:
    raw = b""
    while END not in raw:
        if not (more := given.recv(65_536)):
            return b""
        raw += more
    length = int(Asked(raw).headers.get("content-length", "0"))
    while len(raw.partition(END)[2]) < length:
        raw += given.recv(65_536)
    return raw


def _forwarded(raw: bytes, port: int) -> bytes:
    """Whoever asks wants the connection closed after the answer: its end is the answer's end."""
    with socket.create_connection(("127.0.0.1", port), 60) as upstream:
        upstream.sendall(raw)
        parts = []
        while part := upstream.recv(65_536):
            parts.append(part)
        return b"".join(parts)
