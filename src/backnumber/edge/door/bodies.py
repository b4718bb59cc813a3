"""Reads the bodies of requests, in the event loop, before a thread of Django's is taken: with limits of size, time and number."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

from backnumber.edge.door.refusals import Refused
from backnumber.edge.door.request import Request

Receive = Callable[[], Awaitable[Any]]
Body = SpooledTemporaryFile[bytes]

WITHOUT_BODY = frozenset(
    {"GET", "HEAD", "OPTIONS", "TRACE"}
)  # a body of theirs means nothing and is not read
IN_MEMORY_BYTES = 64 << 10  # a longer body lies in a file without a name


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one process. "Of a network" is for those that come from one IPv4 address or one IPv6 /64."""

    form_bytes: int = 512 << 10
    upload_bytes: int = 64 << 20
    patience: float = 10.0  # seconds for whoever sends nothing
    least_rate: int = (
        1_024  # bytes a second, on average, from then on: the slowest telephone line has three times as much
    )
    bodies: int = 256
    bodies_of_a_network: int = 32
    bytes_at_once: int = 1 << 30
    bytes_of_a_network: int = 256 << 20


class Gone(Exception):
    """Whoever asked has hung up; there is nobody to answer."""


@dataclass(slots=True)
class Held:
    """How much of one body has come, and from where."""

    network: str
    size: int = 0


class Bodies:
    """`network_of` says whose a request is, `may_upload` which may be as large as a file."""

    def __init__(
        self,
        network_of: Callable[[Request], str],
        may_upload: Callable[[Request], bool],
        limits: Limits | None = None,
    ) -> None:
        self.network_of = network_of
        self.may_upload = may_upload
        self.limits = limits or Limits()
        self._bodies: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    @asynccontextmanager
    async def whole(self, request: Request, receive: Receive) -> AsyncIterator[Body]:
        """Promise: the whole body, at its beginning; it counts as under way until the block ends.

        Errors: Refused with 400, 408, 413, 429 or 503; Gone.
        """
        if request.method in WITHOUT_BODY or request.headers.get(b"content-length") == b"0":
            yield Body()
            return
        most = self._most(request)
        network = self.network_of(request)
        self._check_number(network)
        self._bodies[network] += 1
        held = Held(network)
        try:
            with Body(max_size=IN_MEMORY_BYTES) as body:
                await self._receive_into(body, held, most, receive)
                body.seek(0)
                yield body
        finally:
            _take(self._bodies, network, 1)
            _take(self._bytes, network, held.size)

    def _most(self, request: Request) -> int:
        declared = request.headers.get(b"content-length")
        most = self.limits.upload_bytes if self.may_upload(request) else self.limits.form_bytes
        if declared is not None and not (declared.isdigit() and len(declared) < 20):
            raise Refused(400)
        if declared is not None and int(declared) > most:
            raise Refused(413)
        return most

    def _check_number(self, network: str) -> None:
        """The network's own limit first: whoever is over it takes no place of the others."""
        if self._bodies[network] >= self.limits.bodies_of_a_network:
            raise Refused(429)
        if self._bodies.total() >= self.limits.bodies:
            raise Refused(503)

    async def _receive_into(self, body: Body, held: Held, most: int, receive: Receive) -> None:
        began = time.monotonic()
        while True:
            until = began + self.limits.patience + held.size / self.limits.least_rate
            message = await _in_time(receive, until - time.monotonic())
            chunk = message.get("body", b"")
            held.size += len(chunk)
            self._bytes[held.network] += len(chunk)
            if held.size > most:
                raise Refused(413)
            if self._bytes[held.network] > self.limits.bytes_of_a_network:
                raise Refused(429)
            if self._bytes.total() > self.limits.bytes_at_once:
                raise Refused(503)
            body.write(chunk)
            if not message.get("more_body"):
                return


async def _in_time(receive: Receive, seconds: float) -> dict[str, Any]:
    try:
        message: dict[str, Any] = await asyncio.wait_for(_coroutine(receive), max(seconds, 0.001))
    except TimeoutError:
        raise Refused(408) from None
    if message["type"] != "http.request":
        raise Gone
    return message


async def _coroutine(receive: Receive) -> Any:
    """Granian's `receive` gives a future of its own kind; a task is made of a coroutine only."""
    return await receive()


def _take(counted: Counter[str], network: str, number: int) -> None:
    counted[network] -= number
    if counted[network] <= 0:
        del counted[network]
