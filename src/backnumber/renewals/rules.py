"""When a subscription is charged, tried again, told about and ended. Pure: it asks no clock.

The whole table of what happens about a renewal, counted from the instant until which the term is paid:

    a month before (a term of six months or more), a week before (a shorter one)      the notice: what will be charged, when, how to stop it
    a day before                                                                      the charge
    a failed charge                                                                   a mail that says what to do; grace begins at the end
    a day, three, six and ten days after                                              it is tried again, unless the bank wants the reader
    fourteen days after                                                               grace is over, the subscription ends; a mail
    a month after that                                                                one mail that invites back
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from backnumber.payments.provider import Decline

CHARGED_BEFORE = timedelta(days=1)
TRIED_AGAIN = (timedelta(days=1), timedelta(days=3), timedelta(days=6), timedelta(days=10))
GRACE = timedelta(days=14)
WIN_BACK_AFTER = timedelta(days=30)
LONG_TERM_MONTHS = 6
TOLD_BEFORE_LONG, TOLD_BEFORE_SHORT = timedelta(days=30), timedelta(days=7)
LONGEST_PAUSE_MONTHS = 6


@dataclass(frozen=True, slots=True)
class AfterFailure:
    """What follows a failed charge: another try, or none; and when all is over."""

    next_try: datetime | None
    over_at: datetime


def charge_at(paid_until: datetime) -> datetime:
    """Promise: when the next term is charged."""
    return paid_until - CHARGED_BEFORE


def tell_at(paid_until: datetime, months: int) -> datetime:
    """Promise: when the reader is told of the renewal or of the end."""
    return paid_until - (TOLD_BEFORE_LONG if months >= LONG_TERM_MONTHS else TOLD_BEFORE_SHORT)


def after_failure(paid_until: datetime, decline: Decline | None, now: datetime) -> AfterFailure:
    """Promise: the next try that lies after `now`, while grace lasts; none when only the reader can help: the bank wants them to
    confirm it, or the card may no longer be charged.
    """
    over_at = paid_until + GRACE
    if decline in {Decline.CONFIRMATION, Decline.EXPIRED, Decline.MANDATE_GONE}:
        return AfterFailure(None, over_at)
    later = (paid_until + after for after in TRIED_AGAIN if paid_until + after > now)
    return AfterFailure(next(later, None), over_at)


def price_at(minor: int, next_minor: int | None, next_from: datetime | None, renewal: datetime) -> int:
    """Promise: what the renewal at this instant costs: the agreed price, or the later one from the day that was told."""
    has_come = next_minor is not None and next_from is not None and next_from <= renewal
    return next_minor if has_come and next_minor is not None else minor
