"""What the worker does for gift links."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from backnumber.gifts import service


@app.periodic(cron="29 3 * * *")
@app.task(queue="gifts", queueing_lock="gifts-sweep")
def sweep(timestamp: int) -> None:
    """Promise: every night, links that ended more than a year ago are forgotten."""
    service.sweep(datetime.fromtimestamp(timestamp, UTC))
