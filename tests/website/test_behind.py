"""Django is made warm when a process has begun: nobody has read anything by it, and what cannot be warmed harms nothing."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.test.signals import template_rendered
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.edge.page.usage import LEDGER
from backnumber.meter.models import MeteredRead
from backnumber.website.page_headers import of_every_page
from backnumber.website.serving import warm

pytestmark = pytest.mark.django_db


@pytest.fixture
def rendered() -> Any:
    names: list[str] = []

    def note(template: Any, **of_signal: Any) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def in_a_thread(act: Callable[[], None]) -> None:
    """As the server does: with a connection of its own, which ends with it."""

    def whole() -> None:
        act()
        connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(whole).result()


@pytest.mark.django_db(transaction=True)
def test_the_sign_in_page_and_an_article_are_asked_for_and_nothing_is_used(
    settings: Settings, gated: Article, rendered: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    gated.policy = "metered"
    gated.save()
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    LEDGER.take(1_000)
    in_a_thread(lambda: warm(get_wsgi_application()))
    assert {"account/login.html", "website/article.html"} <= set(rendered)
    assert (len(LEDGER), MeteredRead.objects.count()) == (0, 0)
    assert not caplog.records
    Client().get(gated.get_absolute_url())
    assert len(LEDGER) == 1, "the control: a reader's request is a use"


@pytest.mark.django_db(transaction=True)
def test_an_empty_archive_can_be_warmed_too(
    settings: Settings, rendered: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    in_a_thread(lambda: warm(get_wsgi_application()))
    assert "account/login.html" in rendered
    assert not caplog.records


def test_with_the_database_away_it_is_said_in_a_line_and_nothing_is_asked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[Any] = []

    def with_the_database_away() -> None:
        nowhere = {**connections["default"].settings_dict, "HOST": "127.0.0.1", "PORT": "9", "OPTIONS": {}}
        connections["default"] = DatabaseWrapper(nowhere, "default")
        warm(lambda *of_request: asked.append(of_request))

    with caplog.at_level(logging.INFO):
        in_a_thread(with_the_database_away)
    assert "Django is not warmed" in caplog.text
    assert "Traceback" not in caplog.text
    assert asked == []


def test_a_page_that_breaks_breaks_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*of_request: Any) -> Any:
        raise RuntimeError("a template is wanting")

    warm(broken)
    assert "a template is wanting" in caplog.text


def test_what_the_front_door_sends_with_every_page_is_what_django_sends(
    settings: Settings, gated: Article
) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    response = Client().get(gated.get_absolute_url(), secure=True)
    of_one_page = {
        "content-type",
        "content-length",
        "cache-control",
        "vary",
        "content-language",
        "x-request-id",
    }
    sent = {name.lower(): value for name, value in response.headers.items()}
    ours = {name.decode(): value.decode() for name, value in of_every_page()}
    assert {k: v for k, v in sent.items() if k not in of_one_page} == {
        k: v for k, v in ours.items() if k != "vary"
    }
