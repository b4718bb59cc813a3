"""Staff sign in with something more than a password; readers do not."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.cli import running
from backnumber.editorial.roles import make_roles
from backnumber.readers import second_factor
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account
from tests import making

pytestmark = pytest.mark.django_db
INDEX, APP = "/account/second-factor/", "/account/second-factor/app/"


def code_of(secret: str, at: float) -> str:
    """RFC 6238 with the usual six digits, thirty seconds and SHA-1."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(at // 30)), hashlib.sha1)
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(client: Client, next_address: str = "/admin/") -> str:
    answer = client.post(
        f"/account/sign-in/?next={next_address}",
        {"login": "edith@example.org", "password": making.PASSWORD, "next": next_address},
    )
    return str(answer.headers.get("Location", ""))


@pytest.fixture
def edith(db: None) -> Reader:
    make_roles()
    reader = open_account("edith@example.org", making.PASSWORD)
    reader.groups.add(reader.groups.model.objects.get(name="Editors"))
    return reader


def set_up(client: Client) -> str:
    """The key that the app shares with the site."""
    page = client.get(APP, follow=True)
    if b"password" in page.content and b"secret" not in page.content and b"<code>" not in page.content:
        page = client.post(
            "/account/password-again/", {"password": making.PASSWORD, "next": APP}, follow=True
        )
    found = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())
    assert found, page.content.decode()
    answer = client.post(APP, {"code": code_of(found[1], time.time())})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


def test_a_role_without_a_second_factor_is_sent_to_set_one_up(edith: Reader) -> None:
    client = Client()
    assert sign_in(client) == "/admin/"
    for address in (
        "/admin/",
        "/admin/snippets/archive/article/",
        "/admin/bulk/archive/article/delete/?id=1",
    ):
        assert client.get(address).headers["Location"] == INDEX
    page = client.get(INDEX).content.decode()
    assert "Set up an app" in page
    assert "Go to the admin" not in page


def test_once_it_is_set_up_the_admin_opens_and_each_later_sign_in_asks_for_it(edith: Reader) -> None:
    first = Client()
    sign_in(first)
    secret = set_up(first)
    assert first.get("/admin/").status_code == 200
    codes = first.get("/account/second-factor/codes/").content.decode()
    assert len(re.findall(r"<li><code>", codes)) == 10

    later = Client()
    assert sign_in(later) == "/account/second-factor/sign-in/"
    assert later.get("/admin/").headers["Location"].startswith("/account/sign-in/")
    wrong = later.post("/account/second-factor/sign-in/", {"code": "000000"})
    assert "That is not the code" in wrong.content.decode()
    right = later.post("/account/second-factor/sign-in/", {"code": code_of(secret, time.time() + 30)})
    assert right.headers["Location"] == "/admin/"
    assert later.get("/admin/").status_code == 200


def test_a_session_from_before_it_was_set_up_is_asked_for_it(edith: Reader) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    secret = set_up(here)
    asked = there.get("/admin/snippets/archive/article/").headers["Location"]
    assert asked == "/account/second-factor/again/?next=%2Fadmin%2Fsnippets%2Farchive%2Farticle%2F"
    answer = there.post(
        asked, {"code": code_of(secret, time.time() + 30), "next": "/admin/snippets/archive/article/"}
    )
    assert answer.headers["Location"] == "/admin/snippets/archive/article/"
    assert there.get("/admin/snippets/archive/article/").status_code == 200


def test_a_recovery_code_signs_in_once(edith: Reader) -> None:
    client = Client()
    sign_in(client)
    set_up(client)
    found = re.search(
        r"<li><code>([\w -]+)</code>", client.get("/account/second-factor/codes/").content.decode()
    )
    assert found
    for opens in (True, False):
        other = Client()
        sign_in(other)
        other.post("/account/second-factor/sign-in/", {"code": found[1]})
        assert (other.get("/admin/").status_code == 200) is opens


def test_without_it_the_stored_pictures_are_shut_too(edith: Reader) -> None:
    name = default_storage.save("original_images/second-factor.svg", ContentFile(b"<svg/>"))
    client = Client()
    sign_in(client)
    assert client.get(f"/pictures/originals/{name}").status_code == 404
    set_up(client)
    assert client.get(f"/pictures/originals/{name}").status_code == 200
    default_storage.delete(name)


def test_readers_are_asked_for_nothing_and_see_none_of_it(ada: Reader) -> None:
    open_account(ada.email, making.PASSWORD)
    client = Client()
    answer = client.post("/account/sign-in/", {"login": ada.email, "password": making.PASSWORD})
    assert answer.headers["Location"] == "/account/"
    for address in (INDEX, APP, "/account/second-factor/keys/add/"):
        assert client.get(address).status_code in {302, 404}
    assert client.get(INDEX).status_code == 404


def test_the_secret_does_not_stand_in_the_database(edith: Reader, settings: Settings) -> None:
    client = Client()
    sign_in(client)
    secret = set_up(client)
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    settings.OLD_SECRET_KEYS, settings.SECRET_KEY = (settings.SECRET_KEY,), "another key"
    assert kept.wrap().validate_code(code_of(secret, time.time() + 30))


def test_a_passkey_may_be_added_and_the_page_needs_no_script_within_itself(edith: Reader) -> None:
    client = Client()
    sign_in(client)
    set_up(client)
    page = client.get("/account/second-factor/keys/add/").content.decode()
    assert "Add a passkey" in page
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    assert all("src=" in one or "application/json" in one for one in scripts)


def test_who_has_lost_it_sets_up_a_new_one(edith: Reader) -> None:
    client = Client()
    sign_in(client)
    set_up(client)
    running.forget_second_factor("Edith@example.org")
    assert not second_factor.has_one(edith)
    assert client.get("/admin/").headers["Location"] == INDEX
    with pytest.raises(running.NotDone):
        running.forget_second_factor("nobody@example.org")


@pytest.mark.parametrize("weak", ["short", "password1234", "12345678901", "new.person@example"])
def test_staff_made_at_the_command_line_have_no_weaker_password_than_others(db: None, weak: str) -> None:
    with pytest.raises(running.NotDone):
        running.make_administrator("new.person@example.org", lambda: weak)
    assert not Reader.objects.filter(email="new.person@example.org").exists()


def test_control_a_good_password_makes_an_administrator(db: None) -> None:
    assert running.make_administrator("new.person@example.org", lambda: making.PASSWORD).is_superuser
