"""Mails about gifts that were bought: the gift itself, and what its donor and its recipient are told."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from backnumber.checkout.models import Order
from backnumber.mail.messages import Message
from backnumber.presents.codes import code_of
from backnumber.presents.models import Present


def gift(present: Present) -> None:
    """The gift, with its code, to the recipient. Its text opens something: it is forgotten once it has gone."""
    code = code_of(present)
    shown = {"code": code, "address": settings.ADDRESS + reverse("redeem_code", args=[code])}
    subject = f"A gift from {present.donor_name}: {present.label}"
    _send("gift", subject, present.sent_to, present, shown, html="gift", keeps_text=False)


def refused(present: Present) -> None:
    """The recipient's mail server took no mail for the address that the donor gave."""
    if present.donor is not None:
        shown = {"manage": settings.ADDRESS + present.get_absolute_url()}
        subject = f"Your gift for {present.recipient_name} did not arrive"
        _send("gift-refused", subject, present.donor.email, present, shown)


def redeemed(order: Order) -> None:
    """What the recipient has now, and until when."""
    _of_right(order, "gift-redeemed", f"Yours now: {order.product.name}")


def right_ended(order: Order) -> None:
    """The gift that the recipient had redeemed was taken back."""
    _of_right(order, "gift-ended", f"A gift has ended: {order.product.name}")


def _of_right(order: Order, kind: str, subject: str) -> None:
    if order.present is not None and order.email_now:
        account = settings.ADDRESS + reverse("account")
        _send(kind, subject, order.email_now, order.present, {"order": order, "account": account})


def _send(
    kind: str,
    subject: str,
    to: str,
    present: Present,
    shown: dict[str, Any],
    *,
    html: str = "",
    keeps_text: bool = True,
) -> None:
    """The Message-ID is made from what it is about: a mail server that sees it twice knows it again."""
    known = {
        "present": present,
        "publisher": settings.SITE_NAME,
        "site_address": settings.ADDRESS,
        "help_email": settings.HELP_EMAIL,
        "subject": subject,
        **shown,
    }
    text = render_to_string(f"checkout/mail/{kind}.txt", known)
    page = html or "plain"
    mark = f"{present.edition}.{present.mailings}.{present.state}"
    Message(
        kind,
        subject,
        text,
        [to],
        html=render_to_string(f"checkout/mail/{page}.html", {**known, "paragraphs": text.strip()}),
        reference=present.mail_reference,
        headers={"Message-ID": f"<{kind}.{mark}.{present.key}@{urlsplit(settings.ADDRESS).hostname}>"},
        keeps_text=keeps_text,
    ).send()
