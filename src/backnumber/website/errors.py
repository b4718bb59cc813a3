"""What a reader sees when a form has gone stale. The other errors are templates alone: 403, 404, 500."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The reason is for the log, not for the page."""
    return render(request, "website/csrf.html", status=403)
