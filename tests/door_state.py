"""What a door would begin with, read over the test's own connection."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from backnumber.edge.door.startup_state import Site, read_state
from backnumber.edge.door.state import State

SITE = Site(settings.ADDRESS, ZoneInfo(settings.TIME_ZONE))


def startup_state(now: datetime | None = None) -> State:
    connection.ensure_connection()
    return read_state(connection.connection, SITE, now or timezone.now())
