"""Commands of the weekly mail: ask, confirm, leave; freeze this week's edition and hand it over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.access import Asker
from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists, readable
from backnumber.archive.rendering import to_html, to_text
from backnumber.gate.facts import decision_for
from backnumber.longread.letters import Letter, letter_box
from backnumber.longread.models import Edition, LongRead, Recipient, Send, new_token
from backnumber.longread.queries import this_week

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
    is_dry_run: bool


def pick(article: Article, week: date, introduction: str = "") -> LongRead:
    """Promise: `article` is the long read of the week that begins on the Monday `week`. Errors: ValidationError."""
    chosen = LongRead.objects.filter(week=week).first() or LongRead(week=week)
    chosen.article, chosen.introduction = article, introduction
    chosen.full_clean(exclude=["window"])
    chosen.save()
    return chosen


@transaction.atomic
def ask(email: str, now: datetime) -> None:
    """Promise: an address not on the list is sent one mail to confirm, at most one a day; the caller learns nothing of which.

    At most INVITATIONS_AN_HOUR go out in all: a flood of sign-ups makes no flood of mails.
    """
    email = email.strip().lower()
    recipient, _ = Recipient.objects.select_for_update().get_or_create(
        email=email, defaults={"asked_at": now}
    )
    lately = recipient.invited_at is not None and now - recipient.invited_at < INVITATION_EVERY
    if recipient.is_on_the_list or lately or _invitations_in_the_hour_before(now) >= INVITATIONS_AN_HOUR:
        return
    if recipient.left_at:
        recipient.token, recipient.confirmed_at, recipient.left_at = new_token(), None, None
    recipient.asked_at = recipient.invited_at = now
    recipient.save()
    _invite(recipient)


def _invitations_in_the_hour_before(now: datetime) -> int:
    return Recipient.objects.filter(invited_at__gt=now - timedelta(hours=1)).count()


def _invite(recipient: Recipient) -> None:
    facts = {
        "site_name": settings.SITE_NAME,
        "address": settings.ADDRESS + reverse("weekly_confirm", args=[recipient.token]),
    }
    EmailMultiAlternatives(
        f"Please confirm: the weekly long read of {settings.SITE_NAME}",
        render_to_string("longread/mail/confirm.txt", facts),
        to=[recipient.email],
    ).send()


@transaction.atomic
def confirm(token: str, now: datetime) -> bool:
    """Promise: whether the address of this token is on the list now; asked twice, nothing changes."""
    recipient = Recipient.objects.select_for_update().filter(token=token, left_at=None).first()
    if recipient is None:
        return False
    recipient.confirmed_at = recipient.confirmed_at or now
    recipient.save(update_fields=["confirmed_at"])
    return True


def leave(token: str, now: datetime) -> bool:
    """Promise: nothing more goes to the address of this token; whether there is such a token."""
    Recipient.objects.filter(token=token, left_at=None).update(left_at=now)
    return Recipient.objects.filter(token=token).exists()


def send_this_week(
    now: datetime, *, dry_run: bool = False, progress: Callable[[int, int], None] = lambda done, of: None
) -> SendReport:
    """Promise: everyone confirmed has been handed this week's mail once; run again, it goes on where it stopped.

    The edition and its audience are frozen at the first run. Each hand-over is recorded as soon as the mail server accepts it:
    a kill between the two can double one mail, never lose one. Errors: NothingToSend; smtplib's and OSError, after which a
    second run goes on.
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
    article = articles_for_lists().defer(None).filter(pk=chosen.article_id).first()
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
        subject=f"{article.headline}: this week’s long read",
        text=render_to_string("longread/mail/edition.txt", facts),
        html=render_to_string("longread/mail/edition.html", facts),
    )


def _on_the_list() -> Iterator[int]:
    return (
        Recipient.objects.filter(left_at=None)
        .exclude(confirmed_at=None)
        .values_list("pk", flat=True)
        .iterator()
    )


def _rehearse(now: datetime) -> SendReport:
    _, letter = _letter(now)
    return SendReport(letter.subject, sum(1 for _ in _on_the_list()), 0, 0, is_dry_run=True)


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
    owed = Send.objects.filter(edition=edition, handed_over_at=None, excluded_because="")
    of = owed.count()
    with letter_box() as box:
        for done, key in enumerate(list(owed.order_by("pk").values_list("pk", flat=True)), 1):
            send = Send.objects.select_related("recipient").get(pk=key)
            if send.recipient.is_on_the_list:
                box.put(send.recipient, Letter(edition.subject, edition.text, edition.html))
                send.handed_over_at = now
            else:
                send.excluded_because = "left before it went out"
            send.save(update_fields=["handed_over_at", "excluded_because"])
            progress(done, of)
    Edition.objects.filter(pk=edition.pk, finished_at=None).update(finished_at=now)


def _report(edition: Edition) -> SendReport:
    sends = Send.objects.filter(edition=edition)
    return SendReport(
        edition.subject,
        owed=sends.count(),
        handed_over=sends.exclude(handed_over_at=None).count(),
        excluded=sends.exclude(excluded_because="").count(),
        is_dry_run=False,
    )
