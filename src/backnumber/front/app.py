"""The front door as an ASGI application. What it holds in print it answers itself; everything else goes on to Django."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backnumber.front.answering import Answer, Answering
from backnumber.front.asking import Asking
from backnumber.front.heads import check
from backnumber.front.inquiry import Inquiry, Scope, read
from backnumber.front.news import News
from backnumber.front.refusals import Refused, send_refusal
from backnumber.front.robots import Crawlers
from backnumber.front.shelf import Shelf
from backnumber.front.standing import Standing
from backnumber.front.store import Store, Unreachable
from backnumber.front.uses import Writer
from backnumber.pages.printed import NotPrinted

log = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Print = Callable[[str], bytes | None]
EMPTY_BODY = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True, slots=True)
class Printing:
    """How a page that is not in the store gets there: `make(address)` prints it, in one of `threads`; None when it is none."""

    patterns: tuple[re.Pattern[str], ...]
    make: Print
    threads: Executor

    def may_be(self, address: str) -> bool:
        return any(pattern.fullmatch(address) for pattern in self.patterns)


class Front:
    """Promise: every request is answered by a printed page as the rule allows, or by Django."""

    def __init__(
        self,
        django: Application,
        asking: Asking,
        answering: Answering,
        shelf: Shelf,
        store: Store,
        news: News,
        uses: Writer,
        printing: Printing,
        crawlers: Crawlers,
        hosts: frozenset[bytes],
    ) -> None:
        self.django = django
        self.asking = asking
        self.answering = answering
        self.shelf = shelf
        self.store = store
        self.news = news
        self.uses = uses
        self.printing = printing
        self.crawlers = crawlers
        self.hosts = hosts
        self._under_way: dict[str, asyncio.Future[Standing | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._live(scope, receive, send)
            return
        inquiry = read(scope)
        try:
            check(inquiry, scope, self.hosts)
        except Refused as refused:
            await send_refusal(refused.status, inquiry, send)
            return
        terms = self.crawlers.refusal(inquiry)
        if terms is not None:
            await send(terms.start)
            await send(EMPTY_BODY if inquiry.method == "HEAD" else terms.body)
            return
        now = datetime.now(UTC)
        if self._is_ours(inquiry) and self.news.may_be_believed(now):
            standing = self.shelf.get(inquiry.address, now)
            if standing is None and self.printing.may_be(inquiry.address):
                standing = await self._fetched(inquiry.address, now)
            if standing is not None and self._fits(inquiry, standing):
                answer = self._answer(inquiry, standing, now)
                if answer is not None:
                    await send(answer.start)
                    await send(answer.body)
                    return
        await self.django(without_forgeries(scope), receive, send)

    def _answer(self, inquiry: Inquiry, standing: Standing, now: datetime) -> Answer | None:
        try:
            return self.answering.answer(inquiry, standing, now)
        except NotPrinted:
            log.exception("%s is damaged; Django answers it", inquiry.address)
            self.shelf.forget(inquiry.address)
            return None

    def _is_ours(self, inquiry: Inquiry) -> bool:
        """Only what is exactly the address of a page, asked for plainly, at our own host."""
        host = inquiry.headers.get(b"host", b"")
        return (
            (inquiry.method == "GET" or inquiry.method == "HEAD")
            and (host in self.hosts or host.rpartition(b":")[0] in self.hosts)
            and b"hx-request" not in inquiry.headers
        )

    def _fits(self, inquiry: Inquiry, standing: Standing) -> bool:
        """A question mark changes an article only when it brings a gift; any other page may be another with it."""
        if not inquiry.query:
            return True
        return standing.kept.kind == "article" and b"gift" not in inquiry.query

    async def _fetched(self, address: str, now: datetime) -> Standing | None:
        """One asks the store, the others wait for that one."""
        under_way = self._under_way.get(address)
        if under_way is not None:
            return await asyncio.shield(under_way)
        future = self._under_way[address] = asyncio.get_running_loop().create_future()
        try:
            future.set_result(await self._from_store(address, now))
        except BaseException as error:
            future.set_result(None)
            if not isinstance(error, (Unreachable, NotPrinted)):
                raise
        finally:
            del self._under_way[address]
        return future.result()

    async def _from_store(self, address: str, now: datetime) -> Standing | None:
        heard = self.shelf.news
        content = await self.store.fetch(address)
        if content is not None:
            standing = self.shelf.put(address, content, heard)
            if standing.kept.good_until is None or now < standing.kept.good_until:
                return standing
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(self.printing.threads, self._printed, address)
        return self.shelf.put(address, content, heard) if content is not None else None

    def _printed(self, address: str) -> bytes | None:
        try:
            return self.printing.make(address)
        except Exception:
            log.exception("%s could not be printed; Django answers it", address)
            return None

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's lifespan: begins to listen and to write before the first request, and writes what is left at the end."""
        if scope["type"] != "lifespan":
            await send({"type": "websocket.close", "code": 1000})
            return
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.begin()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def begin(self) -> None:
        await self.news.begin()
        self.uses.begin()

    async def end(self) -> None:
        await self.news.end()
        await self.store.close()
        await self.uses.end()


def without_forgeries(scope: Scope) -> Scope:
    """Promise: the request without header names that have an underscore: WSGI would take them for the ones with a hyphen."""
    if any(b"_" in name for name, _ in scope["headers"]):
        return {**scope, "headers": [pair for pair in scope["headers"] if b"_" not in pair[0]]}
    return scope
