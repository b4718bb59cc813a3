"""What goes with every article that Django shows, as a page or to a program: who may keep it, and a note that it was used."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from backnumber.access import Asked, Asker, Decision, may_be_shared
from backnumber.edge.page import slots
from backnumber.edge.page.usage import LEDGER, line
from backnumber.readers.client_address import address_of
from backnumber.usage.service import digest_key

KEPT_SECONDS = 60  # how long a shared cache may keep a page that is the same for everybody


def note_use(request: HttpRequest, asked: Asked, asker: Asker, decision: Decision, now: datetime) -> None:
    """Promise: written down with what the door notes, soon; a HEAD is no use."""
    if request.method != "GET":
        return
    came_from, agent = address_of(request), request.headers.get("User-Agent", "").encode("latin-1", "replace")
    LEDGER.note(line(asked, asker, decision, came_from, agent, now, digest_key()))


def with_cache_headers(
    response: HttpResponse, request: HttpRequest, decision: Decision, now: datetime
) -> HttpResponse:
    """Promise: an answer that anyone gets, cookie or none, may be shared for a minute, and never beyond the end of the time for
    which it is free; any other is the reader's own.
    """
    patch_vary_headers(response, ["Cookie"])
    if request.COOKIES or request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or not may_be_shared(decision):
        response.headers["Cache-Control"] = "private, no-store"
        return response
    closes = slots.closes_at(decision)
    seconds = min(KEPT_SECONDS, int((closes - now).total_seconds())) if closes else KEPT_SECONDS
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
