"""What became of mails after they were handed over: returned for good, for a time, or complained of. Told twice, it counts once.

A mail is known by its number in its Message-ID, or in the address it was returned to, with a mark that only we can make.
"""

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare

from backnumber.longread.letters import signed_number
from backnumber.longread.models import MailEvent, Recipient, Send, Suppression
from backnumber.longread.rules import digest_of

_NUMBERED = re.compile(r"(?:weekly\.|\+)(\d{1,18})\.(\d{1,18})\.([0-9a-f]{12})@")
_STATUS = re.compile(r"^status:\s*([245])\.\d{1,3}\.\d{1,3}", re.IGNORECASE | re.MULTILINE)


class Kind(StrEnum):
    """`HARD`: there is no such mailbox. `SOFT`: it takes nothing for now. `COMPLAINT`: its reader called the mail unwanted."""

    HARD = "bounce"
    SOFT = "soft bounce"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Told:
    """`key` names the event at whoever told it; `number` is as a Message-ID or a returned mail's address has it."""

    key: str
    kind: Kind
    number: str


def send_of(number: str) -> Send | None:
    """Promise: the mail that this number names; None where the mark is not ours or the mail is not known any more."""
    found = _NUMBERED.search(number)
    if not found:
        return None
    edition, recipient, _ = found.groups()
    if not constant_time_compare(f"{recipient}.{found[3]}", signed_number(edition, int(recipient))):
        return None
    return (
        Send.objects.select_related("recipient")
        .filter(edition=int(edition), recipient=int(recipient))
        .first()
    )


@transaction.atomic
def note(told: Told, now: datetime) -> bool:
    """Promise: a bounce or complaint of a mail of ours is noted once; the address is suppressed after a hard bounce or a complaint.
    Whether the mail was ours.
    """
    send = send_of(told.number)
    if send is None:
        return False
    _, is_new = MailEvent.objects.get_or_create(
        key=told.key[:200], defaults={"send": send, "kind": told.kind.value, "at": now}
    )
    if is_new:
        _act(send, told.kind, now)
    return True


def _act(send: Send, kind: Kind, now: datetime) -> None:
    if kind is Kind.SOFT:
        if send.recipient:
            Recipient.objects.filter(pk=send.recipient.pk).update(
                soft_bounces=send.recipient.soft_bounces + 1
            )
        return
    state = Send.State.BOUNCED if kind is Kind.HARD else Send.State.COMPLAINED
    Send.objects.filter(pk=send.pk).update(state=state, settled_at=now, claimed_by=None, reason=kind.value)
    if send.recipient:
        Suppression.objects.get_or_create(
            digest=digest_of(send.recipient.email), defaults={"reason": kind.value, "since": now}
        )


def told_by(raw: bytes) -> Told | None:
    """Promise: what a returned mail (RFC 3464) or a provider's report of a complaint (RFC 5965) tells; None when it is neither."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    numbered = _NUMBERED.search(_where_numbers_stand(message))
    kind = _kind(message)
    if not numbered or kind is None:
        return None
    key = str(message["Message-ID"] or "").strip() or hashlib.sha256(raw).hexdigest()
    return Told(f"mail {key}", kind, numbered[0])


def _where_numbers_stand(message: "EmailMessage | Message[Any, Any]") -> str:
    """The address it was returned to, and the Message-ID of what was returned, whole or as headers."""
    places = [str(message[name] or "") for name in ("To", "Delivered-To", "X-Original-To")]
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            places.append(str(part.get_payload()))
        elif part is not message and part["Message-ID"]:
            places.append(str(part["Message-ID"]))
    return "\n".join(places)


def _kind(message: "EmailMessage | Message[Any, Any]") -> Kind | None:
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return Kind.COMPLAINT
        if part.get_content_type() == "message/delivery-status":
            found = _STATUS.search(part.as_string())
            if found:
                return {"5": Kind.HARD, "4": Kind.SOFT}.get(found[1])
    return None


def mails_in(mailbox: bytes) -> Iterator[bytes]:
    """Promise: the mails of a file, which is one mail or many in the form `mbox` (each begins with a line `From `)."""
    if not mailbox.startswith(b"From "):
        yield mailbox
        return
    for one in re.split(rb"(?m)^From [^\r\n]*\r?\n", mailbox):
        if one.strip():
            yield one
