"""A picture is enlarged: in a dialog where scripts run, as a page of its own where they do not."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from backnumber.archive.blocks import PictureRef
from backnumber.archive.models import Article
from tests import making
from tests.website.pictures import a_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def illustrated(site: str, settings: Settings, tmp_path: Path) -> Article:
    settings.MEDIA_ROOT = tmp_path
    picture = a_picture(width=1200, height=800, alt="A map", caption="The siege.", credit="Ann Ash")
    body = [*making.paragraphs("open", 3), PictureRef(picture.pk), *making.paragraphs("more", 3)]
    return making.article("Maps", body=body, policy="open")


def test_a_picture_opens_over_the_page_and_closes_again(page: Page, illustrated: Article) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(illustrated.get_absolute_url())
    link, dialog = page.locator("a.enlarge"), page.locator("dialog.enlarged")
    for close in (
        lambda: page.keyboard.press("Escape"),
        lambda: dialog.locator("img").click(),
        lambda: dialog.get_by_role("button", name="Close").click(),
        lambda: page.keyboard.press("Enter"),  # the focus is on the button
    ):
        link.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        expect(dialog).to_have_attribute("aria-label", "A map")
        expect(dialog.locator("figcaption")).to_contain_text("The siege.")
        assert dialog.locator("img").get_attribute("src") == link.evaluate("link => link.href")
        assert dialog.locator("img").evaluate("img => img.width") > link.locator("img").evaluate(
            "i => i.width"
        )
        assert page.url.endswith(illustrated.get_absolute_url())
        close()
        expect(dialog).to_be_hidden()
        expect(link).to_be_focused()
    dialog_again = page.locator("dialog.enlarged")
    link.click()
    dialog_again.locator("figcaption").click()
    expect(dialog_again).to_be_visible()
    assert not complaints


def test_whoever_wants_less_motion_gets_none(browser: Browser, site: str, illustrated: Article) -> None:
    for wanted, moves in (("reduce", "none"), ("no-preference", "enlarged")):
        context = browser.new_context(base_url=site, reduced_motion=wanted)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(illustrated.get_absolute_url())
        page.locator("a.enlarge").click()
        assert page.locator("dialog").evaluate("d => getComputedStyle(d).animationName") == moves
        context.close()


def test_without_scripts_the_link_leads_to_the_picture(plain: Page, illustrated: Article) -> None:
    plain.goto(illustrated.get_absolute_url())
    where = plain.locator("a.enlarge").get_attribute("href")
    plain.locator("a.enlarge").click()
    plain.wait_for_url(f"**{where}")
    assert plain.locator("img").evaluate("img => img.naturalWidth") == 960
