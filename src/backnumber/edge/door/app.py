"""The door: an ASGI application. It answers with the stored pages that it has; everything else goes on to Django."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backnumber.edge.door.cached_page import CachedPage
from backnumber.edge.door.change_listener import ChangeListener
from backnumber.edge.door.crawlers import Crawlers
from backnumber.edge.door.credentials import AskerFinder
from backnumber.edge.door.head_checks import check
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.page_store import PageStore, Unreachable
from backnumber.edge.door.refusals import Refused, send_refusal
from backnumber.edge.door.request import Request, Scope, read
from backnumber.edge.door.responding import Responder, Response
from backnumber.edge.door.usage_writer import UsageWriter
from backnumber.edge.page.stored import UnreadablePage

log = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Render = Callable[[str], bytes | None]
EMPTY_BODY = {"type": "http.response.body", "body": b""}


@dataclass(frozen=True, slots=True)
class RenderOnMiss:
    """How a page that is not in the store gets there: `render(address)` makes and stores it, in one of `threads`; None where no page is."""

    patterns: tuple[re.Pattern[str], ...]
    render: Render
    threads: Executor

    def may_be(self, address: str) -> bool:
        return any(pattern.fullmatch(address) for pattern in self.patterns)


class Door:
    """Promise: every request is answered by a stored page as the rule allows, or by Django."""

    def __init__(
        self,
        django: Application,
        askers: AskerFinder,
        responder: Responder,
        cache: PageCache,
        store: PageStore,
        changes: ChangeListener,
        usage: UsageWriter,
        rendering: RenderOnMiss,
        crawlers: Crawlers,
        hosts: frozenset[bytes],
    ) -> None:
        self.django = django
        self.askers = askers
        self.responder = responder
        self.cache = cache
        self.store = store
        self.changes = changes
        self.usage = usage
        self.rendering = rendering
        self.crawlers = crawlers
        self.hosts = hosts
        self._under_way: dict[str, asyncio.Future[CachedPage | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._live(scope, receive, send)
            return
        request = read(scope)
        try:
            check(request, scope, self.hosts)
        except Refused as refused:
            await send_refusal(refused.status, request, send)
            return
        terms = self.crawlers.refusal(request)
        if terms is not None:
            await send(terms.start)
            await send(EMPTY_BODY if request.method == "HEAD" else terms.body)
            return
        now = datetime.now(UTC)
        if self._is_ours(request) and self.changes.may_be_believed(now):
            page = self.cache.get(request.address, now)
            if page is None and self.rendering.may_be(request.address):
                page = await self._fetched(request.address, now)
            if page is not None and self._fits(request, page):
                response = self._response(request, page, now)
                if response is not None:
                    await send(response.start)
                    await send(response.body)
                    return
        await self.django(without_forgeries(scope), receive, send)

    def _response(self, request: Request, page: CachedPage, now: datetime) -> Response | None:
        try:
            return self.responder.respond(request, page, now)
        except UnreadablePage:
            log.exception("%s is damaged; Django answers it", request.address)
            self.cache.forget(request.address)
            return None

    def _is_ours(self, request: Request) -> bool:
        """Only what is exactly the address of a page, asked for plainly, at our own host."""
        host = request.headers.get(b"host", b"")
        return (
            (request.method == "GET" or request.method == "HEAD")
            and (host in self.hosts or host.rpartition(b":")[0] in self.hosts)
            and b"hx-request" not in request.headers
        )

    def _fits(self, request: Request, page: CachedPage) -> bool:
        """A question mark changes an article only when it brings a gift; any other page may be another with it."""
        if not request.query:
            return True
        return page.facts.kind == "article" and b"gift" not in request.query

    async def _fetched(self, address: str, now: datetime) -> CachedPage | None:
        """One asks the store, the others wait for that one."""
        under_way = self._under_way.get(address)
        if under_way is not None:
            return await asyncio.shield(under_way)
        future = self._under_way[address] = asyncio.get_running_loop().create_future()
        try:
            future.set_result(await self._from_store(address, now))
        except BaseException as error:
            future.set_result(None)
            if not isinstance(error, (Unreachable, UnreadablePage)):
                raise
        finally:
            del self._under_way[address]
        return future.result()

    async def _from_store(self, address: str, now: datetime) -> CachedPage | None:
        heard = self.cache.heard
        content = await self.store.fetch(address)
        if content is not None:
            page = self.cache.put(address, content, heard)
            if page.facts.good_until is None or now < page.facts.good_until:
                return page
        loop = asyncio.get_running_loop()
        content = await loop.run_in_executor(self.rendering.threads, self._rendered, address)
        return self.cache.put(address, content, heard) if content is not None else None

    def _rendered(self, address: str) -> bytes | None:
        try:
            return self.rendering.render(address)
        except Exception:
            log.exception("%s could not be rendered; Django answers it", address)
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
        await self.changes.begin()
        self.usage.begin()

    async def end(self) -> None:
        await self.changes.end()
        await self.store.close()
        await self.usage.end()


def without_forgeries(scope: Scope) -> Scope:
    """Promise: the request without header names that have an underscore: WSGI would take them for the ones with a hyphen."""
    if any(b"_" in name for name, _ in scope["headers"]):
        return {**scope, "headers": [pair for pair in scope["headers"] if b"_" not in pair[0]]}
    return scope
