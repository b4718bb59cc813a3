"""What the worker does for outgoing mail."""

import base64
from datetime import UTC, datetime

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from backnumber.mail import service


@app.task(queue="mail")
def deliver_mail(mail: int) -> None:
    """Promise: the mail is tried at once. What fails is tried again by `deliver_due`."""
    service.deliver(mail, timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="mail", queueing_lock="post-deliver-due")
def deliver_due(timestamp: int) -> None:
    """Promise: nothing waits for more than a minute once it is due, whatever became of its own job."""
    service.deliver_due(timezone.now())


@app.periodic(cron="37 3 * * *")
@app.task(queue="mail", queueing_lock="post-sweep")
def sweep(timestamp: int) -> None:
    """Promise: every night, mail of long ago is forgotten."""
    service.sweep(datetime.fromtimestamp(timestamp, UTC))


@app.task(queue="mail", pass_context=True)
def deliver(context: JobContext, sender: str, recipients: list[str], message: str) -> None:
    """A job of an earlier version, with the mail in its arguments: it becomes rows, and goes with the next minute."""
    service.carry_over(sender, recipients, base64.b64decode(message), f"job {context.job.id}")
