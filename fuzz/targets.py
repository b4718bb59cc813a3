"""What is fuzzed: each target takes any bytes and must neither raise nor let the gated text out.

Run by `fuzz/run.py` with a coverage-guided fuzzer, and by the tests with the corpus that is kept here.
"""

import asyncio
import contextlib
import gzip
import struct
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import brotli

from backnumber.access import Asker, Policy, decide
from backnumber.edge.door.app import Door, RenderOnMiss
from backnumber.edge.door.crawlers import Crawlers
from backnumber.edge.door.credentials import AskerFinder, Keys
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.request import coding_of, cookies_of, matches
from backnumber.edge.door.responding import Responder
from backnumber.edge.door.usage_writer import UsageWriter
from backnumber.edge.page import passes, tokens
from backnumber.edge.page.counting import is_counted
from backnumber.edge.page.crawlers import crawler_of
from backnumber.edge.page.places import PlaceTable, nearest_untrusted
from backnumber.edge.page.seals import keyring
from backnumber.edge.page.stored import UnreadablePage, read
from backnumber.edge.page.usage import Ledger
from tests.door.pages import ADDRESS, ASKED, GATED, NOW, content

Target = Callable[[bytes], None]
KEYS = Keys(*(keyring(purpose, ("a secret that no fuzzer has",)) for purpose in ("pass", "meter", "gift")))
TRUSTED = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


class Leaked(AssertionError):
    """The gated text came back to who may not read it."""


def seal(data: bytes) -> None:
    """Nothing that the fuzzer makes up is a pass, a meter or a gift."""
    text = data.decode("latin-1")
    if passes.opened(text, KEYS.passes) is not None or tokens.gift_from(text, KEYS.gift) is not None:
        raise Leaked(text)
    if tokens.reads_from(text, KEYS.meter, NOW, timedelta(days=30)):
        raise Leaked(text)


def pass_content(data: bytes) -> None:
    """Any content under a seal of ours is read as a pass or refused; what it grants the rule can judge."""
    held = passes.opened(KEYS.passes.seal(data), KEYS.passes)
    if held is not None:
        decide(ASKED, Asker(held.reader, held.grants), NOW)


def token_content(data: bytes) -> None:
    tokens.reads_from(KEYS.meter.seal(data), KEYS.meter, NOW, timedelta(days=30))
    gift = tokens.gift_from(KEYS.gift.seal(data), KEYS.gift)
    if gift is not None:
        decide(ASKED, Asker(gift=gift), NOW)


def printed(data: bytes) -> None:
    """What is no stored page is refused by name."""
    with contextlib.suppress(UnreadablePage):
        read(data)


def headers(data: bytes) -> None:
    """What single headers are read for."""
    text = data.decode("latin-1")
    coding_of(data)
    cookies_of(data)
    matches(data, b'"etag"')
    crawler_of(text)
    is_counted("GET", {"user-agent": text, "sec-purpose": text})
    PlaceTable().at(nearest_untrusted("10.1.2.3", text.split("\n"), TRUSTED), NOW)


class _Listening:
    def may_be_believed(self, _now: object) -> bool:
        return True


class _Store:
    async def fetch(self, _address: str) -> bytes | None:
        return None


async def _django(scope: Any, receive: Any, send: Any) -> None:
    """Stands for Django: what reaches it has left the door without an answer."""


def _door(policy: Policy) -> Door:
    cache = PageCache(1 << 20, Path(tempfile.gettempdir()))
    askers = AskerFinder(KEYS, "sessionid", TRUSTED, 0, timedelta(days=30))
    responder = Responder(askers, cache, UsageWriter(lambda: "", b"key", Ledger()), [], is_secure=True)
    cache.put(ADDRESS, content(asked=replace(ASKED, policy=policy)), 0)
    rendering = RenderOnMiss((), lambda _address: None, ThreadPoolExecutor(1))
    return Door(_django, askers, responder, cache, _Store(), _Listening(), responder.usage, rendering,
                 Crawlers([]), frozenset({b"localhost"}))  # type: ignore[arg-type]  # fmt: skip


_DOORS = {policy: _door(policy) for policy in (Policy.SUBSCRIBERS, Policy.METERED, Policy.SIGN_IN)}
_loop = asyncio.new_event_loop()


def request(data: bytes) -> None:
    """A whole request: a line each for method, address, query, peer; then headers. Nobody who makes one up gets the text."""
    lines = data.split(b"\n")
    method, path, query, peer = [line.decode("latin-1") for line in (lines + [b""] * 4)[:4]]
    pairs = [
        (name.strip().lower(), value.strip())
        for name, _, value in (line.partition(b":") for line in lines[4:])
    ]
    scope = {
        "type": "http",
        "method": method,
        "path": path or ADDRESS,
        "raw_path": (path or ADDRESS).encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "client": (peer, 1),
        "headers": [(b"host", b"localhost"), *pairs],
    }
    for front in _DOORS.values():
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any], sent: list[dict[str, Any]] = sent) -> None:
            sent.append(message)

        _loop.run_until_complete(front(dict(scope), None, send))  # type: ignore[arg-type]
        _look(sent)


def _look(sent: list[dict[str, Any]]) -> None:
    if not sent:
        return
    found = dict(sent[0]["headers"])
    body: bytes = sent[1]["body"]
    if body:
        body = {b"gzip": gzip.decompress, b"br": brotli.decompress}.get(
            found.get(b"content-encoding", b""), bytes
        )(body)
    if GATED in body:
        raise Leaked(repr(sent[0]))


def record(data: bytes) -> None:
    """Lengths at the head of a stored page that lie about what follows."""
    good = content()
    for at in range(0, min(len(data), 21), 4):
        figure = struct.unpack_from(">I", data.ljust(at + 4, b"\0"), at)[0]
        printed(good[:1] + struct.pack(">I", figure) + good[5:])
    printed(good[: len(data)] + data + good[len(data) :])


TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (seal, pass_content, token_content, printed, record, headers, request)
}
