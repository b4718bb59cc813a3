"""The ways in and out: of readers, of the staff with their second factor, and the weekly mail's."""

import time
from collections.abc import Iterator
from unittest.mock import patch

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from backnumber.editorial.roles import make_roles
from backnumber.longread import service as longread
from backnumber.longread import views as weekly_views
from backnumber.longread.models import Recipient
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account
from tests import making
from tests.readers.conftest import last_code
from tests.readers.test_second_factor import APP, code_of, set_up
from tests.states.visiting import State, Visitor, nobody, signed_in

OPEN = [
    "/account/sign-in/", "/account/sign-in/code/", "/account/sign-up/", "/account/password/reset/", "/account/password/reset/done/",
    "/account/closed/", "/account/deleted/", "/weekly/sign-up/",
]  # fmt: skip
SENT_EMPTY = ["/account/sign-in/", "/account/sign-up/", "/account/sign-in/code/", "/account/password/reset/"]
OF_A_READER = [
    "/account/", "/account/email/", "/account/password/change/", "/account/password-again/", "/account/delete/", "/account/sign-out/",
    "/account/devices/", "/account/gifts/", "/account/weekly/",
]  # fmt: skip
FACTOR = "/account/second-factor/"


def nobody_yet(dan: Reader) -> Iterator[State]:
    for path in OPEN:
        yield nobody().sees(path)
    for path in SENT_EMPTY:
        yield nobody().sends(path, {"email": "none"}, state="with errors")
    yield nobody().sends("/weekly/sign-up/", {"email": "none"}, status=422, state="with errors")
    yield nobody().sends("/account/sign-in/", {"login": dan.email, "password": "not this one"}, state="wrong")
    yield nobody().sees("/account/sign-in/?next=/archive/", state="to come back")
    yield nobody().sends("/account/sign-up/", {"email": "new@example.org", "password1": making.PASSWORD})
    yield from _by_code("/account/sign-in/code/", dan)
    yield from _by_code("/account/password/reset/", dan)


def _by_code(path: str, dan: Reader) -> Iterator[State]:
    guest = nobody()
    yield guest.sends(path, {"email": dan.email}, state="code sent")
    at = guest.client.post(path, {"email": dan.email}).headers["Location"]
    yield guest.sends(at, {"code": "BBBB-BBBB", "action": "verify"}, state="wrong code")
    if "reset" in path:
        yield guest.sends(at, {"code": last_code()}, state="right code")
        yield guest.sends("/account/password/reset/new/", {"password1": "x"}, state="a short password")


def readers(dan: Reader, others: list[Reader]) -> Iterator[State]:
    for reader in (dan, *others):
        for path in OF_A_READER:
            yield signed_in(reader).sees(path)
    here = signed_in(dan)
    signed_in(dan)
    yield here.sees("/account/devices/", state="several")
    for path, status in (("email", 200), ("password/change", 200), ("password-again", 200), ("delete", 422)):
        yield here.sends(f"/account/{path}/", {"email": "none"}, status=status, state="with errors")
    yield here.sends("/account/devices/", {"end": "others"}, state="ended the others")
    yield here.sends("/account/email/", {"email": "dan@example.com", "action_add": "1"}, state="a code sent")
    passwordless = Reader.objects.get(pk=dan.pk)
    passwordless.set_unusable_password()
    passwordless.save()
    without = signed_in(passwordless)
    for path in ("/account/", "/account/password/set/", "/account/delete/"):
        yield without.sees(path, state="without a password")


def the_weekly_mail() -> Iterator[State]:
    longread.ask("r@example.org", timezone.now())
    recipient = Recipient.objects.get()
    confirm, leave = f"/weekly/confirm/{recipient.confirm_token}/", f"/weekly/leave/{recipient.token}/"
    yield nobody().sends("/weekly/sign-up/", {"email": "s@example.org"})
    for path in (confirm, leave):
        yield nobody().sees(path)
        yield nobody().sends(path)
    yield nobody().sees(confirm, status=404, state="after leaving")
    preferences = f"/weekly/preferences/{recipient.token}/"
    yield nobody().sees(preferences, state="after leaving")
    Recipient.objects.update(left_at=None)
    yield nobody().sees(preferences)
    yield nobody().sends(preferences, {"what": "move", "email": "none"}, status=422, state="with errors")
    yield nobody().sends(preferences, {"what": "pause-4"}, state="pausing")
    yield nobody().sees(preferences, state="paused")
    Recipient.objects.filter(pk=recipient.pk).update(new_email="t@example.org", new_email_token="token")
    yield nobody().sees("/weekly/move/token/")
    yield nobody().sends("/weekly/move/token/")
    yield nobody().sees("/weekly/move/token/", status=404, state="moved already")
    Recipient.objects.update(left_at=timezone.now())
    yield nobody().sees(leave, state="after leaving")
    with patch.object(weekly_views, "may_sign_up_for_the_weekly", return_value=False):
        yield nobody().sends("/weekly/sign-up/", {"email": "t@example.org"}, status=429, state="too often")


def the_second_factor() -> Iterator[State]:
    """Everything an editor meets from the first sign-in on."""
    make_roles()
    reader = open_account("edith@example.org", making.PASSWORD)
    reader.groups.add(Group.objects.get(name="Editors"))
    edith = _with_password()
    yield edith.sees(FACTOR, state="none yet")
    secret = set_up(edith.client)
    other = signed_in(making.reader("olga", is_staff=True, is_superuser=True))
    for path in (APP, f"{FACTOR}keys/add/"):
        yield _proven(other, path)
    yield other.sends(APP, {"code": "000000"}, state="wrong code")
    Authenticator.objects.create(
        user=reader, type="webauthn", data={"name": "A key", "credential": {"passwordless": False}}
    )
    key = Authenticator.objects.get(type="webauthn")
    paths = ("", "app/remove/", f"keys/{key.pk}/remove/", "codes/", "codes/new/", "again/", "again/key/")
    with patch.object(webauthn, "get_credentials", return_value=[]):
        for path in paths:
            yield edith.sees(FACTOR + path, state="set up")
    yield edith.sends(f"{FACTOR}again/", {"code": "000000"}, state="wrong code")
    yield edith.sends("/account/delete/", {"password": making.PASSWORD}, status=422, state="of the staff")
    key.delete()
    later = _with_password()
    yield later.sees(f"{FACTOR}sign-in/")
    yield later.sends(f"{FACTOR}sign-in/", {"code": "000000"}, state="wrong code")
    code = code_of(secret, time.time() + 30)
    yield later.sends(f"{FACTOR}sign-in/", {"code": code}, state="right code")


def _proven(visitor: Visitor, path: str) -> State:
    """The page, once the password was typed again for it."""
    visitor.client.post("/account/password-again/", {"password": making.PASSWORD, "next": path})
    return visitor.sees(path)


def _with_password() -> Visitor:
    client = Client()
    client.post("/account/sign-in/", {"login": "edith@example.org", "password": making.PASSWORD})
    return Visitor("edith", client)
