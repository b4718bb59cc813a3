"""Somebody of the staff adds a passkey and signs in with it, in a browser whose authenticator is a virtual one."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import BrowserContext, Page, expect

from backnumber.editorial.roles import make_roles
from backnumber.readers.service import open_account
from tests import making

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_authenticator(context: BrowserContext, page: Page) -> None:
    """A security key that is always there and always touched: https://w3c.github.io/webauthn/#sctn-automation."""
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def sign_in(page: Page) -> None:
    page.goto("/account/sign-in/?next=/admin/")
    page.get_by_label("E-mail address", exact=True).fill("edith@example.org")
    page.get_by_label("Password", exact=True).fill(making.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_editor_adds_a_passkey_and_the_next_sign_in_asks_for_it(
    page: Page, context: BrowserContext
) -> None:
    make_roles()
    edith = open_account("edith@example.org", making.PASSWORD)
    edith.groups.add(Group.objects.get(name="Editors"))
    with_authenticator(context, page)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security" in said.text else None)

    sign_in(page)
    expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your password, once more")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(making.PASSWORD)
    page.locator("main").get_by_role("button").first.click()
    page.get_by_label("Name").fill("The desk’s key")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(lambda address: not address.endswith("/keys/add/"))
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/$"))

    context.clear_cookies()
    sign_in(page)
    expect(page.get_by_role("heading", name="One thing more")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))
    assert not refused
