"""Commands of the weekly mail: ask, confirm, leave; freeze this week's edition and hand it over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.access import Asker
from backnumber.archive.models import Article
from backnumber.archive.queries import articles_with_text, readable
from backnumber.archive.rendering import to_html, to_text
from backnumber.gate.facts import decision_for
from backnumber.longread import queries
from backnumber.longread.letters import Letter
from backnumber.longread.models import Edition, LongRead, Recipient, Send, new_token
from backnumber.longread.queries import this_week
from backnumber.longread.sending import Tally, hand_over, rehearse
from backnumber.mail.addresses import deliverable
from backnumber.mail.carrier import carrier
from backnumber.mail.messages import Message, inlined, one_line

INVITATION_EVERY = timedelta(hours=24)
INVITATIONS_AN_HOUR = 1_000
_LOCK = 0x6C6F6E67  # "long": one sender at a time


class NothingToSend(Exception):
    """There is no long read this week, or its article may not be read by everyone."""


@dataclass(frozen=True, slots=True)
class SendReport:
    subject: str
    owed: int
    handed_over: int
    excluded: int
    refused: int
    waiting: int
    is_dry_run: bool

    @property
    def reached_everybody(self) -> bool:
        return not self.refused and not self.waiting


def pick(article: Article, week: date, introduction: str = "") -> LongRead:
    """Promise: `article` is the long read of the week that begins on the Monday `week`. Errors: ValidationError."""
    chosen = LongRead.objects.filter(week=week).first() or LongRead(week=week)
    chosen.article, chosen.introduction = article, introduction
    chosen.full_clean(exclude=["window"])
    chosen.save()
    return chosen


@transaction.atomic
def ask(email: str, now: datetime) -> None:
    """Promise: an address not on the list is sent one mail to confirm, at most one a day unless it has left since; the caller learns
    nothing of which.

    At most INVITATIONS_AN_HOUR go out in all: a flood of sign-ups makes no flood of mails. Errors: NoAddress.
    """
    recipient, _ = Recipient.objects.select_for_update().get_or_create(
        email=deliverable(email), defaults={"asked_at": now}
    )
    if recipient.is_on_the_list or _was_invited_lately(recipient, now):
        return
    if _invitations_in_the_hour_before(now) >= INVITATIONS_AN_HOUR:
        return
    if recipient.left_at:
        recipient.confirm_token, recipient.confirmed_at, recipient.left_at = new_token(), None, None
    recipient.asked_at = recipient.invited_at = now
    recipient.save()
    _invite(recipient)


def _was_invited_lately(recipient: Recipient, now: datetime) -> bool:
    invited = recipient.invited_at
    has_left_since = invited is not None and recipient.left_at is not None and recipient.left_at >= invited
    return invited is not None and now - invited < INVITATION_EVERY and not has_left_since


def _invitations_in_the_hour_before(now: datetime) -> int:
    return Recipient.objects.filter(invited_at__gt=now - timedelta(hours=1)).count()


def _invite(recipient: Recipient) -> None:
    facts = {
        "site_name": settings.SITE_NAME,
        "address": settings.ADDRESS + reverse("weekly_confirm", args=[recipient.confirm_token]),
    }
    Message(
        "weekly mail: confirm",
        f"Please confirm: the weekly long read of {settings.SITE_NAME}",
        render_to_string("longread/mail/confirm.txt", facts),
        [recipient.email],
        keeps_text=False,
    ).send()


@transaction.atomic
def confirm(token: str, now: datetime) -> bool:
    """Promise: whether the address of this token is on the list now; asked twice, nothing changes."""
    recipient = Recipient.objects.select_for_update().filter(confirm_token=token, left_at=None).first()
    if recipient is None:
        return False
    recipient.confirmed_at = recipient.confirmed_at or now
    recipient.save(update_fields=["confirmed_at"])
    return True


def leave(token: str, now: datetime) -> bool:
    """Promise: nothing more goes to the address of this token; whether there ever was such a token."""
    recipient = queries.by_token(token)
    if recipient is not None:
        Recipient.objects.filter(pk=recipient.pk, left_at=None).update(left_at=now)
    return recipient is not None or queries.was_a_token(token)


def send_this_week(
    now: datetime, *, dry_run: bool = False, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> SendReport:
    """Promise: everyone confirmed has been handed this week's mail once, or is refused with the reason, or is owed it still, where the
    mail server asked for patience; run again, it goes on with those.

    The edition and its audience are frozen at the first run. Each hand-over is recorded as soon as the mail server accepts it:
    a kill between the two can double one mail, never lose one. Errors: NothingToSend; MailServerAway, after which a second run
    goes on. A dry run ends as the real one would, and sends and writes nothing.
    """
    with _one_sender():
        if dry_run:
            return _rehearse(now)
        edition = _freeze(now)
        _hand_over(edition, now, progress)
        return _report(edition)


class _one_sender:
    """A lock of the session in PostgreSQL: it goes with the connection, so a killed sender holds nothing up."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                raise NothingToSend("another sender is at work")

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _letter(now: datetime) -> tuple[LongRead, Letter]:
    chosen = this_week(now)
    if chosen is None:
        raise NothingToSend("no long read is picked for this week: pick one in the admin, under Long reads")
    article = articles_with_text().filter(pk=chosen.article_id).first()
    if article is None:
        raise NothingToSend(f"“{chosen.article}” is not published")
    text = readable(article, decision_for(article, Asker(), now))
    if not text.is_whole:
        raise NothingToSend(f"“{article}” may not be read by everyone now")
    facts = {
        "site_name": settings.SITE_NAME,
        "article": article,
        "long_read": chosen,
        "address": settings.ADDRESS + article.get_absolute_url(),
        "site": settings.ADDRESS,
        "text": to_text(text),
        "body": to_html(text, {}),
    }
    return chosen, Letter(
        subject=one_line(f"{article.headline}: this week’s long read"),
        text=render_to_string("longread/mail/edition.txt", facts),
        html=inlined(render_to_string("longread/mail/edition.html", facts)),
    )


