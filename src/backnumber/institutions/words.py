"""What a licence opens and how long, in words that readers and staff see."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from backnumber.access import ScopeKind, State, state_of
from backnumber.grants.ends import last_day_in_words
from backnumber.institutions.models import Licence


def opens(licence: Licence) -> str:
    """Promise: "the whole archive", "The Hourglass, cover dates to 31 December 1999" …; no query when title and issue are loaded."""
    what = str(licence.title) if licence.title else "every title"
    match licence.scope:
        case ScopeKind.ARCHIVE:
            return "the whole archive"
        case ScopeKind.TITLE:
            return f"{what}, every issue"
        case ScopeKind.SPAN:
            return f"{what}, cover dates {_span(licence)}"
        case ScopeKind.RECENT:
            return f"{what}, {_recent(licence.years or 0)}"
        case ScopeKind.ISSUE:
            return str(licence.issue)
    return "nothing we know of"


def lasts(licence: Licence, now: datetime) -> str:
    """Promise: until when it opens, or why it opens nothing at `now`, as the second half of a sentence."""
    state = state_of(licence, now)
    if state is State.REVOKED:
        return f"withdrawn on {_day(licence.revoked_at or now)}"
    if state is State.LATER:
        return f"from {_day(licence.starts)}"
    if not licence.until:
        return "without end"
    until = last_day_in_words(licence.until)
    return f"until {until}" if state is State.OPEN else f"ended on {until}"


def status(*, is_active: bool, held: int, running: int) -> str:
    """Promise: whether readers get anything through an institution, and what keeps them from it."""
    if not is_active:
        return "not in use"
    if not held:
        return "no addresses now"
    return "open to its readers" if running else "no licence runs"


def _span(licence: Licence) -> str:
    first = f"from {_date(licence.first_date)}" if licence.first_date else ""
    last = f"to {_date(licence.last_date)}" if licence.last_date else ""
    return " ".join(part for part in (first, last) if part)


def _recent(years: int) -> str:
    return "the issues of this year" if years == 1 else f"the issues of this year and the {years - 1} before"


def _day(moment: datetime) -> str:
    return _date(timezone.localtime(moment).date())


def _date(day: date) -> str:
    return date_format(day, "j F Y")
