"""The account page's sentences: what a grant opens, until when, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from backnumber.access import Evidence, ScopeKind
from backnumber.subscriptions.models import Grant


@dataclass(frozen=True, slots=True)
class Right:
    """A grant in words. `state` is one of "open", "later", "ended", "withdrawn"."""

    opens: str
    when: str
    why: str
    state: str
    may_renew: bool


def in_words(grant: Grant, now: datetime) -> Right:
    """Promise: no query when the grant's title, issue (with its title) and article are loaded."""
    state = state_of(grant, now)
    renews = state in {"ended", "withdrawn"} and grant.evidence in {
        Evidence.PAYMENT.value,
        Evidence.PRINT_SUBSCRIPTION.value,
    }
    return Right(_opens(grant), _when(grant, state), _why(grant), state, renews)


def state_of(grant: Grant, now: datetime) -> str:
    if grant.revoked_at is not None and grant.revoked_at <= now:
        return "withdrawn"
    if now < grant.starts:
        return "later"
    return "ended" if grant.until is not None and grant.until <= now else "open"


def last_day(until: datetime) -> str:
    """Promise: the last day on which it still held, in the publisher's zone."""
    return _day(until - timedelta(microseconds=1))


def _day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y")


def _opens(grant: Grant) -> str:
    if grant.scope == ScopeKind.ARCHIVE.value:
        return "The whole archive"
    if grant.scope == ScopeKind.TITLE.value and grant.title:
        return f"All of {grant.title}"
    if grant.scope == ScopeKind.ISSUE.value and grant.issue:
        return f"{grant.issue.title}, {grant.issue.cover_date}"
    if grant.scope == ScopeKind.ARTICLE.value and grant.article:
        return f"“{grant.article.headline}”"
    if grant.scope == ScopeKind.SPAN.value:
        return _span(grant)
    return grant.label


def _span(grant: Grant) -> str:
    of = f"{grant.title}: " if grant.title else ""
    first = date_format(grant.first_date, "j F Y") if grant.first_date else "the first issue"
    last = date_format(grant.last_date, "j F Y") if grant.last_date else "the latest"
    return f"{of}issues from {first} to {last}"


def _when(grant: Grant, state: str) -> str:
    end = f"until {last_day(grant.until)}" if grant.until else "without end"
    match state:
        case "withdrawn":
            because = f": {grant.revoked_because}" if grant.revoked_because else ""
            return f"withdrawn on {_day(grant.revoked_at)}{because}" if grant.revoked_at else "withdrawn"
        case "later":
            return f"from {_day(grant.starts)}, {end}"
        case "ended":
            return f"ended on {last_day(grant.until)}" if grant.until else "ended"
    return end


def _why(grant: Grant) -> str:
    match grant.evidence:
        case Evidence.PAYMENT.value:
            return f"You bought it: {grant.label}"
        case Evidence.PRINT_SUBSCRIPTION.value:
            return (
                f"It comes with your {grant.label[0].lower()}{grant.label[1:]}"
                if grant.label
                else "It comes with your print subscription"
            )
        case Evidence.GIFT.value:
            return f"A gift: {grant.label}"
        case Evidence.LICENCE.value:
            return f"By licence: {grant.label}"
    return f"Given by us: {grant.label}"
