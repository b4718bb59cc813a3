"""Reads of the long reads."""

from datetime import datetime

from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists
from backnumber.longread.models import FormerToken, LongRead, Recipient, Suppression
from backnumber.longread.rules import digest_of


def this_week(now: datetime) -> LongRead | None:
    return (
        LongRead.objects.select_related("window")
        .filter(window__starts__lte=now, window__until__gt=now)
        .first()
    )


def weeks_until(now: datetime, most: int = 52) -> list[tuple[LongRead, Article]]:
    """Promise: this week's and past long reads whose articles are published, newest first; four queries."""
    picks = list(LongRead.objects.filter(window__starts__lte=now)[:most])
    articles = {a.pk: a for a in articles_for_lists().filter(pk__in=[p.article_id for p in picks])}
    return [(pick, articles[pick.article_id]) for pick in picks if pick.article_id in articles]


def to_be_sent(now: datetime) -> list[LongRead]:
    """Promise: the weeks whose mail is to have gone out by now and is not frozen yet, while they last."""
    return list(
        LongRead.objects.select_related("window", "article")
        .filter(sends_at__lte=now, window__starts__lte=now, window__until__gt=now, editions=None)
        .order_by("week")
    )


def status(pick: LongRead, now: datetime) -> str:
    """Promise: what readers get of it, for a list; no query when article, issue and window are at hand."""
    if not pick.article.live:
        return "its article is not published"
    if not pick.article.issue.live:
        return "the issue of its article is not published"
    if pick.window.is_open(now):
        return "open now"
    return "to come" if now < pick.window.starts else "over"


def recipient_status(recipient: Recipient) -> str:
    """Promise: whether the weekly mail goes to this address, and why not, for a list; two queries for who is on the list."""
    if recipient.left_at:
        return "left"
    if not recipient.is_on_the_list:
        return "not confirmed"
    if is_suppressed(recipient.email):
        return "suppressed"
    return "last mail refused" if recipient.last_refusal else "gets the mail"


def is_suppressed(email: str) -> bool:
    return Suppression.objects.filter(pk=digest_of(email)).exists()


def by_new_token(token: str) -> Recipient | None:
    """Promise: whoever asked for mails to go to the address that this token was sent to."""
    return Recipient.objects.filter(new_email_token=token).first() if token else None


def by_token(token: str) -> Recipient | None:
    """Promise: the recipient whom this token lets leave, also one whose row was deleted since and who came back."""
    found = Recipient.objects.filter(token=token).first()
    former = None if found else FormerToken.objects.filter(pk=token).first()
    if former is None:
        return found
    return Recipient.objects.extra(  # no value of anybody's in it
        where=["encode(sha256(convert_to(email, 'UTF8')), 'hex') = %s"], params=[former.digest]
    ).first()


def was_a_token(token: str) -> bool:
    return Recipient.objects.filter(token=token).exists() or FormerToken.objects.filter(pk=token).exists()
