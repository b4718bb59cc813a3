"""Handing mails over, by the worker."""

import base64

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from backnumber.post import carrier


@app.task(queue="post", retry=RetryStrategy(max_attempts=12, exponential_wait=4))
def deliver(sender: str, recipients: list[str], message: str) -> None:
    """Promise: the mail is handed over, or tried again for about a day."""
    carrier.carry(sender, recipients, base64.b64decode(message))
