"""One letter to one address: the headers mail programs need to offer a way out (RFC 8058), and the hand-over."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from smtplib import SMTP

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from backnumber import configuration
from backnumber.longread.models import Recipient
from backnumber.post import carrier

WAY_OUT = "[[way-out]]"


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` and `html` carry WAY_OUT where the recipient's own address for leaving goes."""

    subject: str
    text: str
    html: str


def compose(recipient: Recipient, letter: Letter) -> EmailMultiAlternatives:
    """Promise: a mail to this recipient alone, with one-click unsubscribe. Errors: BadHeaderError for a line break in a header."""
    way_out = settings.ADDRESS + reverse("weekly_leave", args=[recipient.token])
    mail = EmailMultiAlternatives(
        letter.subject,
        letter.text.replace(WAY_OUT, way_out),
        to=[recipient.email],
        headers={
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"The weekly long read <weekly.{settings.ALLOWED_HOSTS[0]}>",
            "Precedence": "bulk",
        },
    )
    mail.attach_alternative(letter.html.replace(WAY_OUT, way_out), "text/html")
    return mail


class LetterBox:
    """Takes letters; `server` is None in the demo, where they are kept in a folder."""

    def __init__(self, server: SMTP | None) -> None:
        self._server = server

    def put(self, recipient: Recipient, letter: Letter) -> None:
        """Promise: the mail server has accepted it. Errors: smtplib's and OSError."""
        mail = compose(recipient, letter)
        whole = carrier.as_sent(mail)
        if self._server is None:
            carrier.keep_in_folder(whole)
        else:
            self._server.sendmail(carrier.bare(mail.from_email), [recipient.email], whole)


@contextmanager
def letter_box() -> Iterator[LetterBox]:
    """One connection for all that is put in."""
    url = configuration.value("SMTP_URL")
    if not url:
        yield LetterBox(None)
        return
    with carrier.connection(url) as server:
        yield LetterBox(server)
