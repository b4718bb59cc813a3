"""What an editor publishes is stored when it is public, in one transaction, and nothing stops a publication."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.signals import published as publishing

from backnumber.archive.models import Article, Issue
from backnumber.edge.page.stored import read
from backnumber.edge.render import queries, service
from backnumber.edge.render.models import PageRow
from backnumber.edge.render.rules import Disagreement
from backnumber.editorial import tasks
from tests import making

pytestmark = pytest.mark.django_db


def stored(article: Article) -> str | None:
    content = queries.fetch(article.get_absolute_url())
    return None if content is None else read(content).closed.plain.decode()


def edited(article: Article, headline: str) -> Any:
    article.headline = headline
    return article.save_revision()


@pytest.fixture
def draft(db: None) -> Article:
    return making.article("The Fortress", live=False)


def test_a_published_article_is_in_print(draft: Article) -> None:
    edited(draft, "The Citadel").publish()
    assert ">The Citadel</h1>" in (stored(draft) or "")


def test_a_draft_is_not_and_what_is_stored_stays(draft: Article) -> None:
    revision = edited(draft, "The Citadel")
    assert stored(draft) is None
    revision.publish()
    edited(draft, "A better name")
    assert ">The Citadel</h1>" in (stored(draft) or "")


def test_what_is_published_at_its_time_is_in_print(draft: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    draft.go_live_at = timezone.now() + timedelta(days=1)
    edited(draft, "The Citadel").publish()
    assert stored(draft) is None
    later = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.publish_scheduled(0)
    assert ">The Citadel</h1>" in (stored(draft) or "")


def test_what_is_withdrawn_is_stored_no_more(draft: Article) -> None:
    edited(draft, "The Citadel").publish()
    assert stored(draft)
    Article.objects.get().unpublish()
    assert stored(draft) is None
    assert Client().get(draft.get_absolute_url()).status_code == 404


def test_a_published_issue_is_in_print(draft: Article) -> None:
    issue = draft.issue
    issue.cover_date = "Autumn 1999"
    issue.save_revision().publish()
    content = queries.fetch(issue.get_absolute_url())
    assert content is not None
    assert "Autumn 1999" in read(content).closed.plain.decode()


def test_a_piece_of_a_draft_issue_is_published_and_not_stored(draft: Article) -> None:
    Issue.objects.update(live=False)
    edited(draft, "The Citadel").publish()
    assert Article.objects.get().live
    assert not PageRow.objects.exists()


@pytest.fixture
def jammed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendering pauses, after it has begun to write."""

    def jam(article: int, now: object) -> None:
        queries.take_snapshot()
        PageRow.objects.create(
            address="/half/", content=b"", keys=[], good_until=None, rendered_at=making.NOON, xid=1, seq=0, snapshot="1:1:", cluster=0
        )  # fmt: skip
        raise Disagreement("on purpose")

    monkeypatch.setattr(service, "render_article", jam)


def test_a_edge_that_jams_stops_no_publication_and_django_answers(
    draft: Article, jammed: None, caplog: pytest.LogCaptureFixture
) -> None:
    edited(draft, "The Citadel").publish()
    assert "The Citadel" in Client().get(draft.get_absolute_url()).content.decode()
    assert not PageRow.objects.exists(), "what was half written is gone"
    assert "is published but not rendered" in caplog.text


def test_a_page_that_cannot_be_rendered_again_is_void_all_the_same(
    draft: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(draft, "The Citadel").publish()
    assert stored(draft)

    def jam(article: int, now: object) -> None:
        raise Disagreement("on purpose")

    monkeypatch.setattr(service, "render_article", jam)
    edited(Article.objects.get(), "The Keep").publish()
    assert stored(draft) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", ["article", "issue"])
def test_publishing_and_rendering_are_one_transaction(model: str) -> None:
    """Outside any other: whoever hears of a publication hears it within, and undoing one undoes the other."""
    draft = making.article("The Fortress", live=False)
    thing: Any = draft if model == "article" else draft.issue
    if model == "issue":
        Issue.objects.update(live=False)
    within: list[bool] = []

    def last(instance: Any, **of_signal: Any) -> None:
        within.append(transaction.get_connection().in_atomic_block and PageRow.objects.exists())
        raise KeyboardInterrupt  # as if the process were told to stop at the worst moment

    publishing.connect(last, sender=type(thing))
    try:
        with pytest.raises(KeyboardInterrupt):
            thing.save_revision().publish()
    finally:
        publishing.disconnect(last, sender=type(thing))
    assert within == [True]
    assert not type(thing).objects.get(pk=thing.pk).live
    assert not PageRow.objects.exists()
