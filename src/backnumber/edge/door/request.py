"""What the door reads off a request: once, cheaply, and as Django would read it."""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from backnumber.edge.page.bounded_cache import BoundedCache

Scope = MutableMapping[str, Any]
Headers = dict[bytes, bytes]
# Of which a request has one at most: two programs that read it may each believe another (RFC 9110, section 5.3).
_SINGLE = frozenset(
    b"host content-length content-type authorization origin referer user-agent sec-fetch-site sec-fetch-dest "
    b"if-modified-since if-unmodified-since if-range max-forwards from proxy-authorization x-forwarded-proto".split()
)


@dataclass(slots=True)
class Request:
    """A request for a page: its method, address as sent, headers (names in small letters), and the peer's address."""

    method: str
    address: str
    query: bytes
    headers: Headers
    peer: str
    is_ambiguous: bool = False


def read(scope: Scope) -> Request:
    """Promise: the request; a header sent twice is joined, cookies by semicolons, others by commas (RFC 9110, section 5.3)."""
    pairs = scope["headers"]
    headers: Headers = dict(pairs)
    if len(headers) != len(pairs):
        headers = _joined(pairs)
    client = scope.get("client")
    raw = scope.get("raw_path", b"")
    return Request(
        scope["method"],
        (raw.partition(b"?")[0] if b"?" in raw else raw).decode("latin-1") or scope["path"],
        scope.get("query_string", b""),
        headers,
        client[0] if client else "",
        len(headers) != len(pairs) and _says_twice(pairs),
    )


def _says_twice(pairs: Iterable[tuple[bytes, bytes]]) -> bool:
    single = [name for name, _ in pairs if name in _SINGLE]
    return len(single) != len(set(single))


def _joined(pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
    joined: Headers = {}
    for name, value in pairs:
        between = b"; " if name == b"cookie" else b","
        joined[name] = joined[name] + between + value if name in joined else value
    return joined


def cookies_of(header: bytes) -> dict[str, str]:
    """Promise: the cookies as Django reads them: of two with one name the last counts."""
    cookies = {}
    for chunk in header.decode("latin-1").split(";"):
        name, equals, value = chunk.partition("=")
        if equals:
            cookies[name.strip()] = value.strip()
    return cookies


_codings: BoundedCache[bytes, str] = BoundedCache(1 << 20)


def coding_of(accept: bytes) -> str:
    """Promise: "br", "gzip" or "" (as it is), by Accept-Encoding (RFC 9110, section 12.5.3); of equals the smaller."""
    known = _codings.get(accept)
    if known is None:
        known = _codings.remember(accept, _chosen_coding(accept.decode("latin-1").lower()), len(accept))
    return known


def _chosen_coding(accept: str) -> str:
    weights = {}
    for part in accept.split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = _weight(weight)
    otherwise = weights.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda coding: weights.get(coding, otherwise))
    return best if weights.get(best, otherwise) > 0 else ""


def _weight(text: str) -> float:
    name, _, figure = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(figure), 0.0), 1.0)
    except ValueError:
        return 0.0


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Promise: whether the browser has exactly this page; a star is not taken for one."""
    if if_none_match == etag:
        return True
    return etag in (one.strip().removeprefix(b"W/") for one in if_none_match.split(b","))