def _on_the_list() -> Iterator[int]:
    return (
        Recipient.objects.filter(left_at=None)
        .exclude(confirmed_at=None)
        .values_list("pk", flat=True)
        .iterator()
    )


def _rehearse(now: datetime) -> SendReport:
    chosen, letter = _letter_frozen_or_new(now)
    audience = Recipient.objects.filter(left_at=None).exclude(confirmed_at=None).order_by("pk")
    if Edition.objects.filter(long_read=chosen).exists():
        audience = audience.filter(pk__in=_owed().filter(edition__long_read=chosen).values("recipient"))
    with carrier() as way:
        good, bad = rehearse(audience.iterator(), letter, way)
    return SendReport(
        letter.subject, owed=good + bad, handed_over=0, excluded=0, refused=bad, waiting=0, is_dry_run=True
    )


def _letter_frozen_or_new(now: datetime) -> tuple[LongRead, Letter]:
    """What has begun to go out goes on as it was frozen."""
    chosen = this_week(now)
    edition = Edition.objects.filter(long_read=chosen).first() if chosen else None
    return (edition.long_read, _letter_of(edition)) if edition else _letter(now)


def _letter_of(edition: Edition) -> Letter:
    return Letter(edition.subject, edition.text, edition.html, key=str(edition.pk))


def _owed() -> "QuerySet[Send]":
    return Send.objects.filter(handed_over_at=None, refused_at=None, excluded_because="")


@transaction.atomic
def _freeze(now: datetime) -> Edition:
    chosen = this_week(now)
    already = Edition.objects.filter(long_read=chosen).first() if chosen else None
    if already:
        return already
    chosen, letter = _letter(now)
    edition = Edition.objects.create(
        long_read=chosen, subject=letter.subject, text=letter.text, html=letter.html, frozen_at=now
    )
    Send.objects.bulk_create(
        (Send(edition=edition, recipient_id=pk) for pk in _on_the_list()), batch_size=1000
    )
    return edition


def _hand_over(edition: Edition, now: datetime, progress: Callable[[int, int], None]) -> None:
    keys = list(_owed().filter(edition=edition).order_by("attempts", "pk").values_list("pk", flat=True))
    letter, tally = _letter_of(edition), Tally()
    with carrier() as way:
        for done, key in enumerate(keys, 1):
            send = Send.objects.select_related("recipient").get(pk=key)
            if send.recipient.is_on_the_list:
                tally.count(hand_over(send, letter, way, now))
            else:
                send.excluded_because = "left before it went out"
                send.save(update_fields=["excluded_because"])
            progress(done, len(keys))
    if not _owed().filter(edition=edition).exists():
        Edition.objects.filter(pk=edition.pk, finished_at=None).update(finished_at=now)


def _report(edition: Edition) -> SendReport:
    sends = Send.objects.filter(edition=edition)
    return SendReport(
        edition.subject,
        owed=sends.count(),
        handed_over=sends.exclude(handed_over_at=None).count(),
        excluded=sends.exclude(excluded_because="").count(),
        refused=sends.exclude(refused_at=None).count(),
        waiting=_owed().filter(edition=edition).count(),
        is_dry_run=False,
    )
