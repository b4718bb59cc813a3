"""Commands of the weekly mail's list: pick a week's article; ask, confirm, leave."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.archive.models import Article
from backnumber.longread import queries
from backnumber.longread.models import Consent, LongRead, Recipient, Suppression, new_token
from backnumber.longread.rules import digest_of
from backnumber.mail.addresses import deliverable
from backnumber.mail.messages import Message

WORDS = "One article from the archive, whole, every week, at this address, until I leave."
INVITATION_EVERY = timedelta(hours=24)
INVITATIONS_AN_HOUR = 1_000


def pick(article: Article, week: date, introduction: str = "") -> LongRead:
    """Promise: `article` is the long read of the week that begins on the Monday `week`. Errors: ValidationError."""
    chosen = LongRead.objects.filter(week=week).first() or LongRead(week=week)
    chosen.article, chosen.introduction = article, introduction
    chosen.full_clean(exclude=["window"])
    chosen.save()
    return chosen


@dataclass(frozen=True, slots=True)
class Shown:
    """Where somebody said yes, and the words they had before them."""

    where: str = ""
    words: str = WORDS


@transaction.atomic
def ask(email: str, now: datetime, shown: Shown = Shown()) -> None:
    """Promise: an address not on the list is sent one mail to confirm, at most one a day unless it has left since; the caller learns
    nothing of which.

    At most INVITATIONS_AN_HOUR go out in all: a flood of sign-ups makes no flood of mails. Errors: NoAddress.
    """
    recipient, _ = Recipient.objects.select_for_update().get_or_create(
        email=deliverable(email), defaults={"asked_at": now}
    )
    if _gets_mail(recipient) or _was_invited_lately(recipient, now):
        return
    if _invitations_in_the_hour_before(now) >= INVITATIONS_AN_HOUR:
        return
    if recipient.left_at:
        recipient.confirm_token, recipient.confirmed_at, recipient.left_at = new_token(), None, None
    recipient.asked_at = recipient.invited_at = now
    recipient.save()
    note(recipient, Consent.Kind.ASKED, now, shown)
    _invite(recipient)


def _gets_mail(recipient: Recipient) -> bool:
    return recipient.is_on_the_list and not queries.is_suppressed(recipient.email)


def note(recipient: Recipient, kind: Consent.Kind, now: datetime, shown: Shown) -> None:
    """Promise: what was said is written down, with when, where and the words."""
    Consent.objects.create(
        recipient=recipient,
        digest=digest_of(recipient.email),
        kind=kind,
        at=now,
        where=shown.where[:200],
        words=shown.words,
    )


def _was_invited_lately(recipient: Recipient, now: datetime) -> bool:
    invited = recipient.invited_at
    has_left_since = invited is not None and recipient.left_at is not None and recipient.left_at >= invited
    return invited is not None and now - invited < INVITATION_EVERY and not has_left_since


def _invitations_in_the_hour_before(now: datetime) -> int:
    since = now - timedelta(hours=1)
    return Recipient.objects.filter(Q(invited_at__gt=since) | Q(new_email_asked_at__gt=since)).count()


def _invite(recipient: Recipient) -> None:
    _mail_link(
        recipient.email,
        f"Please confirm: the weekly long read of {settings.SITE_NAME}",
        "longread/mail/confirm.txt",
        reverse("weekly_confirm", args=[recipient.confirm_token]),
    )


def _mail_link(to: str, subject: str, template: str, path: str) -> None:
    facts = {"site_name": settings.SITE_NAME, "address": settings.ADDRESS + path}
    Message("weekly mail: confirm", subject, render_to_string(template, facts), [to], keeps_text=False).send()


@transaction.atomic
def confirm(token: str, now: datetime, shown: Shown = Shown()) -> bool:
    """Promise: whether the address of this token is on the list now; asked twice, nothing changes."""
    recipient = Recipient.objects.select_for_update().filter(confirm_token=token, left_at=None).first()
    if recipient is None:
        return False
    if not _gets_mail(recipient):
        join(recipient, now, shown)
    return True


def join(recipient: Recipient, now: datetime, shown: Shown) -> None:
    """Promise: the address, known to be its reader's, is on the list, whatever kept it off before; the proof is written down."""
    recipient.confirmed_at, recipient.left_at, recipient.paused_until = now, None, None
    recipient.soft_bounces = 0
    recipient.save()
    Suppression.objects.filter(pk=digest_of(recipient.email)).delete()
    note(recipient, Consent.Kind.CONFIRMED, now, shown)


@transaction.atomic
def join_signed_in(email: str, now: datetime, shown: Shown) -> Recipient:
    """Promise: a reader's own address, which their account has proved, is on the list at once."""
    recipient, _ = Recipient.objects.select_for_update().get_or_create(
        email=deliverable(email), defaults={"asked_at": now}
    )
    if not _gets_mail(recipient):
        join(recipient, now, shown)
    return recipient


@transaction.atomic
def leave(token: str, now: datetime, where: str = "") -> bool:
    """Promise: nothing more goes to the address of this token; whether there ever was such a token."""
    recipient = queries.by_token(token)
    if recipient is not None and Recipient.objects.filter(pk=recipient.pk, left_at=None).update(left_at=now):
        note(recipient, Consent.Kind.LEFT, now, Shown(where, ""))
    return recipient is not None or queries.was_a_token(token)


def pause(recipient: Recipient, weeks: int, now: datetime) -> None:
    """Promise: nothing goes to the recipient for so many weeks; 0 ends a pause."""
    until = now + timedelta(weeks=weeks) if weeks else None
    Recipient.objects.filter(pk=recipient.pk).update(paused_until=until)


@transaction.atomic
def ask_to_move(recipient: Recipient, email: str, now: datetime) -> bool:
    """Promise: the new address is sent a mail to confirm, at most one a day for each recipient, and none where many are sent in all;
    until then mails go where they went. Whether one was sent. Errors: NoAddress.
    """
    lately = (
        recipient.new_email_asked_at is not None and now - recipient.new_email_asked_at < INVITATION_EVERY
    )
    if lately or _invitations_in_the_hour_before(now) >= INVITATIONS_AN_HOUR:
        return False
    recipient.new_email, recipient.new_email_token = deliverable(email), new_token()
    recipient.new_email_asked_at = now
    recipient.save(update_fields=["new_email", "new_email_token", "new_email_asked_at"])
    _mail_link(
        recipient.new_email,
        f"Please confirm: the weekly long read of {settings.SITE_NAME} at this address",
        "longread/mail/move.txt",
        reverse("weekly_move", args=[recipient.new_email_token]),
    )
    return True


@transaction.atomic
def move(token: str, now: datetime, shown: Shown = Shown()) -> bool:
    """Promise: mails go to the new address that this token was sent to; whether there is such a token. Where the new address has a row
    already, that one is on the list and the old one has left.
    """
    recipient = queries.by_new_token(token)
    if recipient is None:
        return False
    other = Recipient.objects.filter(email=recipient.new_email).exclude(pk=recipient.pk).first()
    to = recipient.new_email
    recipient.new_email = recipient.new_email_token = ""
    if other:
        recipient.left_at = now
        recipient.save()
        join(other, now, shown)
    else:
        recipient.email = to
        join(recipient, now, shown)
    return True
