"""What an editor set a time for, done by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from backnumber.editorial import scheduled


@app.periodic(cron="* * * * *")
@app.task(queue="editorial", queueing_lock="editorial-publish-scheduled", pass_context=False)
def publish_scheduled(timestamp: int) -> None:
    """Promise: what was to go live by now is live, what was to be withdrawn by now is; run again, nothing
    changes.
    """
    scheduled.publish_due(timezone.now())
