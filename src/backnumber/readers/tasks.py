"""What the worker does for accounts."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from backnumber.readers import service


@app.periodic(cron="17 3 * * *")
@app.task(queue="readers")
def forget_unconfirmed(timestamp: int) -> None:
    """Promise: sign-ups nobody confirmed are forgotten, every night."""
    service.forget_unconfirmed(datetime.fromtimestamp(timestamp, UTC))
