"""What the worker does for the meter."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from backnumber.meter import service


@app.periodic(cron="27 3 * * *")
@app.task(queue="meter", queueing_lock="meter-sweep")
def sweep(timestamp: int) -> None:
    """Promise: every night, what a reader read by the meter is forgotten once it counts no more."""
    service.sweep(datetime.fromtimestamp(timestamp, UTC))
