"""What the worker does for allowances."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from backnumber.allowances import service


@app.periodic(cron="27 3 * * *")
@app.task(queue="allowances", queueing_lock="allowances-sweep")
def sweep(timestamp: int) -> None:
    """Promise: every night, what a reader read by the meter is forgotten once it counts no more."""
    service.sweep(datetime.fromtimestamp(timestamp, UTC))
