"""The first steps of a new magazine: in order, ticked off as they become true, gone when all are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.information.models import InformationPage
from backnumber.information.queries import missing
from backnumber.invoices.models import Seller
from backnumber.readers.models import Reader
from backnumber.staff import wagtail_hooks
from backnumber.staff.first_steps import first_steps
from tests import making

pytestmark = pytest.mark.django_db
SECTION = 'id="first-steps"'


@pytest.fixture
def admin(staff: Reader, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(wagtail_hooks, "is_production", lambda: True)
    client = Client()
    client.force_login(staff)
    return client


def done() -> list[str]:
    return [step.name for step in first_steps() if step.is_done]


def test_a_fresh_magazine_has_done_none_and_is_shown_each_with_its_place(
    admin: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAYMENTS = "none"
    monkeypatch.delenv("SMTP_URL", raising=False)
    assert not done()
    page = admin.get("/admin/").content.decode()
    assert SECTION in page
    for step in first_steps():
        assert step.name in page
        assert not step.address or admin.get(step.address).status_code == 200, step.name


def test_each_is_ticked_off_as_it_becomes_true_and_then_there_is_nothing(
    admin: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAYMENTS = "none"
    monkeypatch.delenv("SMTP_URL", raising=False)
    names = [step.name for step in first_steps()]

    def pages() -> None:
        for purpose in missing():
            InformationPage.objects.create(
                title=purpose.label, slug=purpose.value, purpose=purpose, live=True, first_published_at=datetime.now(UTC)
            )  # fmt: skip

    def role() -> None:
        making.reader("edith").groups.add(Group.objects.create(name="Editors"))

    doing: list[Any] = [
        making.title, making.issue, making.products, pages, lambda: monkeypatch.setenv("SMTP_URL", "smtp://localhost"),
        lambda: setattr(settings, "PAYMENTS", "invoice"),
        lambda: Seller.objects.create(name="Hourglass Ltd", address="1 Crane Street", email="a@example.org"), role,
    ]  # fmt: skip
    for number, do in enumerate(doing, 1):
        do()
        assert done() == names[:number]
    assert SECTION not in admin.get("/admin/").content.decode()


def test_who_cannot_do_them_is_not_shown_them(admin: Client, editor: Client, support: Client) -> None:
    for client in (editor, support):
        assert SECTION not in client.get("/admin/").content.decode()


def test_the_demo_has_none(staff: Reader) -> None:
    client = Client()
    client.force_login(staff)
    assert SECTION not in client.get("/admin/").content.decode()
