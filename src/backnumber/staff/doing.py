"""What is done for a reader at the desk. Each is one transaction, but what asks a payment provider."""

from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from backnumber.access import Evidence
from backnumber.checkout import by_post, changing
from backnumber.checkout import service as checkout
from backnumber.checkout.models import Order, new_key
from backnumber.checkout.service import Wish
from backnumber.circulation import service as circulation
from backnumber.circulation.models import PrintSubscription
from backnumber.grants import service as ledger
from backnumber.grants.models import Grant
from backnumber.grants.queries import as_rule
from backnumber.longread.models import Recipient
from backnumber.mail import service as outgoing
from backnumber.mail.messages import Message
from backnumber.mail.models import Mail
from backnumber.mail.tasks import deliver_mail
from backnumber.payments.invoice.models import AwaitedPayment
from backnumber.payments.invoice.service import Receipt
from backnumber.readers import devices
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.staff.models import Deceased, Note


class NotDone(ValueError):
    """What was asked cannot be; the message says what to do."""


def write_note(reader: Reader, text: str, *, by: Reader, now: datetime) -> Note:
    return Note.objects.create(reader=reader, text=text, by=by.email, at=now)


@transaction.atomic
def extend(grant: Grant, until: datetime, *, case: str, because: str, now: datetime) -> Grant:
    """Promise: a further grant of the same scope, from the end of `grant`, or from now where that is past, until `until`. Errors: NotDone
    when the case has served before.
    """
    starts = max(now, grant.until or now)
    if until <= starts:
        raise NotDone("Choose a day that is still to come.")
    try:
        made, is_new = ledger.grant(
            grant.reader, as_rule(grant).scope, starts=starts, until=until,
            evidence=Evidence.STAFF, evidence_key=case, label=because[:200], now=now,
        )  # fmt: skip
    except ValueError as why:
        raise NotDone(f"Case {case} has served another reader already. Use another reference.") from why
    if not is_new:
        raise NotDone(f"Case {case} has served this reader already. Use another reference.")
    return made


@transaction.atomic
def change_email(reader: Reader, email: str, now: datetime) -> None:
    """Promise: the account, its print subscriptions and its weekly mail have the new address, which counts as confirmed; codes and
    sessions of the old one open nothing; both addresses are told.
    """
    old = reader.email
    reader.email = email
    reader.save(update_fields=["email"])
    EmailAddress.objects.filter(user=reader).delete()
    EmailAddress.objects.create(user=reader, email=email, verified=True, primary=True)
    PrintSubscription.objects.filter(reader=reader, email=old).update(email=email)
    if not Recipient.objects.filter(email=email).exists():
        Recipient.objects.filter(email=old).update(email=email)
    devices.end_others(reader, but="", now=now)
    shown = {"old": old, "new": email, "site_name": settings.SITE_NAME, "help_email": settings.HELP_EMAIL}
    text = render_to_string("staff/mail/email_changed.txt", shown)
    subject = f"Your e-mail address at {settings.SITE_NAME}"
    Message("email-changed", subject, text, [old]).send()
    Message("email-changed", subject, text, [email]).send()


@transaction.atomic
def send_again(mail: Mail, reader: Reader, now: datetime) -> Mail:
    """Promise: the same words wait as a mail of their own, to where the reader's mail goes now."""
    again = outgoing.send_copy(mail, reader.email, now)
    deliver_mail.defer(mail=again.pk)
    return again


def mark_deceased(reader: Reader, *, copies_stop: bool, because: str, today: date, now: datetime) -> None:
    """Promise: nothing renews and nothing is charged, at the provider first; no mail goes to the reader, no code opens the account. What
    was paid for stays in the books. Printed copies go on to the end of the term unless `copies_stop`. Errors: ProviderUnavailable:
    nothing is marked then, and it is done again later; NotDone when it was marked before.
    """
    if Deceased.objects.filter(reader=reader).exists():
        raise NotDone("This reader is marked already.")
    changing.end_all_of(reader, now, Subscription.Ended.STAFF)
    with transaction.atomic():
        Deceased.objects.create(reader=reader, at=now, because=because)
        Recipient.objects.filter(email=reader.email, left_at=None).update(left_at=now)
        Mail.objects.filter(recipient=reader.email, state=Mail.State.WAITING).delete()
        if copies_stop:
            for one in PrintSubscription.objects.filter(reader=reader, ends_on__gte=today):
                circulation.stop_copies(one, on=today, now=now)
        devices.end_others(reader, but="", now=now)
        Reader.objects.filter(pk=reader.pk).update(is_active=False)


@transaction.atomic
def was_a_mistake(reader: Reader) -> None:
    """Promise: the mark is gone and the account opens again; what had ended stays ended."""
    Deceased.objects.filter(reader=reader).delete()
    Reader.objects.filter(pk=reader.pk).update(is_active=True)


def take_post_order(
    reader: Reader, given: dict[str, Any], address: Any, *, by: Reader, now: datetime
) -> Order:
    """Promise: the order is placed and paid by this cheque, with all that paying does: right, copies, receipt, invoice. Errors: NotDone."""
    price = given["price"]
    wish = Wish(given["product"], price, price.region, address if given["product"].is_print else None)
    try:
        order = checkout.place(reader, wish, new_key(), now)
        receipt = Receipt(
            given["came"], given["dated"], AwaitedPayment.How.CHEQUE, f"Cheque {given['cheque']}"
        )
        return by_post.pay(order.key, receipt, by, now)
    except checkout.Subscribed as why:
        raise NotDone("The reader has this subscription already; it renews.") from why
    except checkout.NotForThem as why:
        raise NotDone("It is sold to students only, by their e-mail address.") from why
    except by_post.NotByPost as why:
        raise NotDone(str(why)) from why
