"""What an account holds, handed out and taken away: the reader's own data as JSON, and the account's end."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from backnumber.checkout import service as checkout
from backnumber.checkout.presenting import detach_presents
from backnumber.checkout.queries import orders_of
from backnumber.circulation import service as circulation
from backnumber.circulation.queries import claims_of, print_subscriptions_of
from backnumber.gifts.queries import kept_about as gifts_of
from backnumber.grants.ends import last_day
from backnumber.grants.models import Grant
from backnumber.groups.queries import kept_about as groups_and_seats_of
from backnumber.invoices.queries import invoices_of, owner_of
from backnumber.mail.messages import Message
from backnumber.mail.queries import mail_to
from backnumber.mail.service import forget as forget_mail
from backnumber.meter.queries import kept_about as metered_reads_of
from backnumber.presents.queries import kept_about as presents_of
from backnumber.readers.models import Device, Reader
from backnumber.renewals.queries import subscriptions_of


def everything_about(reader: Reader) -> dict[str, Any]:
    """Promise: all that is kept of the reader and theirs to have, fit for JSON (instants and days as
    objects).
    """
    return {
        "account": {
            "e-mail": reader.email,
            "first name": reader.first_name,
            "last name": reader.last_name,
            "opened": reader.date_joined,
            "last sign-in": reader.last_login,
            "has a password": reader.has_usable_password(),
        },
        "signed in on": [
            {"device": device.name, "signed in": device.signed_in_at, "last used": device.used_at}
            for device in Device.objects.filter(reader=reader)
        ],
        "rights to read": [
            _grant(grant) for grant in Grant.objects.filter(reader=reader).order_by("starts", "id")
        ],
        "orders": [
            {
                "number": order.number,
                "what": order.label,
                "amount": order.amount,
                "placed": order.placed_at,
                "state": order.state_label,
                "from": order.begins,
                "last day": last_day(order.until) if order.until else None,
                "until (exclusive)": order.until,
            }
            for order in orders_of(reader)
        ],
        "subscriptions": [
            {
                "what": one.product.name,
                "amount": str(one.amount),
                "since": one.began_at,
                "paid until (exclusive)": one.paid_until,
                "state": one.get_state_display(),
                "charged to": one.mandate_label,
                "cancelled": one.cancelled_at,
                "ended": one.ended_at,
            }
            for one in subscriptions_of(reader)
        ],
        "print subscriptions": [
            {
                "number": s.number,
                "name": s.name,
                "address": s.address.splitlines(),
                "postcode": s.postcode,
                "country": s.country,
                "from": s.starts_on,
                "until (inclusive)": s.ends_on,
                "status": s.status,
            }
            for s in print_subscriptions_of(reader)
        ],
        "claims": [
            {
                "reference": c.reference,
                "made": c.made_at,
                "number": c.number,
                "surname": c.surname,
                "postcode": c.postcode,
                "message": c.message,
                "typed before": c.earlier.splitlines(),
                "state": c.get_state_display(),
                "closed": c.closed_at,
                "our answer": c.answer,
            }
            for c in claims_of(reader)
        ],
        "mail": [
            {
                "what": m.kind,
                "about": m.reference,
                "queued": m.created_at,
                "state": m.state,
                "since": m.settled_at,
            }
            for m in mail_to(reader.email)
        ],
        "invoices": [
            {**paper.facts, "credit notes": [note.facts for note in paper.credit_notes.all()]}
            for paper in invoices_of(owner_of(reader))
        ],
        **presents_of(reader),
        **metered_reads_of(reader.pk),
        **gifts_of(reader.pk),
        **groups_and_seats_of(reader.pk),
    }


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        "what": grant.label,
        "scope": grant.scope,
        "from": grant.starts,
        "last day": last_day(grant.until) if grant.until else None,
        "until (exclusive)": grant.until,
        "stays open from cover date": grant.kept_first_date,
        "stays open to cover date": grant.kept_last_date,
        "evidence": grant.evidence,
        "evidence key": grant.evidence_key,
        "withdrawn": grant.revoked_at,
        "because": grant.revoked_because,
    }


@transaction.atomic
def delete_account(reader: Reader) -> None:
    """Promise: the account, its rights and claims are gone; print subscriptions go on without it; orders stay
    without a name.

    One mail says so. Errors: ValueError for staff, whose accounts an administrator closes.
    """
    if reader.is_staff:
        raise ValueError("an administrator closes the accounts of staff")
    known = {
        "site_name": settings.SITE_NAME,
        "site_address": settings.ADDRESS,
        "help_email": settings.HELP_EMAIL,
    }
    forget_mail(reader.email)
    Message(
        "account deleted",
        "Your account is deleted",
        render_to_string("website/account/deleted.txt", known),
        [reader.email],
    ).send()
    detach_presents(reader)
    checkout.detach_orders(reader)
    circulation.release(reader)
    reader.delete()
