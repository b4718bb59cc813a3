"""What the worker does for accounts."""

from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app

from backnumber.readers import devices, service


@app.periodic(cron="17 3 * * *")
@app.task(queue="readers")
def forget_unconfirmed(timestamp: int) -> None:
    """Promise: sign-ups nobody confirmed are forgotten, every night."""
    service.forget_unconfirmed(datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="27 3 * * *")
@app.task(queue="readers")
def forget_sessions(timestamp: int) -> None:
    """Promise: sessions that have run out, and why others were ended, are forgotten, every night."""
    SessionStore.clear_expired()
    devices.forget_ended(datetime.fromtimestamp(timestamp, UTC))
