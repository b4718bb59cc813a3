"""From a page and who asks for it to the bytes that are sent: one decision, one prepared response."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backnumber.access import Decision, Read, Reason, decide, may_be_shared, open_everything, supposed
from backnumber.edge.door.cached_page import CachedPage
from backnumber.edge.door.credentials import AskerFinder, Credentials
from backnumber.edge.door.page_cache import PageCache
from backnumber.edge.door.prepared_response import (
    SHARED_SECONDS,
    Pairs,
    PreparedResponse,
    as_stored,
    filled,
    with_header,
)
from backnumber.edge.door.request import Request, coding_of, matches
from backnumber.edge.door.usage_writer import UsageWriter
from backnumber.edge.page import slots, tokens
from backnumber.edge.page.passes import Pass

NO_BODY = {"type": "http.response.body", "body": b""}


@dataclass(slots=True)
class Response:
    """The two messages of an ASGI response."""

    start: dict[str, Any]
    body: dict[str, Any]


class Responder:
    """`always` is sent with every page: the headers that Django's responses have too."""

    def __init__(
        self, askers: AskerFinder, cache: PageCache, usage: UsageWriter, always: Pairs, *, is_secure: bool
    ) -> None:
        self.askers = askers
        self.cache = cache
        self.usage = usage
        self.always = always
        self.is_secure = is_secure

    def respond(self, request: Request, page: CachedPage, now: datetime) -> Response | None:
        """Promise: what this asker gets of this page at `now`; None when it is for Django to say."""
        cookies = request.headers.get(b"cookie")
        credentials = self.askers.credentials(cookies or b"")
        if credentials.is_for_django:
            return None
        asked = page.facts.asked
        if asked is None:
            return self._listing(request, credentials, page, now)
        asker = self.askers.asker(request, credentials, asked, now)
        if asker is None:
            return None
        decision = decide(asked, asker, now)
        if not decision.allowed and asker.reader is not None:
            return None  # a reader's gate names what they had; Django knows
        prepared = self._prepared(request, page, decision, asker.reader is not None)
        if prepared is None:
            return None
        if request.method == "GET":
            agent = request.headers.get(b"user-agent", b"")
            self.usage.note(asked, asker, decision, self.askers.client_address(request), agent, now)
        shared = cookies is None and may_be_shared(decision)
        response = _sent(request, prepared, shared=shared)
        if shared and decision.window is not None:
            response.start = _until(response.start, decision, now)
        if decision.meter is not None and decision.meter.spends:
            assert asker.meter is not None
            cookie = tokens.reads_cookie(
                (*asker.meter.reads, Read(asked.article, now)), self.askers.keys.meter
            )
            response.start = with_header(
                response.start, b"set-cookie", self._cookie(tokens.METER_COOKIE, cookie)
            )
        return response

    def _listing(
        self, request: Request, credentials: Credentials, page: CachedPage, now: datetime
    ) -> Response | None:
        """A page that anyone may see; who is signed in sees so."""
        held = credentials.bearer_pass
        signed_in = held is not None and credentials.has_session and self.askers.revoked.holds(held, now)
        if credentials.has_session and not signed_in:
            return None
        decision = self._everything(request, held if signed_in else None, now)
        prepared = self._prepared(request, page, decision, signed_in)
        shared = request.headers.get(b"cookie") is None and decision is None
        return _sent(request, prepared, shared=shared) if prepared else None

    def _everything(self, request: Request, held: Pass | None, now: datetime) -> Decision | None:
        """As for a reader with a right, when the whole archive is open to who asks, by a right of theirs or of their library; else None.
        Nothing is decided on such a page.
        """
        place = self.askers.place(request, now)
        grants = (*(held.grants if held is not None else ()), *(place.grants if place is not None else ()))
        return supposed(True, Reason.GRANT) if open_everything(grants, now) else None

    def _prepared(
        self, request: Request, page: CachedPage, decision: Decision | None, signed_in: bool
    ) -> PreparedResponse | None:
        coding = coding_of(request.headers.get(b"accept-encoding", b""))
        case = (coding, signed_in, decision.reason if decision else None, _told_apart(decision))
        prepared = page.prepared.get(case)
        if prepared is None:
            prepared = self._made(page, decision, signed_in, coding)
            if prepared is not None:
                page.prepared[case] = prepared
                self.cache.grown(page, prepared.size)
        return prepared

    def _made(
        self, page: CachedPage, decision: Decision | None, signed_in: bool, coding: str
    ) -> PreparedResponse | None:
        facts, reason = page.facts, decision.reason if decision else None
        text = facts.whole if decision is not None and decision.allowed else facts.closed
        if text is None:
            return None
        if not text.cases & slots.case_of(reason, signed_in):
            whole = page.text(text)
            chosen = slots.fillings(whole, decision, signed_in)
            if chosen is None:
                return None
            if not whole.is_main(chosen):
                return filled(whole.filled(chosen), coding, facts.keys, self.always)
        return as_stored(page.compressed(text, coding), text.digest, coding, facts.keys, self.always)

    def _cookie(self, name: str, value: str) -> bytes:
        seconds = int(self.askers.period.total_seconds())
        secure = "; Secure" if self.is_secure else ""
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}".encode()


def _told_apart(decision: Decision | None) -> object:
    if decision is None or decision.reason not in slots.TOLD_APART:
        return None
    if decision.meter is not None:
        return decision.meter.left
    return decision.window.why if decision.window else decision.place.name if decision.place else None


def _sent(request: Request, prepared: PreparedResponse, *, shared: bool) -> Response:
    if_none_match = request.headers.get(b"if-none-match")
    if if_none_match is not None and matches(if_none_match, prepared.etag):
        return Response(prepared.start_of_unchanged(shared), NO_BODY)
    return Response(prepared.start(shared), prepared.body if request.method == "GET" else NO_BODY)


def _until(start: dict[str, Any], decision: Decision, now: datetime) -> dict[str, Any]:
    """What is free for a time may not be kept by anyone beyond it."""
    closes = slots.closes_at(decision)
    left = int((closes.astimezone(UTC) - now).total_seconds()) if closes else SHARED_SECONDS
    if left >= SHARED_SECONDS:
        return start
    return with_header(start, b"cache-control", b"public, max-age=%d" % max(left, 0))
