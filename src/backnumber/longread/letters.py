"""One letter to one address: the headers mail programs need to offer a way out (RFC 8058), and the whole written quickly for many."""

import quopri
import re
from dataclasses import dataclass
from email.utils import formatdate, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.urls import reverse
from django.utils.crypto import salted_hmac

from backnumber.longread.models import Recipient
from backnumber.mail.addresses import deliverable
from backnumber.mail.carrier import WrittenMail
from backnumber.mail.messages import one_line

WAY_OUT = "[[way-out]]"
PREFERENCES = "[[preferences]]"
_SLOTS = re.compile(f"({re.escape(WAY_OUT)}|{re.escape(PREFERENCES)})")
_BOUNDARY = "=_the-weekly-long-read_="
_TO, _NUMBER = "a1b2c3d4e5f6@slot.invalid", "f6e5d4c3b2a1"  # no headline has these
_LINE = 70  # of an address within quoted-printable: RFC 2045, 6.7 has 76 for a line


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` and `html` carry WAY_OUT and PREFERENCES where the recipient's own addresses go. `key` names it among all letters."""

    subject: str
    text: str
    html: str
    key: str = "0"


def compose(recipient: Recipient, letter: Letter) -> EmailMultiAlternatives:
    """Promise: a mail to this recipient alone, with one-click unsubscribe; written twice, its Message-ID is the same.

    Errors: NoAddress where no mail server would take the address.
    """
    way_out, preferences = _addresses(recipient)
    mail = EmailMultiAlternatives(
        one_line(letter.subject),
        letter.text.replace(WAY_OUT, way_out).replace(PREFERENCES, preferences),
        to=[deliverable(recipient.email)],
        headers=_headers(letter, signed_number(letter.key, recipient.pk), way_out),
    )
    html = letter.html.replace(WAY_OUT, way_out).replace(PREFERENCES, preferences)
    mail.attach_alternative(html, "text/html")
    return mail


def _addresses(recipient: Recipient) -> tuple[str, str]:
    """Where this recipient leaves, and where they say how they want it."""
    leave, prefer = (reverse(name, args=["T"]) for name in ("weekly_leave", "weekly_preferences"))
    return tuple(settings.ADDRESS + path.replace("/T/", f"/{recipient.token}/") for path in (leave, prefer))  # type: ignore[return-value]


def _headers(letter: Letter, number: str, way_out: str) -> dict[str, str]:
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    return {
        "Message-ID": f"<weekly.{letter.key}.{number}@{host}>",
        "List-Unsubscribe": f"<{way_out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"The weekly long read <weekly.{host}>",
        "Precedence": "bulk",
    }


class Written:
    """A letter written once for all: for each recipient only what is theirs is put in. The bytes are those that `compose` would come
    to, with the texts in quoted-printable, which every server takes and which folds lines of any length.
    """

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._sender = parseaddr(sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8"))[1]
        head: Any = EmailMultiAlternatives(
            one_line(letter.subject),
            to=[_TO],
            headers={"Date": formatdate(), **_headers(letter, _NUMBER, WAY_OUT)},
        ).message()
        for name in ("Content-Type", "Content-Transfer-Encoding", "MIME-Version"):
            del head[name]
        self._head = (
            bytes(head.as_bytes(linesep="\r\n")).rstrip(b"\r\n")
            + b'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="%s"\r\n'
            % _BOUNDARY.encode()
        )
        self._body = b"".join(
            (
                _part("plain", letter.text),
                _part("html", letter.html),
                f"--{_BOUNDARY}--\r\n".encode(),
            )
        )

    def for_recipient(self, recipient: Recipient) -> WrittenMail:
        """Errors: NoAddress where no mail server would take the address."""
        to = deliverable(recipient.email)
        way_out, preferences = (address.encode("ascii") for address in _addresses(recipient))
        number = signed_number(self._letter.key, recipient.pk)
        head = (
            self._head.replace(_TO.encode(), to.encode("ascii"))
            .replace(_NUMBER.encode(), number.encode())
            .replace(WAY_OUT.encode(), way_out)
        )
        body = self._body.replace(WAY_OUT.encode(), _folded(way_out))
        body = body.replace(PREFERENCES.encode(), _folded(preferences))
        return WrittenMail(
            self._sender_of(number), to, head + b"\r\n" + body, lambda: compose(recipient, self._letter)
        )

    def _sender_of(self, number: str) -> str:
        """Where what comes back goes to: with BACKNUMBER_BOUNCES_TO set, an address of this mail's own (VERP)."""
        local, at, domain = settings.WEEKLY_BOUNCES_TO.rpartition("@")
        return f"{local}+{self._letter.key}.{number}@{domain}" if at else self._sender


def signed_number(edition: str, recipient: int) -> str:
    """Promise: the recipient's number with a mark that only we can make of it and the edition: what comes back is known for ours."""
    mark = salted_hmac("longread.number", f"{edition}.{recipient}", algorithm="sha256").hexdigest()[:12]
    return f"{recipient}.{mark}"


def _part(kind: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    pieces = [
        piece.encode() if piece in {WAY_OUT, PREFERENCES} else _quoted(piece) for piece in _SLOTS.split(lines)
    ]
    head = f"--{_BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + b"".join(pieces)


def _quoted(piece: str) -> bytes:
    """What follows the last line break ends in a soft one, for an address of any length follows it."""
    return quopri.encodestring(piece.encode(), quotetabs=False).replace(b"\n", b"\r\n")


def _folded(address: bytes) -> bytes:
    quoted = address.replace(b"=", b"=3D")
    chunks = [quoted[at : at + _LINE] for at in range(0, len(quoted), _LINE)]
    return b"=\r\n" + b"=\r\n".join(chunks) + b"=\r\n"
