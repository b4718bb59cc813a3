"""Commands of the weekly mail's list: pick a week's article; ask, confirm, leave."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.archive.models import Article
from backnumber.longread import queries
from backnumber.longread.models import LongRead, Recipient, new_token
from backnumber.mail.addresses import deliverable
from backnumber.mail.messages import Message

INVITATION_EVERY = timedelta(hours=24)
INVITATIONS_AN_HOUR = 1_000


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
