"""For load balancers and for Prometheus. Strangers learn a word, never why."""

import threading
import time
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backnumber.monitoring import figures, findings

_KEPT = 1.0  # seconds: however many ask, the database is asked once
_lock = threading.Lock()
_last: tuple[float, dict[str, bool]] = (float("-inf"), {})


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Whether this process answers. Under `backnumber serve` the door says it, without Django."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Readers may be sent here: the database answers and has every migration. 503 when not."""
    found = _found()
    is_ready = all(found.values())
    words = {name: "ok" if holds else "not ready" for name, holds in found.items()}
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", **words}, status=200 if is_ready else 503
    )


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Not there without a token in the settings; 401 without that token in the request."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    told = figures.as_text(timezone.now())
    return HttpResponse(told, content_type="text/plain; version=0.0.4; charset=utf-8")


def _found() -> dict[str, bool]:
    global _last
    with _lock:
        at, found = _last
        if time.monotonic() - at > _KEPT:
            found = findings.is_ready(timezone.now())
            _last = (time.monotonic(), found)
        return found
