"""Runs a WSGI application (PEP 3333) behind the door, in threads.

A thread is taken when the whole request is at hand, and is free before the response's first byte goes out: none waits for a stranger.
"""

import asyncio
import contextvars
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import unquote_to_bytes

from backnumber.edge.door.bodies import Bodies, Body, Gone
from backnumber.edge.door.refusals import Refused, send_refusal
from backnumber.edge.door.request import Request, Scope, read

log = logging.getLogger(__name__)
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

IN_MEMORY_BYTES = 1 << 20  # a longer response lies in a file without a name until it is sent
CHUNK_BYTES = 64 << 10
MOST_WAITING = 512  # requests for which no thread is free; more are told to come back
MOST_WAITING_OF_A_NETWORK = 128
STALLED_AFTER = 60  # seconds in which a reader has taken nothing of a long response


def _no_bytes() -> "SpooledTemporaryFile[bytes]":
    return SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)


@dataclass(slots=True)
class Response:
    """What the application said. `body` is closed by whoever has sent it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: "SpooledTemporaryFile[bytes]" = field(default_factory=_no_bytes)
    size: int = 0

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.body.write(chunk)


class InThreads:
    """An ASGI application that answers with a WSGI application's words, at most `threads` at once."""

    def __init__(self, app: Application, threads: int, bodies: Bodies) -> None:
        self.app = app
        self.bodies = bodies
        self.executor = ThreadPoolExecutor(threads, thread_name_prefix="WSGI")
        self._under_way: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        request = read(scope)
        try:
            async with self.bodies.whole(request, receive) as body:
                response = await self._in_a_thread(scope, request, body)
        except Gone:
            return
        except Refused as refused:
            await send_refusal(refused.status, request, send)
            return
        except Exception:
            log.exception("%s %s broke", request.method, request.address)
            await send_refusal(500, request, send)
            return
        with response.body:
            await _send(response, send)

    async def _in_a_thread(self, scope: Scope, request: Request, body: Body) -> Response:
        network = self.bodies.network_of(request)
        if self._under_way.get(network, 0) >= MOST_WAITING_OF_A_NETWORK:
            raise Refused(429)
        if sum(self._under_way.values()) >= MOST_WAITING:
            raise Refused(503)
        self._under_way[network] = self._under_way.get(network, 0) + 1
        try:
            context = contextvars.copy_context()
            environ = environ_of(scope, request, body)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.executor, context.run, respond, self.app, environ)
        finally:
            self._under_way[network] -= 1
            if not self._under_way[network]:
                del self._under_way[network]


async def _send(response: Response, send: Send) -> None:
    """A long response is sent as fast as its reader takes it, from a file: neither memory nor a thread waits."""
    await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
    response.body.seek(0)
    if response.size <= IN_MEMORY_BYTES:
        await send({"type": "http.response.body", "body": response.body.read()})
        return
    loop = asyncio.get_running_loop()
    while chunk := await loop.run_in_executor(None, response.body.read, CHUNK_BYTES):
        await asyncio.wait_for(
            _sent(send, {"type": "http.response.body", "body": chunk, "more_body": True}), STALLED_AFTER
        )
    await send({"type": "http.response.body", "body": b""})


async def _sent(send: Send, message: dict[str, Any]) -> None:
    await send(message)


def respond(app: Application, environ: dict[str, Any]) -> Response:
    """Promise: the application's whole response. For threads. Errors: what the application raises."""
    response = Response()
    try:
        chunks = app(environ, _start_into(response))
        try:
            for chunk in chunks:
                response.write(chunk)
        finally:
            getattr(chunks, "close", lambda: None)()
    except BaseException:
        response.body.close()
        raise
    return response


def _start_into(response: Response) -> Callable[..., Callable[[bytes], None]]:
    def start_response(
        status: str, headers: list[tuple[str, str]], _of_error: Any = None
    ) -> Callable[[bytes], None]:
        response.status = int(status.partition(" ")[0])
        response.headers = [
            (name.strip().lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in headers
        ]
        return response.write

    return start_response


def environ_of(scope: Scope, request: Request, body: Body) -> dict[str, Any]:
    """Promise: the request as PEP 3333 has it: bytes as Latin-1, the path unquoted but not decoded."""
    server_name, server_port = scope.get("server") or ("localhost", 80)
    body.seek(0, 2)
    size = body.tell()
    body.seek(0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.address.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": request.query.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port or 0),
        "REMOTE_ADDR": request.peer,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        environ["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(size)  # what has come: a chunked body says none
    return environ
