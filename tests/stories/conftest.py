"""A real browser on a real server: the site listens on a socket, its mail goes to a real SMTP server, its jobs are worked."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from procrastinate.contrib.django import app
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from backnumber.readers.models import Reader
from tests.browsing import lacking, launch_options
from tests.sink import Sink

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(**launch_options())
        except BrowserError as error:
            lacking(error)
        yield running
        running.close()


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """The server reads what the test wrote. Django's serialized rollback cannot help here: it is kept with a connection, and
    Playwright's loop has connections of its own.
    """


@pytest.fixture
def site(live_server: LiveServer, settings: Settings, sink: Sink) -> str:
    """The address of the running site, without a slash at its end."""
    settings.ADDRESS = live_server.url
    settings.EMAIL_BACKEND = "backnumber.mail.backend.QueuedBackend"  # the test runner puts its own in
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events; DELETE FROM procrastinate_jobs")
    return str(live_server.url)


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=site)
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def work(site: str) -> Callable[[], None]:
    """Does every job that waits, as the worker would."""

    def in_a_loop_of_its_own() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    def now() -> None:
        with ThreadPoolExecutor(1) as other:
            other.submit(in_a_loop_of_its_own).result(60)

    return now


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """A browser that runs no script: every page a reader meets works without."""
    made = browser.new_context(base_url=site, java_script_enabled=False)
    made.set_default_timeout(10_000)
    yield made.new_page()
    made.close()


@pytest.fixture
def be(site: str) -> Callable[[Page, Reader], None]:
    """Signs a page's browser in as a reader, without the form."""

    def sign_in(page: Page, reader: Reader) -> None:
        client = Client()
        client.force_login(reader)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}]
        )

    return sign_in
