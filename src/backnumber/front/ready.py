"""An answer that is ready to be sent: bytes, ETag and headers, made once for each case of a page."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli

from backnumber.pages.printed import Text, digest

Pairs = list[tuple[bytes, bytes]]
PRIVATE = b"private, no-store"
SHARED_SECONDS = 60
SHARED = b"public, max-age=%d" % SHARED_SECONDS

_PACKED: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda plain: brotli.compress(plain, quality=5),
    "gzip": lambda plain: gzip.compress(plain, compresslevel=6, mtime=0),
    "": lambda plain: plain,
}


@dataclass(slots=True)
class Ready:
    """`private` and `shared` are the same answer to one reader and to anyone: they differ in Cache-Control alone."""

    body: dict[str, Any]
    etag: bytes
    private: dict[str, Any]
    shared: dict[str, Any]
    unchanged_private: dict[str, Any]
    unchanged_shared: dict[str, Any]
    size: int


def made(text: Text, filled: dict[str, bytes], coding: str, keys: tuple[str, ...], always: Pairs) -> Ready:
    """Promise: the text with its slots filled, in that coding ("br", "gzip" or ""), with all its headers.

    The main text is sent as it was printed; any other is compressed here, once.
    """
    plain = text.filled(filled)
    printed = {"br": text.brotli, "gzip": text.gzip}.get(coding) if plain == text.plain else None
    body = printed if printed is not None else _PACKED[coding](plain)
    etag = f'"{digest(plain)}{"-" + coding if coding else ""}"'.encode()
    named = (b"etag", etag)
    meta: Pairs = [*always, named, (b"surrogate-key", " ".join(keys).encode())]
    if coding:
        meta.append((b"content-encoding", coding.encode()))
    sized = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"text/html; charset=utf-8"),
        *meta,
    ]
    return Ready(
        body={"type": "http.response.body", "body": body},
        etag=etag,
        private=start(200, [*sized, (b"cache-control", PRIVATE)]),
        shared=start(200, [*sized, (b"cache-control", SHARED)]),
        unchanged_private=start(304, [*meta, (b"cache-control", PRIVATE)]),
        unchanged_shared=start(304, [*meta, (b"cache-control", SHARED)]),
        size=len(body) + 1_500,
    )


def start(status: int, headers: Pairs) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def with_header(message: dict[str, Any], name: bytes, value: bytes) -> dict[str, Any]:
    """Promise: the same answer with one header set; the ready one stays as it is."""
    kept = [pair for pair in message["headers"] if pair[0] != name or name == b"set-cookie"]
    return {**message, "headers": [*kept, (name, value)]}
