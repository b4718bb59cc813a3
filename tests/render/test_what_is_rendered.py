"""Which pages are stored, what may stand in them, and which are refused."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.archive.models import Article, Issue
from backnumber.edge.render import queries, service
from backnumber.edge.render.renderers import Renderer, renderer_of
from backnumber.edge.render.rules import Disagreement
from backnumber.website import rendered_articles
from tests import making
from tests.render.sheets import LISTS, rendered

pytestmark = pytest.mark.django_db


def test_every_kind_of_page_is_listed_once_and_can_be_rendered(article: Article) -> None:
    kinds = set()
    for address in [*LISTS, article.get_absolute_url()]:
        renderer = renderer_of(address)
        assert isinstance(renderer, Renderer)
        assert list(renderer.addresses()).count(address) == 1, address
        kinds.add(renderer.kind)
    assert len(kinds) == len(service.patterns())


def test_patterns_tell_pages_from_the_rest() -> None:
    def may_be(address: str) -> bool:
        return any(re.fullmatch(pattern, address) for pattern in service.patterns())

    assert all(map(may_be, [*LISTS, "/archive/the-hourglass/1999/september/the-fortress/"]))
    no_pages = ["/account/", "/search/", "/admin/", "/archive/the-hourglass", "/archive/?x=1", "//"]
    assert not [address for address in no_pages if may_be(address)]
    assert len(service.patterns()) == 12


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/archive/the-hourglass/1999/september/no-such-thing/",
        "/archive/the-hourglass/01999/september/the-fortress/",
        "/archive/the-hourglass/99999/september/the-fortress/",
        "/archive/the-hourglass/99999/september/",
        "/archive/decades/01990s/",
        "/archive/decades/1850s/",
        "/sections/no-such-section/",
        "/account/",
    ],
)
def test_what_is_no_page_is_not_stored(article: Article, address: str) -> None:
    assert service.render_page(address, timezone.now()) is None
    assert queries.fetch(address) is None


def test_a_draft_is_not_stored_and_neither_is_a_piece_of_a_draft_issue(article: Article) -> None:
    draft = making.article("Draft", live=False)
    assert service.render_article(draft.pk, timezone.now()) is None
    assert service.render_article(0, timezone.now()) is None
    Issue.objects.filter(pk=article.issue_id).update(live=False)
    assert service.render_article(article.pk, timezone.now()) is None


def test_no_gated_word_is_in_the_text_that_anyone_may_get(article: Article) -> None:
    page = rendered(article.get_absolute_url())
    assert page.whole is not None
    whole = page.whole.plain.decode()
    assert [word for word in ("firstcanary1", "middlecanary1", "lastcanary1") if word in whole]
    for text in (
        page.closed.plain,
        *(choice for slot in page.closed.slots for choice in slot.choices.values()),
    ):
        assert not [
            word
            for word in ("firstcanary", "middlecanary", "lastcanary", "gatedhead")
            if word in text.decode()
        ]


def test_an_open_article_has_a_gate_all_the_same_and_no_gated_word_before_it(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(policy="open")
    page = rendered(article.get_absolute_url())
    assert "lastcanary1" not in page.closed.plain.decode()
    assert 'id="gate"' in page.closed.plain.decode()


def test_renderings_that_differ_outside_the_slots_are_not_stored(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On purpose: a page that said otherwise who is signed in would be stored for everybody."""
    real = rendered_articles.render_to_string

    def careless(template: str, context: dict[str, Any], request: Any) -> str:
        return real(template, context, request) + (
            "<p>Welcome back</p>" if request.user.is_authenticated else ""
        )

    monkeypatch.setattr(rendered_articles, "render_to_string", careless)
    with pytest.raises(Disagreement, match="Welcome back"):
        service.render_page(article.get_absolute_url(), timezone.now())
    assert queries.fetch(article.get_absolute_url()) is None


def test_a_page_with_a_token_in_it_is_not_stored(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    real = rendered_articles.render_to_string

    def with_token(template: str, context: dict[str, Any], request: Any) -> str:
        request.META["CSRF_COOKIE"] = "made"
        return real(template, context, request)

    monkeypatch.setattr(rendered_articles, "render_to_string", with_token)
    with pytest.raises(Disagreement, match="token"):
        service.render_page(article.get_absolute_url(), timezone.now())


def test_rendering_an_article_asks_few_questions_and_no_more_of_a_larger_archive(article: Article) -> None:
    few = questions(article)
    for year in range(1960, 1975):
        making.article(f"Siege {year}", of=making.issue(date(year, 9, 1)))
    assert questions(article) == few
    assert few <= 15


def questions(article: Article) -> int:
    with CaptureQueriesContext(connection) as asked:
        service.render_page(article.get_absolute_url(), timezone.now())
    return len(asked)
