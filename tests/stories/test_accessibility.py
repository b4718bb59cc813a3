"""What no checker of pages sees: where the keyboard goes first."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_keyboard_reaches_the_text_first(page: Page) -> None:
    page.goto("/help/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().lower().startswith("skip")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
