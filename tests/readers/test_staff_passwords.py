"""Wherever a password of the staff can be set, it meets the site's validators."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from backnumber.cli import running
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db
WEAK = ["short", "password123", "edith@example.org", "editheditor"]
GOOD = "a lantern of brass and glass"


@pytest.fixture
def desk(staff: Reader) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def fields(password: str, **more: str) -> dict[str, Any]:
    named = {"email": "edith@example.org", "first_name": "Edith", "last_name": "Editheditor"}
    return {**named, "password1": password, "password2": password, **more}


@pytest.mark.parametrize("weak", WEAK)
def test_a_user_that_is_made_in_the_admin(desk: Client, weak: str) -> None:
    answer = desk.post("/admin/users/new/", fields(weak))
    assert answer.status_code == 200
    assert answer.context["form"].errors["password2"]
    assert not Reader.objects.filter(email="edith@example.org").exists()


@pytest.mark.parametrize("weak", WEAK)
def test_a_user_that_is_edited_in_the_admin(desk: Client, weak: str) -> None:
    edith = making.reader("edith")
    before = edith.password
    answer = desk.post(f"/admin/users/edit/{edith.pk}/", fields(weak, is_active="on"))
    assert answer.status_code == 200
    assert answer.context["form"].errors["password2"]
    edith.refresh_from_db()
    assert edith.password == before


def test_control_a_good_one_is_taken(desk: Client) -> None:
    assert desk.post("/admin/users/new/", fields(GOOD)).status_code == 302
    edith = Reader.objects.get(email="edith@example.org")
    assert edith.check_password(GOOD)
    other = "another lantern altogether"
    assert desk.post(f"/admin/users/edit/{edith.pk}/", fields(other, is_active="on")).status_code == 302
    edith.refresh_from_db()
    assert edith.check_password(other)


@pytest.mark.parametrize("weak", WEAK)
def test_one_s_own_on_the_site(weak: str) -> None:
    edith = making.reader("edith")
    edith.last_name = "Editheditor"
    edith.set_password(GOOD)
    edith.save()
    client = Client()
    client.force_login(edith)
    client.post("/account/password/change/", {"oldpassword": GOOD, "password1": weak})
    edith.refresh_from_db()
    assert edith.check_password(GOOD)


def test_the_admin_s_own_account_page_sets_none(staff: Reader, desk: Client) -> None:
    before = staff.password
    sent = {
        "password-old_password": "x",
        "password-new_password1": "short",
        "password-new_password2": "short",
    }
    assert "new_password1" not in desk.get("/admin/account/").content.decode()
    desk.post("/admin/account/", sent)
    staff.refresh_from_db()
    assert staff.password == before


@pytest.mark.parametrize("weak", ["short", "password123", "edith@example.org"])
def test_the_command_line(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        Reader.objects.create_superuser("edith@example.org", weak)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", weak)
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--noinput", email="edith@example.org", stderr=io.StringIO())
    with pytest.raises(running.NotDone):
        running.make_administrator("edith@example.org", lambda: weak)
    assert not Reader.objects.exists()
