"""What our own providers tell the shop: a signed event, sent by the worker to the address that every provider uses."""

import json
import urllib.request
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from backnumber.payments.provider import Event, Forged
from backnumber.payments.signatures import is_genuine, sign

TIMEOUT_SECONDS = 10


def send(provider: str, header: str, secret: bytes, *, event_id: str, kind: str, about: str) -> None:
    """Promise: the shop answered 2xx. Errors: URLError and HTTPError; the worker tries again."""
    body = json.dumps({"id": event_id, "type": kind, "payment": about}).encode()
    address = settings.ADDRESS + reverse("payment_webhook", args=[provider])
    headers = {"Content-Type": "application/json", header: sign(body, secret, timezone.now())}
    request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310  # our own address
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass


def heard(header: str, secret: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    """Promise: the event that was signed with the secret. Errors: Forged."""
    if not is_genuine(headers.get(header, ""), body, secret, now):
        raise Forged("the signature does not hold")
    try:
        told = json.loads(body)
        return Event(_text(told["id"]), _text(told["type"]), _text(told["payment"]))
    except (ValueError, KeyError, TypeError) as problem:
        raise Forged("this is no event") from problem


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 120:
        raise ValueError("a short text was expected")
    return value
