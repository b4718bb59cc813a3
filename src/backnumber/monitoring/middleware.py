"""Each request has a number, which the log and the answer tell; how long Django took is counted."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from backnumber.monitoring.figures import SECONDS
from backnumber.monitoring.logs import request_id
from backnumber.readers.client_address import came_by_trusted_proxy

Respond = Callable[[HttpRequest], HttpResponse]

HEADER = "X-Request-ID"
# Asked by machines that know an address of ours and no name.
BY_ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def numbered(get_response: Respond) -> Respond:
    """A proxy that we trust may have given the number; nobody else's is believed."""

    def respond(request: HttpRequest) -> HttpResponse:
        number = _number(request)
        request_id.set(
            number
        )  # until the thread's next request: Django writes of a bad answer when we are done with it
        began = time.perf_counter()
        if request.path in BY_ANY_NAME:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0]
        response = get_response(request)
        SECONDS.labels(f"{response.status_code // 100}xx").observe(time.perf_counter() - began)
        response.headers[HEADER] = number
        return response

    return respond


def _number(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    if _WELL_FORMED.fullmatch(given) and came_by_trusted_proxy(request):
        return given
    return uuid4().hex
