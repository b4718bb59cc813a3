"""The worker sweeps the page store every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from backnumber.edge.render import service


@app.periodic(cron="43 3 * * *")
@app.task(queue="render", queueing_lock="render-sweep")
def sweep(timestamp: int) -> None:
    service.sweep(timezone.now())
