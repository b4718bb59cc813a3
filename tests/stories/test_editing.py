"""An editor publishes, corrects and withdraws, in the admin, in a browser."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from backnumber.archive.models import Article
from backnumber.editorial.roles import make_roles
from tests import making
from tests.stories.test_reading_and_buying import Be

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def presses(page: Page, action: str) -> None:
    """Opens the editor's menu of actions where it is shut, and presses one."""
    button = page.locator("footer").get_by_role("button", name=action, exact=False)
    if not button.first.is_visible():
        page.locator(
            "footer [data-w-dropdown-target='toggle'], footer .w-dropdown__toggle-icon"
        ).first.click()
    button.first.click()


def test_an_editor_publishes_corrects_and_withdraws(page: Page, plain: Page, site: str, be: Be) -> None:
    article = making.article("The Siege", live=False, policy="open")
    make_roles()
    edith = making.reader("edith", is_staff=True)
    edith.groups.add(Group.objects.get(name="Editors"))
    be(page, edith)
    assert page.goto(article.get_absolute_url()).status == 404  # type: ignore[union-attr]

    refused: list[str] = []
    page.on(
        "console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None
    )
    for address in (
        "/admin/",
        "/admin/snippets/archive/article/",
        "/admin/images/",
        "/admin/snippets/archive/issue/",
    ):
        page.goto(address)
    page.goto(f"/admin/snippets/archive/article/edit/{article.pk}/")
    expect(page.locator(".Draftail-Editor").first).to_be_visible()
    presses(page, "Publish")
    expect(page.get_by_text("published", exact=False).first).to_be_visible()
    plain.goto(article.get_absolute_url())
    expect(plain.get_by_role("heading", name="The Siege", level=1)).to_be_visible()

    page.goto(f"/admin/snippets/archive/article/edit/{article.pk}/#tab-corrections")
    page.get_by_role("tab", name="Corrections").click()
    page.get_by_role("button", name="Add correction").click()
    page.get_by_label("Text").last.fill("The siege lasted nine weeks, not seven.")
    presses(page, "Publish")
    expect(page.get_by_text("published", exact=False).first).to_be_visible()
    plain.reload()
    expect(plain.get_by_text("The siege lasted nine weeks, not seven.")).to_be_visible()

    page.goto(f"/admin/snippets/archive/article/unpublish/{article.pk}/")
    page.get_by_role("button", name="Yes, unpublish it").click()
    assert Article.objects.get(pk=article.pk).live is False
    assert plain.reload().status == 404  # type: ignore[union-attr]
    assert not refused, "the admin's policy lets in all that Wagtail needs"
