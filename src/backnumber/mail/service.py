"""Commands on outgoing mail: queue it with the change that causes it, hand it over, try it again, forget it.

Each mail goes at least once: it stands as waiting until the mail server has accepted it and that is committed. Killed between the
two, the worker sends that one again, under the same Message-ID.
"""

import email
import email.message
import email.policy
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backnumber.mail import rules
from backnumber.mail.addresses import deliverable
from backnumber.mail.carrier import Carrier, carrier
from backnumber.mail.messages import Message
from backnumber.mail.models import Mail

log = logging.getLogger(__name__)

KEPT = timedelta(days=60)
SERVER_FAULTS_IN_A_ROW = 2  # one may be of a mail that the server cannot stomach; two are of the server
SIGN_IN = "sign-in"


@transaction.atomic
def queue(message: EmailMessage, now: datetime) -> list[Mail]:
    """Promise: a row for each recipient, in the caller's transaction; a Bcc never shows. Errors: ValueError for an attachment."""
    text, html = _bodies(message)
    shown = {
        "To": ", ".join(map(str, message.to)) or "undisclosed-recipients:;",
        **({"Cc": ", ".join(map(str, message.cc))} if message.cc else {}),
        **({"Reply-To": ", ".join(map(str, message.reply_to))} if message.reply_to else {}),
    }
    given = {name: str(value) for name, value in message.extra_headers.items()}
    return Mail.objects.bulk_create(
        Mail(
            kind=getattr(message, "kind", SIGN_IN),
            reference=getattr(message, "reference", ""),
            keeps_text=getattr(message, "keeps_text", False),
            sender=message.from_email,
            recipient=recipient,
            subject=str(message.subject),
            text=text,
            html=html,
            headers={"Message-ID": _message_id(), "Date": format_datetime(now), **shown, **given},
            created_at=now,
            due_at=now,
        )
        for recipient in message.recipients()
    )


def _message_id() -> str:
    return make_msgid(domain=urlsplit(settings.ADDRESS).hostname or "localhost")


def _bodies(message: EmailMessage) -> tuple[str, str]:
    alternatives = [a for a in getattr(message, "alternatives", []) if a[1] == "text/html"]
    if message.attachments or len(alternatives) != len(getattr(message, "alternatives", [])):
        raise ValueError("a queued mail is text and HTML; it carries nothing else")
    html = str(alternatives[0][0]) if alternatives else ""
    body = str(message.body)
    return ("", body) if message.content_subtype == "html" else (body, html)


def deliver(key: int, now: datetime) -> None:
    """Promise: the mail was tried, unless it has gone, is being tried, or the server did not answer a moment ago."""
    if not _server_was_away(now):
        with carrier() as way:
            _deliver_next(Mail.objects.filter(pk=key), way, now)


def _server_was_away(now: datetime) -> bool:
    """Then what is new waits for the minute: else each would wait for the server in turn, and everything else behind it."""
    lately = now - timedelta(minutes=1)
    return Mail.objects.filter(
        state=Mail.State.WAITING, fault=Mail.Fault.SERVER, tried_at__gt=lately
    ).exists()


def deliver_due(now: datetime, most: int = 1000) -> int:
    """Promise: what is due was tried, the longest due first, over one connection; how many went. Ends early when the server is away."""
    gone, faults = 0, 0
    with carrier() as way:
        for _ in range(most):
            mail = _deliver_next(Mail.objects.all(), way, now)
            if mail is None:
                break
            gone += mail.state == Mail.State.SENT
            faults = faults + 1 if mail.fault == Mail.Fault.SERVER else 0
            if faults == SERVER_FAULTS_IN_A_ROW:
                break
    return gone


@transaction.atomic
def _deliver_next(among: "QuerySet[Mail]", way: Carrier, now: datetime) -> Mail | None:
    """Its row is locked while it is under way: another worker passes over it, and a killed one lets go of it."""
    mail = (
        among.select_for_update(skip_locked=True)
        .filter(state=Mail.State.WAITING, due_at__lte=now)
        .order_by("due_at", "id")
        .first()
    )
    if mail is None:
        return None
    mail.attempts, mail.tried_at = mail.attempts + 1, now
    try:
        way.carry(message_of(mail))
    except rules.FAILURES as error:
        _note(mail, rules.failure(error), now)
    else:
        mail.state, mail.fault, mail.last_error = Mail.State.SENT, Mail.Fault.NONE, ""
        _settle(mail, now)
    mail.save()
    return mail


