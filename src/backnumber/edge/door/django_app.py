"""Django as the door has it: an application that takes long to load, and is loaded while stored pages are sent already."""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

from backnumber.edge.door.request import Scope

log = logging.getLogger(__name__)
Application = Callable[[Scope, Any, Any], Awaitable[None]]


def end_process() -> None:
    """Nobody may go on being sent half a site: whoever started the process sees that it ended, and starts another."""
    os._exit(1)


class DjangoApp:
    """`load` makes the application, in a thread of its own; `fail` is called when it cannot."""

    def __init__(self, load: Callable[[], Application], fail: Callable[[], None] = end_process) -> None:
        self._load = load
        self._fail = fail
        self._loaded: Future[Application] = Future()
        self._begun = threading.Event()

    def begin(self) -> None:
        """Promise: it is being loaded, once."""
        if not self._begun.is_set():
            self._begun.set()
            threading.Thread(target=self._run, name="django", daemon=True).start()

    def wait(self) -> None:
        """Promise: it is loaded when this returns; for threads, never in the event loop."""
        self.begin()
        self._loaded.result()

    def _run(self) -> None:
        try:
            self._loaded.set_result(self._load())
        except BaseException as error:
            log.critical("the site cannot be loaded", exc_info=True)
            self._loaded.set_exception(error)
            self._fail()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Whoever asks before it is loaded waits; who gives up waiting stops nobody else's."""
        if not self._loaded.done():
            self.begin()
            await asyncio.shield(asyncio.wrap_future(self._loaded))
        await self._loaded.result()(scope, receive, send)
