"""The pages that exist only in the demo: be somebody else, and read the mail the demo has sent."""

import email
import email.policy
from email.message import EmailMessage

from django.contrib.auth import login
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from backnumber.demo.people import PASSWORD, PEOPLE, what_nobody_may
from backnumber.mail import carrier
from backnumber.readers import second_factor
from backnumber.readers.models import Reader

BACKEND = "backnumber.passes.backend.NumberedReaders"
_signer = TimestampSigner(salt="demo-sign-in")


def sign_in_address(key: str, site: str) -> str:
    """Promise: an address of the demo at `site` that signs in as that person, for ten minutes. Errors: KeyError for somebody unknown."""
    if key not in {p.key for p in PEOPLE}:
        raise KeyError(key)
    return f"{site}/demo/as/{_signer.sign(key)}/"


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    return render(
        request, "demo/people.html", {"people": PEOPLE, "password": PASSWORD, "nobody": what_nobody_may()}
    )


@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponseBase:
    return _as(request, key)


@require_safe
def sign_in_by_token(request: HttpRequest, token: str) -> HttpResponseBase:
    try:
        return _as(request, _signer.unsign(token, max_age=600))
    except BadSignature as error:
        raise Http404 from error


def _as(request: HttpRequest, key: str) -> HttpResponseBase:
    person = next((p for p in PEOPLE if p.key == key), None)
    if person is None:
        raise Http404
    reader = get_object_or_404(Reader, email=person.email)
    login(request, reader, backend=BACKEND)
    second_factor.vouch(request.session, reader)
    return redirect("/admin/" if reader.is_staff else "/")


@require_safe
def post(request: HttpRequest) -> HttpResponse:
    """The last fifty mails, newest first."""
    paths = sorted(carrier.folder().glob("*.eml"), reverse=True)[:50]
    return render(request, "demo/post.html", {"mails": [_read(path.read_bytes()) for path in paths]})


def _read(raw: bytes) -> dict[str, str]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    text = message.get_body(("plain",))
    return {
        "subject": str(message["subject"]),
        "to": str(message["to"]),
        "date": str(message["date"]),
        "text": str(text.get_content()) if text else "",
    }
