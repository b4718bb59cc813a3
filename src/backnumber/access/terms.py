"""Whether a grant, a licence or a link counts at a moment. Nothing else compares an end or a revocation with the clock; a test holds that.

Every interval is half-open: from `starts` until just before `until`, and no longer than `revoked_at`.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from backnumber.access.types import Scope, ScopeKind


class Ending(Protocol):
    """What ends: at `until` (None: never), or earlier when it was revoked."""

    @property
    def until(self) -> datetime | None: ...
    @property
    def revoked_at(self) -> datetime | None: ...


class Timed(Ending, Protocol):
    """What begins, too."""

    @property
    def starts(self) -> datetime: ...


class Scoped(Timed, Protocol):
    """What opens a part of the archive, or all of it."""

    @property
    def scope(self) -> Scope: ...


class State(StrEnum):
    """How something timed stands at a moment."""

    LATER = "later"
    OPEN = "open"
    ENDED = "ended"
    REVOKED = "revoked"


def holds(starts: datetime, until: datetime | None, now: datetime) -> bool:
    """Promise: whether `now` lies in the half-open interval; `until` None is without end."""
    return starts <= now and (until is None or now < until)


def is_revoked(one: Ending, now: datetime) -> bool:
    return one.revoked_at is not None and one.revoked_at <= now


def is_over(one: Ending, now: datetime) -> bool:
    """Promise: whether it has ended or been revoked by `now`, so that it opens nothing any more."""
    return is_revoked(one, now) or (one.until is not None and one.until <= now)


def counts(one: Timed, now: datetime) -> bool:
    """Promise: whether it opens at `now` what it is for."""
    return one.starts <= now and not is_over(one, now)


def state_of(one: Timed, now: datetime) -> State:
    """Promise: how it stands at `now`. What was revoked is revoked, whether it had begun, or would have ended since."""
    if is_revoked(one, now):
        return State.REVOKED
    if now < one.starts:
        return State.LATER
    return State.OPEN if holds(one.starts, one.until, now) else State.ENDED


def open_everything(grants: Iterable[Scoped], now: datetime) -> bool:
    """Promise: whether one of the grants opens the whole archive at `now`, so that nothing is left to be sold."""
    return any(one.scope.kind is ScopeKind.ARCHIVE and counts(one, now) for one in grants)
