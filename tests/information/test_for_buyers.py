"""Where one pays stands what one may want to read first; who sells without having written it is told."""

import pytest
from django.test import Client
from lxml import html
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from backnumber.cli import commands, diagnosis
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db
IN_ORDER = ["/information/terms/", "/information/privacy/", "/information/refunds/"]


@pytest.fixture
def buyer(dan: Reader) -> Client:
    making.products()
    client = Client()
    client.force_login(dan)
    return client


def write_all(*, live: bool = True) -> None:
    for title, purpose in (
        ("Refunds", "refunds"),
        ("Privacy", "privacy"),
        ("Terms", "terms"),
        ("Contact", "contact"),
    ):
        making.information_page(title, purpose=purpose, live=live)


def linked(page: str) -> list[str]:
    found = html.fromstring(page).xpath("//main//a/@href")
    return [str(address) for address in found if str(address).startswith("/information/")]


@pytest.mark.parametrize("path", ["/buy/online-yearly/", "/buy/print-and-archive/?country=GB", "/subscribe/"])
def test_terms_privacy_and_refunds_are_linked_once_they_are_published(buyer: Client, path: str) -> None:
    write_all(live=False)
    assert linked(buyer.get(path).content.decode()) == []
    assert "Before you pay, read" not in buyer.get(path).content.decode()
    making.InformationPage.objects.update(live=True)
    assert linked(buyer.get(path).content.decode()) == IN_ORDER


def test_they_stand_before_the_button_and_the_button_says_that_it_pays(buyer: Client) -> None:
    write_all()
    page = buyer.get("/buy/online-yearly/").content.decode()
    button = ">Order and pay £48</button>"
    assert page.count(button) == 1
    assert page.index("Before you pay, read") < page.index(button)
    assert "<strong>£48</strong>, including VAT where it applies" in page
    assert "including VAT where it applies" not in Client().get("/help/").content.decode(), "the control"
    assert "Every price includes VAT where it applies" in buyer.get("/subscribe/").content.decode()


def in_production(monkeypatch: pytest.MonkeyPatch, *, really: bool = True) -> None:
    monkeypatch.setattr(diagnosis.configuration, "is_production", lambda: really)


def test_the_doctor_names_what_a_publisher_owes_its_buyers(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    in_production(monkeypatch)
    making.information_page("Terms", purpose="terms")
    (found,) = diagnosis._information()
    assert found.state == "wrong"
    assert found.what == "No page is published for: privacy, refunds and cancellation, contact."
    settings.PAYMENTS = "none"
    assert diagnosis._information()[0].state == "note"
    making.InformationPage.objects.all().delete()
    write_all()
    assert diagnosis._information()[0].state == "ok"


def test_the_doctor_asks_no_such_thing_of_the_demo() -> None:
    assert diagnosis._information() == []
    assert "page is published for" not in CliRunner().invoke(commands.app, ["doctor"]).output


@pytest.mark.parametrize("really", [True, False])
def test_setting_up_says_so_too_in_production(monkeypatch: pytest.MonkeyPatch, really: bool) -> None:
    in_production(monkeypatch, really=really)
    monkeypatch.setattr(commands, "_set_up", lambda: None)
    told = CliRunner().invoke(commands.app, ["setup"]).output
    assert ("No page is published for: terms of sale and use" in told) is really
