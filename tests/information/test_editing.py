"""Editors write and publish the pages in the admin; the help desk does not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from backnumber.editorial import tasks
from backnumber.editorial.scheduled import NOT_PUBLISHED
from backnumber.information.models import InformationPage
from tests import making
from tests.editorial.conftest import edith, editor, help_desk, hugo, text

__all__ = ["edith", "editor", "help_desk", "hugo"]  # fixtures
pytestmark = pytest.mark.django_db
PAGES = "/admin/snippets/information/informationpage"


def form(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": "Terms",
        "slug": "terms",
        "summary": "What you buy.",
        "purpose": "terms",
        "menu": "footer",
        "position": "1",
        "go_live_at": "",
        "expire_at": "",
        "body": streamfield([("paragraph", text("<p>We sell <b>words</b>.</p>"))]),
    }
    return dict(nested_form_data({**values, **changed}))


def test_an_editor_writes_a_draft_and_publishes_it(editor: Client) -> None:
    assert editor.post(f"{PAGES}/add/", form()).status_code == 302
    assert Client().get("/information/terms/").status_code == 404
    page = InformationPage.objects.get()
    published = editor.post(f"{PAGES}/edit/{page.pk}/", {**form(), "action-publish": "Publish"})
    assert published.status_code == 302
    seen = Client().get("/information/terms/").content.decode()
    assert "We sell <b>words</b>." in seen
    assert 'href="/information/terms/">Terms</a>' in Client().get("/help/").content.decode()
    assert "published" in editor.get(f"{PAGES}/").content.decode()


def test_a_draft_beside_what_is_published_is_seen_by_nobody(editor: Client) -> None:
    page = making.information_page("Terms", purpose="terms")
    editor.post(f"{PAGES}/edit/{page.pk}/", form(summary="Not yet.", slug="conditions"))
    assert "Not yet." not in Client().get("/information/terms/").content.decode()
    assert "Not yet." in editor.get(f"{PAGES}/edit/{page.pk}/").content.decode()
    editor.post(
        f"{PAGES}/edit/{page.pk}/",
        {**form(summary="Not yet.", slug="conditions"), "action-publish": "Publish"},
    )
    moved = Client().get("/information/terms/", follow=True)
    assert moved.redirect_chain == [("/information/conditions/", 301)]
    assert "Not yet." in moved.content.decode()


def test_a_second_page_of_a_purpose_is_refused_in_words(editor: Client) -> None:
    making.information_page("Our terms", purpose="terms")
    answer = editor.post(f"{PAGES}/add/", {**form(), "action-publish": "Publish"})
    assert answer.status_code == 200
    assert "There is a page of this purpose already" in answer.content.decode()
    assert InformationPage.objects.count() == 1
    assert editor.post(f"{PAGES}/add/", form(purpose="other")).status_code == 302


def test_a_page_goes_live_at_its_time(editor: Client) -> None:
    from_now = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    editor.post(f"{PAGES}/add/", {**form(go_live_at=from_now), "action-publish": "Publish"})
    assert Client().get("/information/terms/").status_code == 404
    assert "scheduled" in editor.get(f"{PAGES}/").content.decode()


def test_the_preview_is_the_page_as_it_will_be(editor: Client) -> None:
    answer = editor.post(f"{PAGES}/preview/", form())
    assert answer.json()["is_available"]
    page = editor.get(f"{PAGES}/preview/", {"mode": ""})
    assert page.status_code == 200
    assert "We sell <b>words</b>." in page.content.decode()
    assert not InformationPage.objects.exists()


def test_the_help_desk_may_not_open_them(help_desk: Client) -> None:
    page = making.information_page("Terms")
    for path in ("", "add/", f"edit/{page.pk}/"):
        assert help_desk.get(f"{PAGES}/{path}").status_code == 403
    assert help_desk.get("/admin/").status_code == 200, "the control"


def test_the_link_button_finds_a_page_and_links_its_address(editor: Client) -> None:
    page = making.information_page("Refunds and cancellation", slug="refunds", live=False)
    found = json.loads(editor.post("/admin/choose-own-link/", {"words": "cancellation"}).content)
    assert f"page:{page.pk}" in found["html"]
    chosen = {"words": "refunds", "words_before": "refunds", "choice": f"page:{page.pk}"}
    answer = json.loads(editor.post("/admin/choose-own-link/", chosen).content)
    assert answer["result"]["url"] == "/information/refunds/"


def test_a_page_whose_slug_was_taken_meanwhile_is_passed_over_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Two drafts of one slug and one that stands behind them: the second cannot be published, the third is."""
    due = timezone.now() - timedelta(minutes=3)
    made = [making.information_page(title, live=False) for title in ("First", "Second", "Third")]
    for minutes, page in enumerate(made):
        page.slug = "taken" if page.title != "Third" else "third"
        page.go_live_at = due + timedelta(minutes=minutes)
        page.save_revision(approved_go_live_at=page.go_live_at)
    tasks.publish_scheduled(0)
    live = set(InformationPage.objects.filter(live=True).values_list("title", flat=True))
    assert live == {"First", "Third"}
    assert "Second could not be published" in caplog.text
    said = ModelLogEntry.objects.get(action=NOT_PUBLISHED)
    assert said.object_id == str(made[1].pk)
    caplog.clear()
    tasks.publish_scheduled(0)
    assert not caplog.text
