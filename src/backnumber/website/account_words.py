"""The account page's sentences: what a grant opens, until when, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from backnumber import access
from backnumber.access import Evidence, ScopeKind, State
from backnumber.grants.ends import end_in_words, last_day_in_words
from backnumber.grants.models import Grant
from backnumber.grants.queries import as_rule


@dataclass(frozen=True, slots=True)
class Right:
    """A grant in words. `state` is one of "open", "later", "kept" (ended, and its issues stay open), "ended", "withdrawn".

    `address` leads to the one article or issue it opens; empty for anything larger.
    """

    opens: str
    when: str
    why: str
    state: str
    may_renew: bool
    address: str = ""


def in_words(grant: Grant, now: datetime) -> Right:
    """Promise: no query when the grant's title, issue (with its title) and article are loaded."""
    state = state_of(grant, now)
    renews = (
        state in {"kept", "ended", "withdrawn"}
        and grant.evidence in {Evidence.PAYMENT.value, Evidence.PRINT_SUBSCRIPTION.value}
        and not _is_a_piece(grant)
    )
    return Right(_opens(grant), _when(grant, state), _why(grant), state, renews, _address(grant))


def state_of(grant: Grant, now: datetime) -> str:
    match access.state_of(grant, now):
        case State.REVOKED:
            return "withdrawn"
        case State.ENDED:
            return "kept" if as_rule(grant).kept is not None else "ended"
        case state:
            return state.value


def _day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y")


def _is_a_piece(grant: Grant) -> bool:
    return grant.scope in {ScopeKind.ISSUE.value, ScopeKind.ARTICLE.value}


def _address(grant: Grant) -> str:
    if grant.scope == ScopeKind.ISSUE.value and grant.issue:
        return grant.issue.get_absolute_url()
    if grant.scope == ScopeKind.ARTICLE.value and grant.article:
        return grant.article.get_absolute_url()
    return ""


def _opens(grant: Grant) -> str:
    if grant.scope == ScopeKind.ARCHIVE.value:
        return "The whole archive"
    if grant.scope == ScopeKind.TITLE.value and grant.title:
        return f"All of {grant.title}"
    if grant.scope == ScopeKind.ISSUE.value and grant.issue:
        return f"{grant.issue.title}, {grant.issue.cover_date}"
    if grant.scope == ScopeKind.ARTICLE.value and grant.article:
        return f"“{grant.article.headline}”"
    of = f"{grant.title}: " if grant.title else ""
    if grant.scope == ScopeKind.SPAN.value:
        return of + _issues(grant.first_date, grant.last_date)
    if grant.scope == ScopeKind.RECENT.value and grant.years:
        return of + ("this year’s issues" if grant.years == 1 else f"issues of the last {grant.years} years")
    return grant.label


def _issues(first: date | None, last: date | None) -> str:
    return (
        f"issues from {date_format(first, 'j F Y') if first else 'the first issue'}"
        f" to {date_format(last, 'j F Y') if last else 'the latest'}"
    )


def _when(grant: Grant, state: str) -> str:
    end = f"until {end_in_words(grant.starts, grant.until)}" if grant.until else "without end"
    kept = as_rule(grant).kept
    stays = _issues(kept.first_date, kept.last_date) if kept else ""
    match state:
        case "withdrawn":
            because = f": {grant.revoked_because}" if grant.revoked_because else ""
            return f"withdrawn on {_day(grant.revoked_at)}{because}" if grant.revoked_at else "withdrawn"
        case "later":
            return f"from {_day(grant.starts)}, {end}"
        case "kept":
            return f"ended on {last_day_in_words(grant.until)}; {stays} stay open" if grant.until else stays
        case "ended":
            return f"ended on {end_in_words(grant.starts, grant.until)}" if grant.until else "ended"
    return f"{end}; {stays} stay open after that" if stays else end


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
