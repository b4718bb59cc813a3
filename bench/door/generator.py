"""A load generator for where there is no wrk, and for servers whose last answers must be waited for. No module of ours: it starts at once.

    generator.py PORT FOLDER CONNECTIONS (--seconds S [--pause MS] | --once)

Each connection has one request under way. Prints what `wrk.lua` prints.
"""

import argparse
import json
import random
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path


@dataclass(slots=True)
class Line:
    """A connection: when its request was sent (0: it waits until `due`), and what of the answer has come."""

    inner: socket.socket
    sent: float = 0.0
    due: float = 0.0
    got: bytearray | None = None


class Generator:
    def __init__(self, folder: Path, *, seconds: float, pause: float, once: bool) -> None:
        self._requests = _requests(folder, once=once)
        self._until = time.perf_counter() + seconds if not once else float("inf")
        self._pause = pause / 1000
        self._selector = selectors.DefaultSelector()
        self.took: list[float] = []
        self.errors = 0

    def run(self, port: int, connections: int) -> None:
        lines = [self._opened(port) for _ in range(connections)]
        busy = sum(self._send(line) for line in lines)
        while busy:
            waits = [line for line in lines if line.due]
            for key, _ in self._selector.select(0.001 if waits else 1.0):
                if self._take(key.data):
                    busy += self._next(key.data) - 1
            now = time.perf_counter()
            busy += sum(self._send(line) - 1 for line in waits if line.due <= now)

    def _opened(self, port: int) -> Line:
        line = Line(socket.create_connection(("127.0.0.1", port)))
        line.inner.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(line.inner, selectors.EVENT_READ, line)
        return line

    def _next(self, line: Line) -> bool:
        """A line that waits for its turn is busy too."""
        if not self._pause:
            return self._send(line)
        line.due = time.perf_counter() + random.uniform(0, 2 * self._pause)
        return True

    def _send(self, line: Line) -> bool:
        line.due = 0.0
        request = next(self._requests, None) if time.perf_counter() < self._until else None
        if request is None:
            return False
        line.got, line.sent = bytearray(), time.perf_counter()
        line.inner.sendall(request)
        return True

    def _take(self, line: Line) -> bool:
        """Whether the answer has come whole."""
        assert line.got is not None
        piece = line.inner.recv(262_144)
        if not piece:
            raise ConnectionError("the server has shut the connection")
        line.got += piece
        end = line.got.find(b"\r\n\r\n")
        if end < 0 or len(line.got) < end + 4 + _length(bytes(line.got[:end])):
            return False
        self.errors += line.got[9:10] not in b"23"
        self.took.append(time.perf_counter() - line.sent)
        return True


def _length(head: bytes) -> int:
    lowered = head.lower()
    if lowered[9:12] == b"304":
        return 0
    _, named, rest = lowered.partition(b"content-length:")
    if not named:
        raise ValueError(f"an answer without a length: {head!r}")
    return int(rest.partition(b"\r")[0])


def _requests(folder: Path, *, once: bool) -> Iterator[bytes]:
    addresses = (folder / "addresses").read_text().split("\n")
    heads = (folder / "heads").read_bytes().split(b"\0")
    order = [int(number) for number in (folder / "order").read_text().split()]
    for at in range(len(order)) if once else count():
        address = addresses[order[at % len(order)]]
        yield b"GET %b HTTP/1.1\r\n%b" % (address.encode(), heads[at % len(heads)])


def main() -> None:
    said = argparse.ArgumentParser()
    said.add_argument("port", type=int)
    said.add_argument("folder", type=Path)
    said.add_argument("connections", type=int)
    said.add_argument("--seconds", type=float, default=0.0)
    said.add_argument("--pause", type=float, default=0.0)
    said.add_argument("--once", action="store_true")
    told = said.parse_args()
    generator = Generator(told.folder, seconds=told.seconds, pause=told.pause, once=told.once)
    began = time.perf_counter()
    generator.run(told.port, told.connections)
    took = sorted(generator.took)
    measure = {
        "requests": len(took),
        "errors": generator.errors,
        "seconds": time.perf_counter() - began,
        "p50": took[len(took) // 2] * 1000,
        "p99": took[int(len(took) * 0.99)] * 1000,
        "worst": took[-1] * 1000,
    }
    print("MEASURE " + json.dumps(measure))


if __name__ == "__main__":
    main()
