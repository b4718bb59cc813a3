"""What a request brings of its own for the rule: the meter and the gift of nobody in particular, and of readers.

For pages that Django makes; the front door asks `pages` the same.
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse

from backnumber.access import Gift, Meter, Read
from backnumber.allowances.keys import keys
from backnumber.allowances.queries import gift_as_it_stands, meter_of, period
from backnumber.allowances.service import merge
from backnumber.pages import tokens
from backnumber.pages.counting import is_counted


def nobodys_meter(
    cookies: Mapping[str, str], headers: Mapping[str, str], method: str, now: datetime
) -> Meter | None:
    """Promise: the meter of a browser without an account, by its cookie; None for what is not counted. No query."""
    if not is_counted(method, headers):
        return None
    return Meter(settings.METER_NOBODY, period(), _reads(cookies, now))


def readers_meter(reader: int, headers: Mapping[str, str], method: str, now: datetime) -> Meter | None:
    """Promise: the meter of a reader with an account; None for what is not counted. One query at most."""
    return meter_of(reader, now) if is_counted(method, headers) else None


def gift_of(cookies: Mapping[str, str], article: int, now: datetime) -> Gift | None:
    """Promise: the gift this browser came by, for this article; one that was revoked has ended, so that the rule can say so.

    One query, and none without a cookie of ours that is still good.
    """
    cookie = cookies.get(tokens.GIFT_COOKIE)
    gift = tokens.gift_from(cookie, keys("gift")) if cookie else None
    if gift is None or gift.article != article:
        return None
    return gift_as_it_stands(gift) if now < gift.until else gift


def remember_read(response: HttpResponse, meter: Meter, article: int, now: datetime) -> None:
    """Promise: the browser's cookie holds this read too. Only for a decision whose meter says that it spends one."""
    response.set_cookie(
        tokens.METER_COOKIE,
        tokens.reads_cookie((*meter.reads, Read(article, now)), keys("meter")),
        max_age=period(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def bring_reads(response: HttpResponse, cookies: Mapping[str, str], reader: int, now: datetime) -> None:
    """Promise: at sign-in, what the browser read counts in the account and no longer in the browser."""
    if tokens.METER_COOKIE in cookies:
        merge(reader, _reads(cookies, now), now)
        response.delete_cookie(tokens.METER_COOKIE, samesite="Lax")


def _reads(cookies: Mapping[str, str], now: datetime) -> tuple[Read, ...]:
    return tokens.reads_from(cookies.get(tokens.METER_COOKIE, ""), keys("meter"), now, period())
