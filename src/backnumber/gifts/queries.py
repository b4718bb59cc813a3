"""Reads: what a gift link is worth, what a reader has given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from backnumber.access import Gift, is_over
from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists, asked
from backnumber.gifts.models import GiftLink
from backnumber.gifts.rules import Refusal, gift_ends, may_give, month_of
from backnumber.grants.queries import grants_of

LONGEST_TOKEN = 64
OPEN = "Open"  # of a link: it opens its article


@dataclass(frozen=True, slots=True)
class Left:
    """How many more links a reader may make this month, and when the next one begins."""

    links: int
    next_month: datetime


def refusal(reader: int, article: Article, now: datetime) -> Refusal | None:
    """Promise: why the reader may make no link for the article now, or None."""
    if not settings.GIFTS:
        return Refusal.OFF
    if not may_give(asked([article], now)[article.pk], reader, grants_of(reader), now):
        return Refusal.NO_GRANT
    return None if links_left(reader, now).links else Refusal.NONE_LEFT


def links_left(reader: int, now: datetime) -> Left:
    """Promise: counted by the publisher's calendar month; a link that was ended counts."""
    first, following = month_of(now, timezone.get_default_timezone())
    made = GiftLink.objects.filter(reader=reader, made_at__gte=first, made_at__lt=following).count()
    return Left(max(settings.GIFTS - made, 0), following)


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def gift_at(token: str, article: int, now: datetime) -> Gift | None:
    """Promise: the gift this token opens at `now`: for this article alone, not revoked, not ended, by a maker who still may give.

    It is found by its digest, so that the time it takes tells nothing of a token that nearly fits. At most five queries.
    """
    if not 0 < len(token) <= LONGEST_TOKEN or not token.isascii():
        return None
    link = GiftLink.objects.filter(
        token_digest=digest_of(token), article=article, reader__is_active=True
    ).first()
    if link is None or is_over(link, now):
        return None
    given = articles_for_lists().prefetch_related(None).filter(pk=article).first()
    if given is None or not may_give(
        asked([given], now)[given.pk], link.reader_id, grants_of(link.reader_id), now
    ):
        return None
    return Gift(link.pk, link.article_id, link.until)


def gift_in_database(gift: Gift) -> Gift | None:
    """Promise: the gift of a cookie as the database has it, ended when its link was revoked; None without a link. One query."""
    row = GiftLink.objects.filter(pk=gift.id, article=gift.article).values_list("until", "revoked_at").first()
    return Gift(gift.id, gift.article, gift_ends(*row)) if row else None


def statuses(links: Iterable[GiftLink], now: datetime) -> dict[int, str]:
    """Promise: of each link, by its number, what who opens it gets: "Open", or in words why nothing. Links must come with reader,
    article and issue. Two queries, and one for each maker of a link that is not over.
    """
    held = [link for link in links if not is_over(link, now)]
    pieces = {link.article_id: link.article for link in held}
    facts = asked(list(pieces.values()), now) if pieces else {}
    grants = {maker: grants_of(maker) for maker in {link.reader_id for link in held}}
    found = {link.pk: "Ended early" if link.revoked_at else "Ended" for link in links}
    for link in held:
        may = may_give(facts[link.article_id], link.reader_id, grants[link.reader_id], now)
        found[link.pk] = _status(link, may)
    return found


def _status(link: GiftLink, its_maker_may_give: bool) -> str:
    if not link.reader.is_active:
        return "Its maker’s account is closed"
    if not link.article.live:
        return "The article is not published"
    if not link.article.issue.live:
        return "The issue is not published"
    return OPEN if its_maker_may_give else "Its maker may not give it any more"


def links_of(reader: int) -> "QuerySet[GiftLink]":
    """Promise: the reader's links, the latest first, with what a list shows of their articles."""
    return (
        GiftLink.objects.filter(reader=reader)
        .select_related("reader", "article__issue__title")
        .defer("article__body", "token_digest")
    )


def kept_about(reader: int) -> dict[str, list[dict[str, Any]]]:
    """Promise: all this room keeps of a reader, for the file of their data; one query."""
    return {
        "gift links": [
            {
                "article": link.article.headline,
                "made": link.made_at,
                "until (exclusive)": link.until,
                "ended early": link.revoked_at,
                "times opened": link.opened,
            }
            for link in links_of(reader)
        ],
    }
