"""Readers who ask one page again and again, each in a thread, and remember every answer."""

import http.client
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Seen:
    """One answer: when it was asked for and when it had come (time.time), its status and its text."""

    asked_at: float
    came_at: float
    status: int
    text: str


@dataclass
class Crowd:
    """Who asks. `breaks` counts connections that broke: a server that is killed breaks them."""

    address: str
    headers: Mapping[str, str]
    pause: float = 0.01
    seen: list[Seen] = field(default_factory=list)
    breaks: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def since(self, moment: float) -> list[Seen]:
        return [one for one in self.seen if one.asked_at >= moment]

    def ask_on(self) -> None:
        where = urlsplit(self.address)
        line: http.client.HTTPConnection | None = None
        while not self._over.is_set():
            try:
                line = line or http.client.HTTPConnection("127.0.0.1", where.port, timeout=10)
                asked_at = time.time()
                line.request("GET", where.path, headers={"Host": where.netloc, **self.headers})
                answer = line.getresponse()
                text = answer.read().decode()
                self.seen.append(Seen(asked_at, time.time(), answer.status, text))
            except (OSError, http.client.HTTPException):
                self.breaks += 1
                if line is not None:
                    line.close()
                line = None
                time.sleep(0.05)
            time.sleep(self.pause)
        if line is not None:
            line.close()


@contextmanager
def asking(*crowds: Crowd, threads: int = 3) -> Iterator[None]:
    """Promise: each crowd asks, in so many threads, while the block lasts."""
    running = [threading.Thread(target=crowd.ask_on, daemon=True) for crowd in crowds for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        for crowd in crowds:
            crowd._over.set()
        for thread in running:
            thread.join(15)
