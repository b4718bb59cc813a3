"""One letter to one address: the headers mail programs need to offer a way out (RFC 8058)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from backnumber.longread.models import Recipient
from backnumber.mail.addresses import deliverable
from backnumber.mail.messages import one_line

WAY_OUT = "[[way-out]]"


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` and `html` carry WAY_OUT where the recipient's own address for leaving goes. `key` names it among all letters."""

    subject: str
    text: str
    html: str
    key: str = "0"


def compose(recipient: Recipient, letter: Letter) -> EmailMultiAlternatives:
    """Promise: a mail to this recipient alone, with one-click unsubscribe; written twice, its Message-ID is the same.

    Errors: NoAddress where no mail server would take the address.
    """
    way_out = settings.ADDRESS + reverse("weekly_leave", args=[recipient.token])
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    mail = EmailMultiAlternatives(
        one_line(letter.subject),
        letter.text.replace(WAY_OUT, way_out),
        to=[deliverable(recipient.email)],
        headers={
            "Message-ID": f"<weekly.{letter.key}.{recipient.pk}@{host}>",
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"The weekly long read <weekly.{host}>",
            "Precedence": "bulk",
        },
    )
    mail.attach_alternative(letter.html.replace(WAY_OUT, way_out), "text/html")
    return mail
