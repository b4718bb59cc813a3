"""The end of what holds until just before an instant, as people read it: its last day, in the publisher's zone. Every page, mail and
form that names an end asks here, so that none is a day off.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

SHORT = timedelta(days=7)
_JUST_BEFORE = timedelta(microseconds=1)


def last_day(until: datetime) -> date:
    """Promise: the last day on which it still holds."""
    return timezone.localtime(until - _JUST_BEFORE).date()


def last_day_in_words(until: datetime) -> str:
    """Promise: "31 December 2026"."""
    return date_format(last_day(until), "j F Y")


def end_in_words(starts: datetime, until: datetime) -> str:
    """Promise: the last day; of what holds for a week at most the hour, for there it matters."""
    if until - starts <= SHORT:
        return date_format(timezone.localtime(until), "j F Y, H:i")
    return last_day_in_words(until)
