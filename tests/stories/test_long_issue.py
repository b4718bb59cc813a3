"""An issue of many pieces keeps its sections at hand, beside the pieces or above them, and no page grows wider by it."""

import pytest
from playwright.sync_api import Browser, expect

from tests import making

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECTIONS = (
    "Notes",
    "Minor Notes",
    "Queries",
    "Minor Queries Answered",
    "Replies",
    "Notes on Books, Catalogues and Sales",
)


@pytest.mark.parametrize("width", [360, 1000, 1280])
def test_the_sections_stay_at_hand_while_the_pieces_pass(browser: Browser, site: str, width: int) -> None:
    issue = making.issue()
    for number in range(48):
        name = SECTIONS[number // 8]
        making.article(f"{name} {number}", of=issue, section=making.section(name), position=number)
    context = browser.new_context(
        base_url=site, viewport={"width": width, "height": 740}, java_script_enabled=True
    )
    page = context.new_page()
    page.goto(issue.get_absolute_url())
    page.get_by_role("navigation", name="Sections of this issue").get_by_role(
        "link", name="Replies", exact=True
    ).click()
    piece = page.locator("#section-replies")
    expect(piece).to_be_in_viewport()
    expect(page.locator(".issue-sections")).to_be_in_viewport()
    row, first = page.locator(".issue-sections").bounding_box(), piece.bounding_box()
    assert row is not None
    assert first is not None
    beside = row["x"] >= first["x"] + first["width"]
    assert beside if width == 1280 else row["y"] + row["height"] <= first["y"] + 1
    context.close()
