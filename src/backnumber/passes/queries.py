"""What has been voided lately, for a front door that begins."""

from datetime import datetime, timedelta

from backnumber.pages import passes
from backnumber.passes.models import EndedSession, Generation

LOOKED_BACK = 3 * passes.LASTS  # longer than any pass lives, with clocks that differ


def generations(now: datetime) -> dict[int, int]:
    """Promise: the present number of every reader whose rights changed while a pass may still be about."""
    recent = Generation.objects.filter(changed_at__gt=now - LOOKED_BACK)
    return dict(recent.values_list("reader", "number"))


def ended_sessions(now: datetime) -> set[bytes]:
    marks = EndedSession.objects.filter(ended_at__gt=now - LOOKED_BACK).values_list("mark", flat=True)
    return {bytes(mark) for mark in marks}


def sweep(now: datetime) -> int:
    """Promise: marks of sessions that no pass can name any more are gone, and how many they were."""
    return EndedSession.objects.filter(ended_at__lt=now - timedelta(days=1)).delete()[0]
