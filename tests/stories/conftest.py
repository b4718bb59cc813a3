"""A real browser on a real server: the site listens on a socket, its mail goes to a real SMTP server, its jobs are worked."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from procrastinate.contrib.django import app
from pytest_django.fixtures import SettingsWrapper
from pytest_django.live_server_helper import LiveServer

from tests.sink import Sink

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the test's thread


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's own; where CI is set, its lack fails."""
    with sync_playwright() as playwright:
        system = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        try:
            running = playwright.chromium.launch(executable_path=system, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        except BrowserError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium to drive: install it, or run `playwright install chromium` ({str(error).splitlines()[0]})")
        yield running
        running.close()


@pytest.fixture
def site(live_server: LiveServer, settings: SettingsWrapper, sink: Sink) -> str:
    """The address of the running site, without a slash at its end."""
    settings.ADDRESS = live_server.url
    settings.EMAIL_BACKEND = "backnumber.post.backend.QueuedBackend"  # the test runner puts its own in
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

    def now() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    return now
