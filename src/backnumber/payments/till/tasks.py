"""Telling the shop, by the worker, until it has heard."""

import json
import urllib.request

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from backnumber.payments.till.provider import Till, secret
from backnumber.payments.till.signature import HEADER, sign

TIMEOUT_SECONDS = 10


@app.task(queue="payments", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def send_webhook(event_id: str, kind: str, payment_key: str) -> None:
    """Promise: the shop answered 2xx. Errors: URLError and HTTPError; the worker tries again."""
    body = json.dumps({"id": event_id, "type": kind, "payment": payment_key}).encode()
    address = settings.ADDRESS + reverse("payment_webhook", args=[Till.name])
    headers = {"Content-Type": "application/json", HEADER: sign(body, secret(), timezone.now())}
    request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310  # our own address
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass
