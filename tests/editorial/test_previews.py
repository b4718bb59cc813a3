"""Previews: the page as somebody else will get it, for those who edit and nobody else, kept by no cache."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from backnumber.archive.models import Article
from tests.editorial.conftest import ARTICLES

Form = Callable[..., dict[str, Any]]


@pytest.fixture
def drafted(editor: Client, published: Article, form: Form) -> str:
    """Edith has changed the headline and not saved; the address of the preview."""
    address = f"{ARTICLES}/preview/{published.pk}/"
    answer = editor.post(address, form(issue=str(published.issue_id), headline="Not Yet Published"))
    assert answer.json() == {"is_valid": True, "is_available": True}
    return address


def test_as_nobody_it_ends_with_the_lead_in_and_the_gate(editor: Client, drafted: str) -> None:
    page = editor.get(f"{drafted}?mode=nobody").content.decode()
    assert "Not Yet Published" in page
    assert "opencanary1" in page
    assert 'id="gate"' in page
    assert "lastcanary1" not in page


def test_as_a_subscriber_it_is_the_whole_text(editor: Client, drafted: str) -> None:
    page = editor.get(f"{drafted}?mode=subscriber").content.decode()
    assert "lastcanary1" in page
    assert 'id="gate"' not in page


@pytest.mark.parametrize("mode", ["", "everything", "subscriber "])
def test_as_anybody_else_it_is_as_nobody_gets_it(editor: Client, drafted: str, mode: str) -> None:
    assert "lastcanary1" not in editor.get(drafted, {"mode": mode}).content.decode()


def test_an_article_that_was_never_saved_has_a_preview(editor: Client, form: Form) -> None:
    assert editor.post(f"{ARTICLES}/preview/", form()).json()["is_available"]
    for mode, is_whole in (("nobody", False), ("subscriber", True)):
        answer = editor.get(f"{ARTICLES}/preview/", {"mode": mode})
        assert answer.status_code == 200
        assert ("lastcanary1" in answer.content.decode()) is is_whole
    assert not Article.objects.exists()


def test_no_cache_keeps_a_preview(editor: Client, drafted: str) -> None:
    kept = editor.get(f"{drafted}?mode=subscriber")["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept


def test_nobody_else_gets_a_preview_or_a_revision(
    drafted: str, published: Article, help_desk: Client
) -> None:
    revision = published.latest_revision_id
    addresses = (
        f"{drafted}?mode=subscriber",
        f"{ARTICLES}/preview/?mode=subscriber",
        f"{ARTICLES}/history/{published.pk}/revisions/{revision}/view/?mode=subscriber",
        f"{ARTICLES}/history/{published.pk}/revisions/compare/live...latest/",
        f"{ARTICLES}/history/{published.pk}/revisions/{revision}/revert/",
    )
    for client in (Client(), help_desk):
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code in {302, 403, 404}, address
            assert b"canary" not in answer.content


def test_a_revision_is_previewed_by_those_who_edit(editor: Client, published: Article) -> None:
    address = f"{ARTICLES}/history/{published.pk}/revisions/{published.latest_revision_id}/view/"
    assert "lastcanary1" in editor.get(f"{address}?mode=subscriber").content.decode()
    assert "lastcanary1" not in editor.get(f"{address}?mode=nobody").content.decode()
