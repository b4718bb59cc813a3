"""A response as it is sent: body, ETag and headers, made once for each case of a page."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import brotli

from backnumber.edge.page.text import digest

Pairs = list[tuple[bytes, bytes]]
PRIVATE = b"private, no-store"
SHARED_SECONDS = 60
SHARED = b"public, max-age=%d" % SHARED_SECONDS
PYTHON_BYTES = 1_800  # what a response costs beside its body, measured with tracemalloc

_PACKED: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda plain: brotli.compress(plain, quality=5),
    "gzip": lambda plain: gzip.compress(plain, compresslevel=6, mtime=0),
    "": lambda plain: plain,
}


@dataclass(slots=True)
class PreparedResponse:
    """One response, as it is sent to its reader alone and as anyone may keep it: the two differ in Cache-Control alone.

    `meta` goes with a 304 too, `sized` with what has a body only.
    """

    body: dict[str, Any]
    etag: bytes
    meta: Pairs
    sized: Pairs
    size: int
    whole: dict[bool, dict[str, Any]] = field(default_factory=dict)
    unchanged: dict[bool, dict[str, Any]] = field(default_factory=dict)

    def start(self, shared: bool) -> dict[str, Any]:
        """Promise: the first message of the response with its body, made once for each of the two cases."""
        if shared not in self.whole:
            self.whole[shared] = start(200, [*self.sized, *self.meta, _cache_control(shared)])
        return self.whole[shared]

    def start_of_unchanged(self, shared: bool) -> dict[str, Any]:
        """Promise: the same of a 304."""
        if shared not in self.unchanged:
            self.unchanged[shared] = start(304, [*self.meta, _cache_control(shared)])
        return self.unchanged[shared]


def _cache_control(shared: bool) -> tuple[bytes, bytes]:
    return (b"cache-control", SHARED if shared else PRIVATE)


def as_stored(body: bytes, named: str, coding: str, keys: bytes, always: Pairs) -> PreparedResponse:
    """Promise: the body with all its headers. `named` is the digest of its text, `coding` what it is in: "br", "gzip" or ""."""
    etag = f'"{named}{"-" + coding if coding else ""}"'.encode()
    meta: Pairs = [*always, (b"etag", etag), (b"surrogate-key", keys)]
    if coding:
        meta.append((b"content-encoding", coding.encode()))
    sized = [(b"content-length", b"%d" % len(body)), (b"content-type", b"text/html; charset=utf-8")]
    return PreparedResponse(
        {"type": "http.response.body", "body": body}, etag, meta, sized, len(body) + PYTHON_BYTES
    )


def filled(plain: bytes, coding: str, keys: bytes, always: Pairs) -> PreparedResponse:
    """Promise: a text that is not the stored one with all its headers, compressed here."""
    return as_stored(_PACKED[coding](plain), digest(plain), coding, keys, always)


def start(status: int, headers: Pairs) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def with_header(message: dict[str, Any], name: bytes, value: bytes) -> dict[str, Any]:
    """Promise: the same message with one header set; the prepared one stays as it is."""
    kept = [pair for pair in message["headers"] if pair[0] != name or name == b"set-cookie"]
    return {**message, "headers": [*kept, (name, value)]}
