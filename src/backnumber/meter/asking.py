"""The meter that a request brings: a browser's own, by its cookie, or a reader's, by the account.

For pages that Django makes; the door reads the same cookie (`edge/page/tokens.py`).
"""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse

from backnumber.access import Meter, Read
from backnumber.edge.page import tokens
from backnumber.edge.page.counting import is_counted
from backnumber.meter.queries import meter_of, period
from backnumber.meter.service import merge
from backnumber.readers.keyrings import keyring_of


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


def remember_read(response: HttpResponse, meter: Meter, article: int, now: datetime) -> None:
    """Promise: the browser's cookie holds this read too. Only for a decision whose meter says that it spends one."""
    response.set_cookie(
        tokens.METER_COOKIE,
        tokens.reads_cookie((*meter.reads, Read(article, now)), keyring_of("meter")),
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
    return tokens.reads_from(cookies.get(tokens.METER_COOKIE, ""), keyring_of("meter"), now, period())
