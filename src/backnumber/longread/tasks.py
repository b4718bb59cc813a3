"""What the worker does for the weekly mail."""

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import exceptions
from procrastinate.contrib.django import app

from backnumber.longread import editions, sending
from backnumber.longread.models import Edition

SECONDS = 2.0  # of work in one job: then what came meanwhile, a code to sign in, has its turn
BEHIND_EVERYTHING = -10


@app.periodic(cron="* * * * *")
@app.task(queue="weekly", queueing_lock="weekly-go-on")
def go_on(timestamp: int) -> None:
    """Promise: each edition whose moment has come is begun, and each that is being sent is worked at, whatever became of the jobs
    before.
    """
    editions.begin_scheduled(timezone.now())
    for key in Edition.objects.filter(state=Edition.State.SENDING).values_list("pk", flat=True):
        begin(key)


def begin(edition: int) -> None:
    """Promise: as many jobs as there are to be senders are queued for the edition, in the caller's transaction."""
    for sender in range(settings.WEEKLY_SENDERS):
        _queue(edition, sender)


def _queue(edition: int, sender: int) -> None:
    name = f"weekly-{edition}-{sender}"
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        hand_over.configure(lock=name, queueing_lock=name, priority=BEHIND_EVERYTHING).defer(
            edition=edition, sender=sender
        )


@app.task(queue="weekly")
def hand_over(edition: int, sender: int) -> None:
    """Promise: batches of the edition are handed over for some seconds; while more is due, the same again. A mail server that is away
    is asked again with the next minute.
    """
    row = Edition.objects.filter(pk=edition, state=Edition.State.SENDING).first()
    if row is None:
        return
    try:
        more = sending.work(row, timezone.now, seconds=SECONDS)
    except sending.MailServerAway:
        return
    if more:
        _queue(edition, sender)
