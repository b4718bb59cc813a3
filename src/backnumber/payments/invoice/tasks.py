"""Telling the shop what staff entered, by the worker, until it has heard."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from backnumber.payments import telling
from backnumber.payments.invoice.signature import HEADER, secret


@app.task(queue="payments", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def tell_of_invoice(event_id: str, kind: str, payment_key: str) -> None:
    """Promise: the shop answered 2xx. Errors: URLError and HTTPError; the worker tries again."""
    telling.send("invoice", HEADER, secret(), event_id=event_id, kind=kind, about=payment_key)
