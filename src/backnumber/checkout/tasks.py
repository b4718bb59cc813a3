"""What checkout does by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from backnumber.checkout import clock, comparing, invoicing, presenting, service


@app.periodic(cron="*/5 * * * *")
@app.task(queue="payments", queueing_lock="checkout.reconcile")
def reconcile(timestamp: int) -> None:
    """Promise: nobody who paid waits longer than about ten minutes, whatever became of the webhook."""
    service.reconcile(timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(queue="payments", queueing_lock="checkout.review")
def review(timestamp: int) -> None:
    """Promise: money that went back unheard is known by the morning."""
    now = timezone.now()
    service.review(now)
    invoicing.issue_missing(now)


@app.periodic(cron="47 2-6 * * *")
@app.task(queue="payments", queueing_lock="checkout.compare")
def compare(timestamp: int) -> None:
    """Promise: once a night each provider's book is compared with ours; what was interrupted, or not answered, goes on an hour later."""
    comparing.compare_all(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queue="payments", queueing_lock="checkout.act_on_subscriptions")
def act_on_subscriptions(timestamp: int) -> None:
    """Promise: subscriptions are charged, tried again, resumed and ended within some ten minutes of their time."""
    clock.act_on_all(timezone.now())


@app.periodic(cron="23 7 * * *")
@app.task(queue="payments", queueing_lock="checkout.tell_of_renewals")
def tell_of_renewals(timestamp: int) -> None:
    """Promise: who is to be told of a renewal or an end has the mail in the morning of the day."""
    clock.tell_all(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queue="payments", queueing_lock="checkout.send_refunds")
def send_refunds(timestamp: int) -> None:
    """Promise: a refund that staff asked for reaches the provider, also when it did not answer at first."""
    service.send_refunds(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queue="payments", queueing_lock="checkout.send_gifts")
def send_gifts(timestamp: int) -> None:
    """Promise: a gift is on its way within some ten minutes of the beginning of its day, and its donor hears of a mail that was refused."""
    now = timezone.now()
    presenting.send_due(now)
    presenting.tell_of_refusals(now)
