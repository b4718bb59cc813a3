"""What the worker does for passes."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from backnumber.passes import service


@app.periodic(cron="41 3 * * *")
@app.task(queue="passes", queueing_lock="passes-sweep")
def sweep(timestamp: int) -> None:
    """Promise: every night, the marks of sessions that no pass can name any more are forgotten."""
    service.sweep(datetime.fromtimestamp(timestamp, UTC))
