"""An editor pastes from a word processor, with its markup, and sees the words counted while writing."""

import pytest
from playwright.sync_api import Page, expect

from backnumber.archive.blocks import Heading, Note, Paragraph, from_stream
from backnumber.archive.models import Article
from tests import making
from tests.editorial.test_pasting import CLIPBOARDS, PIECE
from tests.stories.test_issue_desk import edith
from tests.stories.test_reading_and_buying import Be

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_PASTE = """([html, text]) => {
    const held = new DataTransfer();
    held.setData("text/html", html);
    held.setData("text/plain", text);
    const box = document.querySelector("[data-paste]");
    box.focus();
    box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true}));
    box.value = text;
}"""


def test_a_text_is_pasted_from_word_and_its_words_are_counted(
    page: Page, plain: Page, site: str, be: Be
) -> None:
    article = making.article("The Wall", live=False, body=[Paragraph("One two three.")])
    editor = edith()
    be(page, editor)
    be(plain, editor)
    page.goto(f"/admin/snippets/archive/article/edit/{article.pk}/")
    count = page.locator("[data-word-count]")
    expect(count).to_have_text("3 words")
    page.locator(".public-DraftEditor-content").last.click()
    page.keyboard.press("End")
    page.keyboard.type(" Four five.")
    expect(count).to_have_text("5 words")

    page.goto(f"/admin/paste/{article.pk}/")
    page.evaluate(_PASTE, [(CLIPBOARDS / "word.html").read_text(), "The Wall"])
    expect(page.get_by_text("Headings, lists, notes and links are kept.")).to_be_visible()
    page.get_by_label("Instead of what is there").check()
    page.get_by_role("button", name="Put it into the draft").click()
    expect(page.get_by_text("In the draft now:")).to_be_visible()
    blocks = from_stream(Article.objects.get().get_latest_revision_as_object().body.raw_data)
    assert [type(one) for one in blocks] == [type(one) for one in PIECE]
    assert blocks[0] == Heading("The Wall", 2)
    assert [one.mark for one in blocks if isinstance(one, Note)] == ["1", "2"]

    plain.goto(f"/admin/paste/{article.pk}/")
    plain.get_by_label("The text").fill("Four.\n\nFive.")
    plain.get_by_label("Instead of what is there").check()
    plain.get_by_role("button", name="Put it into the draft").click()
    blocks = from_stream(Article.objects.get().get_latest_revision_as_object().body.raw_data)
    assert blocks == (Paragraph("Four."), Paragraph("Five."))
