"""Gives readers their pass, and takes it from who is signed out."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from backnumber.edge.page import passes
from backnumber.passes import service
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader

RENEWED_BEFORE = timedelta(minutes=1)  # of its end: no page is asked for twice because a pass ends on the way


def front_pass(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """After a page that changed nothing, a reader has a pass; it comes with the page, so the next one is the door's."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "public" in response.headers.get("Cache-Control", ""):
            return response  # what a shared cache may keep never carries anybody's cookie
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            if passes.COOKIE in request.COOKIES:
                response.delete_cookie(passes.COOKIE, samesite="Lax")
            return response
        if request.method in ("GET", "HEAD") and not _is_good(request, user.pk):
            _give(request, response, user)
        return response

    return respond


def _is_good(request: HttpRequest, reader: int) -> bool:
    """Whether the pass is this session's, lasts a while yet, and nothing has changed since. No query: see `backend.py`."""
    held = passes.opened(request.COOKIES.get(passes.COOKIE, ""), keyring_of("pass"))
    key = request.session.session_key
    if held is None or key is None or held.reader != reader or held.session != passes.session_digest(key):
        return False
    number = getattr(request.user, "passes_number", None) or 0
    return timezone.now() < held.until - RENEWED_BEFORE and held.generation >= number


def _give(request: HttpRequest, response: HttpResponse, reader: Reader) -> None:
    key = request.session.session_key
    value = service.issue(reader, key, timezone.now()) if key else None
    if value is None:
        response.delete_cookie(passes.COOKIE, samesite="Lax")
        return
    response.set_cookie(
        passes.COOKIE,
        value,
        max_age=int(passes.LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
