"""Gift links as their makers and those who open them have them."""

from datetime import datetime

from backnumber.access import Gift
from backnumber.archive.models import Article
from backnumber.edge.page.tokens import GIFT_COOKIE, gift_cookie
from backnumber.gifts.service import make_gift
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader
from tests.making import NOON


def token_of(reader: Reader, article: Article, now: datetime = NOON) -> str:
    return make_gift(reader, article, now).address.partition("?gift=")[2]


def cookie(gift: Gift | None) -> dict[str, str]:
    assert gift is not None
    return {GIFT_COOKIE: gift_cookie(gift, keyring_of("gift"))}
