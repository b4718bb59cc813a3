"""What an editor set a time for, done by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from backnumber.editorial import bulk, scheduled


@app.periodic(cron="* * * * *")
@app.task(queue="editorial", queueing_lock="editorial-publish-scheduled", pass_context=False)
def publish_scheduled(timestamp: int) -> None:
    """Promise: what was to go live by now is live, what was to be withdrawn by now is; run again, nothing
    changes.
    """
    scheduled.publish_due(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="editorial", queueing_lock="editorial-bulk-changes", pass_context=False)
def go_on_with_bulk_changes(timestamp: int) -> None:
    """Promise: every change of many articles that was begun is finished; one that was interrupted goes on where it stopped."""
    for change in bulk.under_way():
        bulk.go_on(change, timezone.now())
