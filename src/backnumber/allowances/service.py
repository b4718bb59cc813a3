"""Commands: spend a read, bring a browser's reads into an account, make and revoke gift links, sweep what counts no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from backnumber.access import Read, is_over
from backnumber.access.meter import measure
from backnumber.allowances.models import GiftLink, MeteredRead
from backnumber.allowances.queries import digest_of, links_left, meter_of, period, reads_of, refusal
from backnumber.allowances.rules import Refusal, gift_until
from backnumber.archive.models import Article
from backnumber.readers.models import Reader

TOKEN_BYTES = 20  # 160 bits
LINKS_KEPT = timedelta(days=366)
GIFT_ENDED = "allowances.end_gift"  # in the admin's log
REVOKES_ANY = "allowances.change_giftlink"


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


@transaction.atomic
def spend(reader: int, article: int, now: datetime) -> bool:
    """Promise: whether the reader may read the article by the meter now; a first read of the period is recorded.

    Requests of one reader wait for each other here, so that together they spend no more than the allowance.
    """
    if not _hold(reader):
        return False
    may, metered = measure(meter_of(reader, now), article, now)
    if metered.spends:
        _record(reader, {article: now})
    return may


@transaction.atomic
def merge(reader: int, reads: Iterable[Read], now: datetime) -> None:
    """Promise: what a browser read before its reader signed in counts in the account, each article once, from the earlier instant.

    Asked again, nothing changes. It may take a reader beyond the allowance: what was read was read.
    """
    brought: dict[int, datetime] = {}
    for read in reads:
        if read.at > now - period():
            brought[read.article] = min(read.at, now, brought.get(read.article, now))
    if not brought or not _hold(reader):
        return
    known = {read.article: read.at for read in reads_of(reader, now)}
    earlier = {article: at for article, at in brought.items() if article not in known or at < known[article]}
    there = Article.objects.filter(pk__in=earlier).values_list("pk", flat=True)
    _record(reader, {article: earlier[article] for article in there})


def _hold(reader: int) -> bool:
    """Whether there is such a reader, whose row is now locked: others may refer to it, none may count at the same time."""
    row = Reader.objects.select_for_update(no_key=True).filter(pk=reader).values_list("pk", flat=True)
    return row.first() is not None


def _record(reader: int, reads: Mapping[int, datetime]) -> None:
    MeteredRead.objects.bulk_create(
        [MeteredRead(reader_id=reader, article_id=article, at=at) for article, at in reads.items()],
        update_conflicts=True,
        unique_fields=["reader", "article"],
        update_fields=["at"],
    )


def new_token() -> str:
    return token_urlsafe(TOKEN_BYTES)


@transaction.atomic
def make_gift(reader: Reader, article: Article, now: datetime, token: str = "") -> MadeGift:
    """Promise: a link by which anyone may read this article for a time; asked again with the same token, the same link.

    A `token` must be one of `new_token`, made for this reader and article. Requests of one reader wait for each other, so
    that together they make no more than a month's number. Errors: GiftRefused.
    """
    token = token or new_token()
    _hold(reader.pk)
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
    """Promise: reads that no longer count are gone, and links that ended more than a year ago; how many rows."""
    reads, _ = MeteredRead.objects.filter(at__lte=now - period()).delete()
    links, _ = GiftLink.objects.filter(until__lte=now - LINKS_KEPT).delete()
    return reads + links
