"""What a reader sees when a form has gone stale, when something broke, or when the database is away. 403 and 404 are
templates alone.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

AGAIN_AFTER = "30"  # seconds


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # named by Django
    """The reason is for the log, not for the page."""
    return render(request, "website/csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """With the database away it says so, and what became of a form; these pages ask nothing of the database themselves."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        page = render_to_string("503.html", {"was_sent": request.method not in ("GET", "HEAD")})
        away = HttpResponse(page, status=503)
        away.headers["Retry-After"] = AGAIN_AFTER
        away.headers["Cache-Control"] = "private, no-store"
        return away
    return HttpResponse(render_to_string("500.html"), status=500)
