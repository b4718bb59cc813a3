"""What a mail provider, or a program beside it, tells at an address of ours. Signed, or it is not heard."""

import hmac
import json
import re
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from backnumber.longread import bounces

LATE_AFTER = 300  # seconds
_SIGNED = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def signature(body: bytes, at: int, secret: str) -> str:
    """Promise: what stands in the header `Backnumber-Signature` of a request with this body at this second."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={made}"


@csrf_exempt
@require_POST
def hear(request: HttpRequest) -> HttpResponse:
    """400 for what is not signed, late, or no list of events. Of mails that are not ours nothing is said."""
    if not settings.MAIL_EVENTS_SECRET:
        raise Http404
    now = timezone.now()
    if not _is_signed(request, now):
        return JsonResponse({"error": "the signature is wrong, or older than five minutes"}, status=400)
    try:
        told = [_told(one) for one in json.loads(request.body)["events"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "it is no list of events"}, status=400)
    known = sum(bounces.note(one, now) for one in told)
    return JsonResponse({"noted": known, "unknown": len(told) - known})


def _is_signed(request: HttpRequest, now: datetime) -> bool:
    found = _SIGNED.fullmatch(request.headers.get("Backnumber-Signature", ""))
    if not found or abs(now.timestamp() - int(found[1])) > LATE_AFTER:
        return False
    made = signature(request.body, int(found[1]), settings.MAIL_EVENTS_SECRET)
    return hmac.compare_digest(made, found[0])


def _told(one: dict[str, str]) -> bounces.Told:
    return bounces.Told(f"event {one['id']}", bounces.Kind(one["kind"]), str(one["message_id"]))
