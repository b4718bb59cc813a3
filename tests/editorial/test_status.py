"""The status says what readers get: an article of an issue that is not published is 404, however published it is itself."""

from datetime import date

import pytest
from django.test import Client

from backnumber.archive.models import Article, Issue
from backnumber.editorial.status import is_seen, status_of, with_status
from tests import making

pytestmark = pytest.mark.django_db


def word() -> str:
    return status_of(with_status(Article.objects.select_related("issue")).get())


def test_an_article_of_a_draft_issue_waits_for_it(editor: Client) -> None:
    article = making.article("The Fortress", of=making.issue(date(1999, 9, 1), live=False))
    assert Client().get(article.get_absolute_url()).status_code == 404
    assert word() == "waits for its issue"
    assert not is_seen(article)
    page = editor.get("/admin/snippets/archive/article/").content.decode()
    assert "waits for its issue" in page
    assert "status-tag primary" not in page.replace("w-status--primary", "status-tag primary")


def test_published_is_what_a_reader_can_open(editor: Client) -> None:
    article = making.article("The Fortress", of=making.issue(date(1999, 9, 1)))
    assert Client().get(article.get_absolute_url()).status_code == 200
    assert word() == "published"
    assert is_seen(article)
    Issue.objects.update(live=False)
    assert word() == "waits for its issue"
