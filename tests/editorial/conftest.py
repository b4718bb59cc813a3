"""Edith edits, Hugo answers the help mail: each has a role and nothing more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from backnumber.archive.body import INLINE_FEATURES
from backnumber.archive.models import Article
from backnumber.editorial.roles import make_roles
from backnumber.readers.models import Reader
from tests import making

ARTICLES = "/admin/snippets/archive/article"
ISSUES = "/admin/snippets/archive/issue"


def with_role(name: str, role: str) -> Reader:
    make_roles()
    reader = making.reader(name)
    reader.groups.add(Group.objects.get(name=role))
    return reader


def signed_in(reader: Reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def edith(db: None) -> Reader:
    return with_role("edith", "Editors")


@pytest.fixture
def hugo(db: None) -> Reader:
    return with_role("hugo", "Help desk")


@pytest.fixture
def editor(edith: Reader) -> Client:
    return signed_in(edith)


@pytest.fixture
def help_desk(hugo: Reader) -> Client:
    return signed_in(hugo)


def text(html: str) -> str:
    """A paragraph as the admin's text field sends it."""
    return str(rich_text(html, features=INLINE_FEATURES))


PARAGRAPHS = [
    ("paragraph", text(f"<p>{making.sentence(word, 80)}</p>"))
    for word in ("opencanary", "openmore", "firstcanary", "lastcanary")
]


@pytest.fixture
def form(db: None) -> Callable[..., dict[str, Any]]:
    """What the browser sends for an article."""

    def fields(**changed: Any) -> dict[str, Any]:
        values: dict[str, Any] = {
            "headline": "The Fortress",
            "slug": "the-fortress",
            "standfirst": "A wall that held.",
            "byline": "Eleanor Marsh",
            "position": "1",
            "first_page": "12",
            "last_page": "19",
            "language": "",
            "online_date": "2026-01-01",
            "policy": "",
            "lead_in_ends_after": "",
            "section": "",
            "go_live_at": "",
            "expire_at": "",
            "body": streamfield(PARAGRAPHS),
            "authorships": inline_formset([]),
            "corrections": inline_formset([]),
            "anniversaries": inline_formset([]),
            "paid_after_weeks": "",
            "free_after_years": "",
        }
        values.update(changed)
        if "issue" not in values:
            values["issue"] = str(making.issue().pk)
        return dict(nested_form_data(values))

    return fields


@pytest.fixture
def published(editor: Client, form: Callable[..., dict[str, Any]]) -> Article:
    """An article that Edith has published, as the admin does it."""
    answer = editor.post(f"{ARTICLES}/add/", {**form(), "action-publish": "Publish"})
    assert answer.status_code == 302
    return Article.objects.get(headline="The Fortress")
