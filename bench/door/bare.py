"""What is compared with: the least an ASGI application can do for a reader. It checks a signed cookie and sends a file."""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Any

KEY = b"a key of the benchmark"
PAGE = Path(os.environ["BENCH_PAGE"]).read_bytes() if "BENCH_PAGE" in os.environ else b""
BODY = {"type": "http.response.body", "body": PAGE}
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(PAGE)).encode()),
        (b"cache-control", b"private, no-store"),
    ],
}
REFUSED = {"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]}


def signed(value: str) -> str:
    return f"{value}.{hmac.new(KEY, value.encode(), hashlib.sha256).hexdigest()}"


def is_signed(cookies: bytes) -> bool:
    for cookie in cookies.split(b"; "):
        name, _, content = cookie.partition(b"=")
        if name == b"session":
            value, _, seal = content.rpartition(b".")
            return hmac.compare_digest(hmac.new(KEY, value, hashlib.sha256).hexdigest().encode(), seal)
    return False


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        await _live(receive, send)
        return
    if is_signed(dict(scope["headers"]).get(b"cookie", b"")):
        await send(START)
        await send(BODY)
    else:
        await send(REFUSED)
        await send({"type": "http.response.body", "body": b""})


async def _live(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
