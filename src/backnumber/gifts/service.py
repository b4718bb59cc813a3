"""Commands: make and revoke gift links, and sweep those that ended long ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from backnumber.access import is_over
from backnumber.archive.models import Article
from backnumber.gifts.models import GiftLink
from backnumber.gifts.queries import digest_of, links_left, refusal
from backnumber.gifts.rules import Refusal, gift_until
from backnumber.readers.models import Reader
from backnumber.readers.service import hold_reader

TOKEN_BYTES = 20  # 160 bits
LINKS_KEPT = timedelta(days=366)
GIFT_ENDED = "gifts.end_gift"  # in the admin's log
REVOKES_ANY = "gifts.change_giftlink"


class GiftRefused(Exception):
    """No link was made; `why` says what stands in the way."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class MadeGift:
    """What the maker is shown once. `address` is a path of this site with the token, which nobody keeps."""

    address: str
    until: datetime
    left: int


def new_token() -> str:
    return token_urlsafe(TOKEN_BYTES)


@transaction.atomic
def make_gift(reader: Reader, article: Article, now: datetime, token: str = "") -> MadeGift:
    """Promise: a link by which anyone may read this article for a time; asked again with the same token, the same link.

    A `token` must be one of `new_token`, made for this reader and article. Requests of one reader wait for each other, so
    that together they make no more than a month's number. Errors: GiftRefused.
    """
    token = token or new_token()
    hold_reader(reader.pk)
    link = GiftLink.objects.filter(token_digest=digest_of(token), reader=reader, article=article).first()
    if link is None:
        link = _make(reader, article, now, token)
    if is_over(link, now):
        raise GiftRefused(Refusal.ENDED)
    address = f"{article.get_absolute_url()}?gift={token}"
    return MadeGift(address, link.until, links_left(reader.pk, now).links)


def _make(reader: Reader, article: Article, now: datetime, token: str) -> GiftLink:
    why_not = refusal(reader.pk, article, now)
    if why_not is not None:
        raise GiftRefused(why_not)
    return GiftLink.objects.create(
        reader=reader,
        article=article,
        token_digest=digest_of(token),
        made_at=now,
        until=gift_until(now, settings.GIFT_DAYS),
    )


def revoke_gift(key: int, by: Reader, now: datetime) -> bool:
    """Promise: the link opens nothing from `now` on, if it was made by `by` or `by` is staff who may end any; whether there is one.

    Asked again, nothing changes. What staff end stands in the log.
    """
    links = GiftLink.objects.filter(pk=key)
    if not (by.is_staff and by.has_perm(REVOKES_ANY)):
        links = links.filter(reader=by)
    link = links.first()
    if link is None:
        return False
    ended = links.filter(revoked_at=None, until__gt=now).update(revoked_at=now)
    if ended and link.reader_id != by.pk:
        log(link, GIFT_ENDED, user=by, data={"what": f"{link} of {link.reader}"})
    return True


def count_opening(key: int) -> None:
    GiftLink.objects.filter(pk=key).update(opened=F("opened") + 1)


def sweep(now: datetime) -> int:
    """Promise: links that ended more than a year ago are gone; how many rows."""
    links, _ = GiftLink.objects.filter(until__lte=now - LINKS_KEPT).delete()
    return links
