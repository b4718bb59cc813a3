"""A reader walks through the archive by time, place, person, day and question, without JavaScript and by keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from backnumber.archive.blocks import Paragraph
from backnumber.archive.models import Article
from backnumber.past import editing
from tests import making
from tests.past.finding import person, place, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPENING = "On 24 June 1348 the plague came to Melcombe, where Petrarch had a cousin. "


@pytest.fixture
def plague() -> Article:
    making.issue()
    body = [Paragraph(OPENING + making.sentence("Word", 140)), *making.paragraphs("gatedword")]
    made = making.article("Was Melcombe first?", standfirst="A debate.", body=body)
    other = making.article("Melcombe was not first, was it?", standfirst="A reply.", body=body)
    named = [place("Melcombe", "Melcombe", 50.6, -2.4), person("Petrarch", "Petrarch")]
    for piece, side in ((made, "for"), (other, "against")):
        record(piece, named, [("24 June 1348", "1348-06-24", (1348, 1349))])
        editing.take_side(piece, side)
    return made


def arrives(page: Page, article: Article) -> None:
    expect(page.get_by_role("heading", level=1, name=article.headline)).to_be_visible()
    expect(page.get_by_text("gatedword1")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_by_time_place_person_day_and_question(
    browser: Browser, site: str, plague: Article, width: int, scheme: str
) -> None:
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/past/timeline/")
    page.get_by_label("From").fill("1340")
    page.get_by_label("To").fill("1360")
    page.get_by_label("To").press("Enter")
    expect(page.get_by_role("heading", level=1, name="1340–1360")).to_be_visible()
    page.get_by_role("link", name="1348: 2 articles").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="1348")).to_be_visible()
    page.get_by_role("link", name=plague.headline).click()
    arrives(page, plague)

    page.goto("/past/map/?view=europe")
    page.get_by_role("link", name="Melcombe: 2 articles").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Melcombe")).to_be_visible()
    page.get_by_role("link", name="Petrarch").click()
    expect(page.get_by_role("heading", level=1, name="Petrarch")).to_be_visible()
    expect(page.get_by_text(OPENING.strip()).first).to_be_visible()
    page.get_by_role("link", name=plague.headline).click()
    arrives(page, plague)

    page.goto("/past/on-this-day/6-1/")
    page.get_by_role("link", name=re.compile("^24 ?, 2 articles$")).click()
    page.get_by_role("link", name=plague.headline).click()
    arrives(page, plague)

    page.goto("/past/questions/")
    expect(page.get_by_role("heading", name="For", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Against", exact=True)).to_be_visible()
    page.get_by_role("link", name=plague.headline).click()
    arrives(page, plague)
    page.get_by_role("link", name="1348", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="1348")).to_be_visible()
    context.close()
