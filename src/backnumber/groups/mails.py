"""Mails of groups: to who is invited, who loses a seat, who is asked to own one. Queued in the transaction that makes them true."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.groups.models import Group, GroupTerm, Seat
from backnumber.mail.messages import Message


def invitation(seat: Seat, token: str) -> None:
    """The link is not kept: who lost it is invited anew."""
    shown = {"group": seat.group, "address": settings.ADDRESS + reverse("group_join", args=[token])}
    _send(
        seat.email, "group-invitation", f"A seat for you: {seat.group.product.name}", shown, f"seat{seat.pk}"
    )


def taken_back(seat: Seat) -> None:
    if seat.reader is not None:
        subject = f"Your seat has ended: {seat.group.product.name}"
        _send(seat.reader.email, "group-ended", subject, {"group": seat.group}, f"back{seat.pk}")


def no_room(seat: Seat, term: GroupTerm) -> None:
    """The next term has fewer seats than are taken."""
    if seat.reader is not None:
        shown = {"group": seat.group, "term": term}
        subject = f"Your seat ends: {seat.group.product.name}"
        _send(seat.reader.email, "group-no-room", subject, shown, f"full{term.pk}.{seat.pk}")


def asked_to_own(group: Group, token: str) -> None:
    shown = {"group": group, "address": settings.ADDRESS + reverse("group_own", args=[token])}
    subject = f"Will you look after it? {group.product.name}"
    _send(group.heir_email, "group-heir", subject, shown, f"heir{group.pk}.{group.heir_digest[:16]}")


def _send(to: str, kind: str, subject: str, shown: dict[str, Any], once: str) -> None:
    more = {"publisher": settings.SITE_NAME, "help_email": settings.HELP_EMAIL}
    text = render_to_string(f"groups/mail/{kind}.txt", {**more, **shown})
    Message(
        kind, subject, text, [to], reference=once[:40],
        headers={"Message-ID": f"<{kind}.{once}@{urlsplit(settings.ADDRESS).hostname}>"},
    ).send()  # fmt: skip
