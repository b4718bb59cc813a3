"""Telling the shop, by the worker, until it has heard."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from backnumber.payments import telling
from backnumber.payments.till.signature import HEADER, secret


@app.task(queue="payments", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def send_webhook(event_id: str, kind: str, payment_key: str) -> None:
    """Promise: the shop answered 2xx. Errors: URLError and HTTPError; the worker tries again."""
    telling.send("till", HEADER, secret(), event_id=event_id, kind=kind, about=payment_key)
