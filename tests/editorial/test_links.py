"""The editor's link button: a page of ours is chosen by its words; a link survives what it leads to being renamed."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backnumber.archive.models import Article
from tests import making

pytestmark = pytest.mark.django_db


def ask(editor: Client, **form: str) -> dict[str, Any]:
    answer = editor.post(reverse("choose_own_link"), form)
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_an_article_an_issue_and_a_contributor_are_found_by_their_words(
    editor: Client, gated: Article
) -> None:
    for words, value in (
        ("fortress", f"article:{gated.pk}"),
        ("september 1999", f"issue:{gated.issue_id}"),
        ("marsh eleanor", f"contributor:{making.contributor().pk}"),
    ):
        assert f'value="{value}"' in ask(editor, words=words)["html"], words
    assert "Nothing has these words" in ask(editor, words="zeppelin")["html"]


def test_what_is_chosen_is_linked_by_its_address(editor: Client, gated: Article) -> None:
    chosen = ask(editor, words="fortress", words_before="fortress", choice=f"article:{gated.pk}")
    assert chosen["step"] == "external_link_chosen"
    assert chosen["result"]["url"] == gated.get_absolute_url()


def test_other_words_are_looked_for_although_something_was_chosen(editor: Client, gated: Article) -> None:
    other = making.article("The Harbour")
    again = ask(editor, words="harbour", words_before="fortress", choice=f"article:{gated.pk}")
    assert again["step"] == "external_link"
    assert f'value="article:{other.pk}"' in again["html"]


@pytest.mark.parametrize("choice", ["", "article:0", "reader:1", "article:x", "article:99999999999999999999"])
def test_a_choice_that_is_none_is_asked_for_again(editor: Client, gated: Article, choice: str) -> None:
    again = ask(editor, words="fortress", words_before="fortress", choice=choice)
    assert "Choose one of these" in again["html"]


def test_a_link_leads_on_after_a_rename(editor: Client, client: Client, gated: Article) -> None:
    chosen = ask(editor, words="fortress", words_before="fortress", choice=f"article:{gated.pk}")
    Article.objects.filter(pk=gated.pk).update(slug="another-name")
    answer = client.get(chosen["result"]["url"])
    assert answer.status_code == 301
    assert answer.headers["Location"] == Article.objects.get().get_absolute_url()


def test_the_button_leads_to_our_own_chooser(editor: Client) -> None:
    page = editor.get(reverse("wagtailsnippets_archive_article:add")).content.decode()
    assert reverse("choose_own_link") in page
    assert "choose-page/" not in page


def test_who_may_not_edit_articles_is_shown_nothing_to_link_to(gated: Article) -> None:
    dan = Client()
    dan.force_login(making.reader("helper", is_staff=True))
    assert dan.post(reverse("choose_own_link"), {"words": "fortress"}).status_code == 403