def message_of(mail: Mail) -> EmailMessage:
    """Promise: the mail as it goes out. Errors: NoAddress where no server would take the recipient."""
    headers: Mapping[str, Any] = mail.headers
    message = EmailMultiAlternatives(
        mail.subject, mail.text, mail.sender, to=[deliverable(mail.recipient)], headers=dict(headers)
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _note(mail: Mail, failure: rules.Failure, now: datetime) -> None:
    mail.fault = Mail.Fault.SERVER if failure.is_of_server else Mail.Fault.RECIPIENT
    mail.last_error = failure.words
    if failure.is_final or now - mail.created_at > rules.GIVES_UP_AFTER:
        mail.state = Mail.State.REFUSED
        _settle(mail, now)
        log.warning("mail %s (%s) is refused: %s", mail.pk, mail.kind, failure.code or "see the admin")
    else:
        mail.due_at = now + rules.pause_after(mail.attempts)


def _settle(mail: Mail, now: datetime) -> None:
    mail.settled_at = now
    if not mail.keeps_text:
        mail.subject = mail.text = mail.html = ""


@transaction.atomic
def send_again(key: int, now: datetime) -> Mail | None:
    """Promise: a refused mail whose text is kept waits again, and is due; None when there is no such."""
    mail = Mail.objects.select_for_update().filter(pk=key, state=Mail.State.REFUSED).first()
    if mail is None or not mail.may_be_sent_again:
        return None
    mail.state, mail.due_at, mail.created_at, mail.settled_at = Mail.State.WAITING, now, now, None
    mail.save()
    return mail


@transaction.atomic
def send_copy(mail: Mail, to: str, now: datetime) -> Mail:
    """Promise: the words of a mail whose text is kept wait once more, to `to`, as a mail of its own with a Message-ID of its own. Errors:
    ValueError when its text is not kept.
    """
    if not mail.keeps_text or not (mail.text or mail.html):
        raise ValueError("The text of this mail is no longer kept.")
    headers = {**mail.headers, "Message-ID": _message_id(), "Date": format_datetime(now), "To": to}
    headers.pop("Cc", None)
    return Mail.objects.create(
        kind=mail.kind,
        reference=mail.reference,
        sender=mail.sender,
        recipient=to,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers=headers,
        created_at=now,
        due_at=now,
    )


def forget(address: str) -> int:
    """Promise: what went to the address, or was refused, is gone, and the text of nothing else; how many. For an account's end."""
    return Mail.objects.exclude(state=Mail.State.WAITING).filter(recipient__iexact=address).delete()[0]


def sweep(now: datetime) -> int:
    """Promise: what was sent or refused long ago is forgotten; how many."""
    return Mail.objects.filter(settled_at__lt=now - KEPT).delete()[0]


def carry_over(sender: str, recipients: list[str], message: bytes, job: str) -> None:
    """Promise: a mail that an earlier version queued whole waits as rows; taken up twice, once."""
    if not Mail.objects.filter(reference=job).exists():
        queue(_parsed(sender, recipients, message, job), timezone.now())


def _parsed(sender: str, recipients: list[str], raw: bytes, job: str) -> EmailMessage:
    whole = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(whole, email.message.EmailMessage)
    text, html = whole.get_body(("plain",)), whole.get_body(("html",))
    kept = {name: str(whole[name]) for name in ("To", "Cc", "Reply-To", "Message-ID", "Date") if whole[name]}
    return Message(
        SIGN_IN,
        str(whole["Subject"] or ""),
        text.get_content() if text else "",
        recipients,
        html=html.get_content() if html else "",
        reference=job,
        headers=kept,
        keeps_text=False,
        from_email=sender,
    )
