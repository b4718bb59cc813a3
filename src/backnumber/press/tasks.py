"""The worker sweeps the page store every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from backnumber.press import service


@app.periodic(cron="43 3 * * *")
@app.task(queue="press", queueing_lock="press-sweep")
def sweep(timestamp: int) -> None:
    service.sweep(timezone.now())
