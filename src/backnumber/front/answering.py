"""From a page at hand and who asks to the bytes that are sent: one decision, one ready answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backnumber.access import Decision, Read, Reason, decide, may_be_shared, open_everything, supposed
from backnumber.front.asking import Asking, Brought
from backnumber.front.inquiry import Inquiry, coding_of, matches
from backnumber.front.ready import SHARED_SECONDS, Pairs, Ready, as_printed, filled, with_header
from backnumber.front.shelf import Shelf
from backnumber.front.standing import Standing
from backnumber.front.uses import Writer
from backnumber.pages import slots, tokens
from backnumber.pages.passes import Pass

NO_BODY = {"type": "http.response.body", "body": b""}


@dataclass(slots=True)
class Answer:
    """The two messages of an ASGI answer."""

    start: dict[str, Any]
    body: dict[str, Any]


class Answering:
    """`always` is sent with every page: the headers that Django's answers have too."""

    def __init__(self, asking: Asking, shelf: Shelf, uses: Writer, always: Pairs, *, is_secure: bool) -> None:
        self.asking = asking
        self.shelf = shelf
        self.uses = uses
        self.always = always
        self.is_secure = is_secure

    def answer(self, inquiry: Inquiry, standing: Standing, now: datetime) -> Answer | None:
        """Promise: what this asker gets of this page at `now`; None when it is for Django to say."""
        cookies = inquiry.headers.get(b"cookie")
        brought = self.asking.brought(cookies or b"")
        if brought.is_djangos:
            return None
        asked = standing.kept.asked
        if asked is None:
            return self._listing(inquiry, brought, standing, now)
        asker = self.asking.asker(inquiry, brought, asked, now)
        if asker is None:
            return None
        decision = decide(asked, asker, now)
        if not decision.allowed and asker.reader is not None:
            return None  # a reader's gate names what they had; Django knows
        ready = self._ready(inquiry, standing, decision, asker.reader is not None)
        if ready is None:
            return None
        if inquiry.method == "GET":
            agent = inquiry.headers.get(b"user-agent", b"")
            self.uses.note(asked, asker, decision, self.asking.came_from(inquiry), agent, now)
        shared = cookies is None and may_be_shared(decision)
        answer = _sent(inquiry, ready, shared=shared)
        if shared and decision.window is not None:
            answer.start = _until(answer.start, decision, now)
        if decision.meter is not None and decision.meter.spends:
            assert asker.meter is not None
            cookie = tokens.reads_cookie(
                (*asker.meter.reads, Read(asked.article, now)), self.asking.keys.meter
            )
            answer.start = with_header(answer.start, b"set-cookie", self._cookie(tokens.METER_COOKIE, cookie))
        return answer

    def _listing(
        self, inquiry: Inquiry, brought: Brought, standing: Standing, now: datetime
    ) -> Answer | None:
        """A page that anyone may see; who is signed in sees so."""
        held = brought.held
        signed_in = held is not None and brought.has_session and self.asking.voided.holds(held, now)
        if brought.has_session and not signed_in:
            return None
        decision = self._everything(inquiry, held if signed_in else None, now)
        ready = self._ready(inquiry, standing, decision, signed_in)
        shared = inquiry.headers.get(b"cookie") is None and decision is None
        return _sent(inquiry, ready, shared=shared) if ready else None

    def _everything(self, inquiry: Inquiry, held: Pass | None, now: datetime) -> Decision | None:
        """As for a reader with a right, when the whole archive is open to who asks, by a right of theirs or of their library; else None.
        Nothing is decided on such a page.
        """
        place = self.asking.place(inquiry, now)
        grants = (*(held.grants if held is not None else ()), *(place.grants if place is not None else ()))
        return supposed(True, Reason.GRANT) if open_everything(grants, now) else None

    def _ready(
        self, inquiry: Inquiry, standing: Standing, decision: Decision | None, signed_in: bool
    ) -> Ready | None:
        coding = coding_of(inquiry.headers.get(b"accept-encoding", b""))
        case = (coding, signed_in, decision.reason if decision else None, _told_apart(decision))
        ready = standing.ready.get(case)
        if ready is None:
            ready = self._made(standing, decision, signed_in, coding)
            if ready is not None:
                standing.ready[case] = ready
                self.shelf.grown(standing, ready.size)
        return ready

    def _made(
        self, standing: Standing, decision: Decision | None, signed_in: bool, coding: str
    ) -> Ready | None:
        kept, reason = standing.kept, decision.reason if decision else None
        text = kept.whole if decision is not None and decision.allowed else kept.closed
        if text is None:
            return None
        if not text.cases & slots.case_of(reason, signed_in):
            whole = standing.text(text)
            chosen = slots.fillings(whole, decision, signed_in)
            if chosen is None:
                return None
            if not whole.is_main(chosen):
                return filled(whole.filled(chosen), coding, kept.keys, self.always)
        return as_printed(standing.printed(text, coding), text.digest, coding, kept.keys, self.always)

    def _cookie(self, name: str, value: str) -> bytes:
        seconds = int(self.asking.period.total_seconds())
        secure = "; Secure" if self.is_secure else ""
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}".encode()


def _told_apart(decision: Decision | None) -> object:
    if decision is None or decision.reason not in slots.TOLD_APART:
        return None
    if decision.meter is not None:
        return decision.meter.left
    return decision.window.why if decision.window else decision.place.name if decision.place else None


def _sent(inquiry: Inquiry, ready: Ready, *, shared: bool) -> Answer:
    if_none_match = inquiry.headers.get(b"if-none-match")
    if if_none_match is not None and matches(if_none_match, ready.etag):
        return Answer(ready.start_of_unchanged(shared), NO_BODY)
    return Answer(ready.start(shared), ready.body if inquiry.method == "GET" else NO_BODY)


def _until(start: dict[str, Any], decision: Decision, now: datetime) -> dict[str, Any]:
    """What is free for a time may not be kept by anyone beyond it."""
    closes = slots.closes_at(decision)
    left = int((closes.astimezone(UTC) - now).total_seconds()) if closes else SHARED_SECONDS
    if left >= SHARED_SECONDS:
        return start
    return with_header(start, b"cache-control", b"public, max-age=%d" % max(left, 0))
