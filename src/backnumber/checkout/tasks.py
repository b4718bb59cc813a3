"""What checkout does by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from backnumber.checkout import service


@app.periodic(cron="*/5 * * * *")
@app.task(queue="payments", queueing_lock="checkout.reconcile")
def reconcile(timestamp: int) -> None:
    """Promise: nobody who paid waits longer than about ten minutes, whatever became of the webhook."""
    service.reconcile(timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(queue="payments", queueing_lock="checkout.review")
def review(timestamp: int) -> None:
    """Promise: money that went back unheard is known by the morning."""
    service.review(timezone.now())
