"""Turns away crawlers that are to pay first, before anything else is looked at: 402 (RFC 9110, section 15.5.3) and the terms."""

from typing import Any
from urllib.parse import quote

from backnumber.edge.door.prepared_response import Pairs, start
from backnumber.edge.door.request import Request
from backnumber.edge.page.bounded_cache import BoundedCache
from backnumber.edge.page.crawlers import LONGEST_NAME, Stance, Stances

_ALWAYS_OPEN = frozenset({"/robots.txt", "/llms.txt"})  # where the policy itself stands
_REMEMBERED_BYTES = 2 << 20
_OF_AN_ADDRESS = "%/:=&?~#+!$,;'@()*[]"


class Terms:
    """The response to a crawler that is to pay."""

    def __init__(self, stances: Stances, always: Pairs) -> None:
        words = stances.terms or "These pages may be read by paying programs only."
        body = f"{words}\n{stances.terms_address}".strip().encode() + b"\n"
        headers = [
            *always,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"private, no-store"),
            (b"vary", b"User-Agent"),
        ]
        if stances.terms_address:  # https://www.rfc-editor.org/rfc/rfc6903#section-4
            address = quote(stances.terms_address, safe=_OF_AN_ADDRESS)
            headers.append((b"link", f'<{address}>; rel="terms-of-service"'.encode()))
        self.start: dict[str, Any] = start(402, headers)
        self.body: dict[str, Any] = {"type": "http.response.body", "body": body}


class Crawlers:
    """Knows a crawler by its name; asks the publisher's table."""

    def __init__(self, always: Pairs) -> None:
        self._always = always
        self.set(Stances())

    def set(self, stances: Stances) -> None:
        self._stances = stances
        self._terms = Terms(stances, self._always)
        self._open = _ALWAYS_OPEN | ({stances.terms_path} if stances.terms_path else set())
        self._is_to_pay: BoundedCache[bytes, bool] = BoundedCache(_REMEMBERED_BYTES)
        self._any = Stance.PAID in stances.by_token.values()

    def refusal(self, request: Request) -> Terms | None:
        """Promise: the terms for who is to pay; None for anybody else, and for where the policy and the terms stand."""
        if not self._any or request.address in self._open:
            return None
        agent = request.headers.get(b"user-agent", b"")[:LONGEST_NAME]
        known = self._is_to_pay.get(agent)
        if known is None:
            known = self._stances.towards(agent.decode("latin-1")) is Stance.PAID
            self._is_to_pay.remember(agent, known, len(agent))
        return self._terms if known else None
