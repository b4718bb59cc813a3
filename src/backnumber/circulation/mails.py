"""The mails of claims, plain text; each goes out only if the change it tells of is written."""

from django.conf import settings
from django.template.loader import render_to_string

from backnumber.circulation.models import Claim
from backnumber.mail.messages import Message


def case_opened(case: Claim) -> None:
    _send(case, f"Your print subscription: case {case.reference}", "case_opened")


def case_accepted(case: Claim) -> None:
    _send(case, "Your print subscription opens the archive", "case_accepted")


def case_refused(case: Claim) -> None:
    _send(case, f"Your print subscription: our answer to case {case.reference}", "case_refused")


def _send(case: Claim, subject: str, template: str) -> None:
    known = {
        "case": case,
        "site_name": settings.SITE_NAME,
        "site_address": settings.ADDRESS,
        "help_email": settings.HELP_EMAIL,
    }
    Message(
        "claim",
        subject,
        render_to_string(f"circulation/mails/{template}.txt", known),
        [case.reader.email],
        reference=str(case.reference),
    ).send()
