"""The gift that a browser came by, from its cookie; the door reads the same one (`edge/page/tokens.py`)."""

from collections.abc import Mapping
from datetime import datetime

from backnumber.access import Gift
from backnumber.edge.page import tokens
from backnumber.gifts.queries import gift_in_database
from backnumber.readers.keyrings import keyring_of


def gift_of(cookies: Mapping[str, str], article: int, now: datetime) -> Gift | None:
    """Promise: the gift this browser came by, for this article; one that was revoked has ended, so that the rule can say so.

    One query, and none without a cookie of ours that is still good.
    """
    cookie = cookies.get(tokens.GIFT_COOKIE)
    gift = tokens.gift_from(cookie, keyring_of("gift")) if cookie else None
    if gift is None or gift.article != article:
        return None
    return gift_in_database(gift) if now < gift.until else gift
