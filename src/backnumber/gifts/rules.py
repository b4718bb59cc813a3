"""How long a gift lasts, which month it counts in, who may give, how one stands. Pure: knows no database."""

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from backnumber.access import Asked, Asker, Evidence, Grant, Reason, decide

GIVING = frozenset({Evidence.PAYMENT, Evidence.PRINT_SUBSCRIPTION, Evidence.STAFF})


class Refusal(StrEnum):
    """Why no gift link is made."""

    OFF = "off"
    NO_GRANT = "no-grant"
    NONE_LEFT = "none-left"
    ENDED = "ended"


def may_give(asked: Asked, reader: int, grants: tuple[Grant, ...], now: datetime) -> bool:
    """Promise: whether a grant of the reader's own, bought or given by staff, opens the article: a gift cannot be given on."""
    own = tuple(grant for grant in grants if grant.evidence in GIVING)
    return decide(asked, Asker(reader, own), now).reason is Reason.GRANT


def month_of(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Promise: when the calendar month of `now` began in `zone`, and when the next one begins."""
    first = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first, following


def gift_until(now: datetime, days: int) -> datetime:
    """Promise: the end of a gift made at `now`: a whole second, for a cookie holds no less."""
    return now.replace(microsecond=0) + timedelta(days=days)


def gift_ends(until: datetime, revoked_at: datetime | None) -> datetime:
    """Promise: the instant from which a link opens nothing, whichever comes first."""
    return until if revoked_at is None else min(until, revoked_at)
