"""A feed that a process keeps is sent again while nothing that it tells of has changed, and not once more after that."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from backnumber.archive.models import Article, Authorship, FreeWindow, Issue, Section, Title
from backnumber.edge.render.seen import is_unchanged, seen_now
from backnumber.syndication import kept_feeds
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = "/feeds/articles.atom"
Act = Callable[[Article], object]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept_feeds.KEPT.clear()
    yield
    kept_feeds.KEPT.clear()


@pytest.fixture
def piece() -> Article:
    return making.article("The Fortress", online_date=date(2026, 7, 1))


def told(client: Client) -> str:
    return client.get(EVERYTHING).content.decode()


def test_one_question_is_asked_while_nothing_has_changed(
    client: Client, piece: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = told(client)
    assert "The Fortress" in first
    with django_assert_num_queries(1):
        assert told(client) == first


CHANGES: dict[str, Act] = {
    "a headline": lambda a: Article.objects.filter(pk=a.pk).update(headline="The Citadel"),
    "a text": lambda a: Article.objects.filter(pk=a.pk).update(body=[]),
    "a day online": lambda a: Article.objects.filter(pk=a.pk).update(online_date=date(2026, 6, 1)),
    "another piece": lambda a: making.article("The Ditch", online_date=date(2026, 7, 2)),
    "a piece withdrawn": lambda a: Article.objects.filter(pk=a.pk).update(live=False),
    "an issue withdrawn": lambda a: Issue.objects.filter(pk=a.issue_id).update(live=False),
    "an embargo": lambda a: Issue.objects.update(on_sale=timezone.now() + timedelta(days=3)),
    "a free week": lambda a: FreeWindow.objects.create(
        article=a, starts=timezone.now() - timedelta(1), until=timezone.now() + timedelta(2), why="spring"
    ),
    "a section's name": lambda a: Section.objects.filter(articles=a.pk).update(name="Wars"),
    "an author": lambda a: Authorship.objects.create(article=a, contributor=making.contributor("Tom Ash")),
    "a title's name": lambda a: Title.objects.update(name="The Sandglass"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_told_at_once(client: Client, piece: Article, change: Act) -> None:
    Article.objects.filter(pk=piece.pk).update(section=making.section("Essays"))
    told(client)
    ((kept, *_),) = kept_feeds.KEPT.values()
    change(piece)
    now = told(client)
    kept_feeds.KEPT.clear()
    assert now == told(client), "as it is made anew"
    ((_, keys, seen, _),) = kept_feeds.KEPT.values()
    assert is_unchanged(keys, seen)
    assert kept.content != now.encode() or change is CHANGES["an embargo"]


def test_a_piece_that_comes_online_by_its_day_is_told_of(client: Client, piece: Article) -> None:
    """Nothing of it stood in the feed: no key of its own leads there."""
    later = making.article("The Ditch", online_date=timezone.localdate() + timedelta(days=9))
    assert "The Ditch" not in told(client)
    Article.objects.filter(pk=later.pk).update(online_date=timezone.localdate() - timedelta(days=1))
    assert "The Ditch" in told(client)


def test_a_change_that_was_on_its_way_while_a_feed_was_made_is_told_when_it_is_committed(
    client: Client, piece: Article
) -> None:
    changed, may_commit = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Article.objects.filter(pk=piece.pk).update(headline="The Citadel")
            changed.set()
            may_commit.wait(10)
        connection.close()

    other = threading.Thread(target=change)
    other.start()
    changed.wait(10)
    assert "The Fortress" in told(client)
    may_commit.set()
    other.join()
    assert "The Citadel" in told(client)


def test_what_a_transaction_has_written_is_not_kept_for_others(client: Client, piece: Article) -> None:
    with transaction.atomic():
        assert seen_now() is not None
        Article.objects.filter(pk=piece.pk).update(headline="The Citadel")
        assert seen_now() is None
        assert "The Citadel" in told(client)
        transaction.set_rollback(True)
    assert not kept_feeds.KEPT
    assert "The Citadel" not in told(client)


def test_a_feed_is_made_anew_when_a_free_week_ends(piece: Article) -> None:
    now = datetime(2026, 8, 3, 12, tzinfo=UTC)
    FreeWindow.objects.create(
        article=piece, starts=now - timedelta(days=1), until=now + timedelta(minutes=9), why="spring"
    )
    during = kept_feeds.feed_of("", "", "atom", None, now)
    after = kept_feeds.feed_of("", "", "atom", None, now + timedelta(minutes=9))
    assert during is not None
    assert after is not None
    assert b"Anyone may read all of it" in during.content
    assert b"Anyone may read all of it" not in after.content


def test_a_contributor_who_was_there_and_is_no_more_has_no_feed(client: Client, piece: Article) -> None:
    slug = Authorship.objects.get(article=piece).contributor.slug
    assert client.get(f"/feeds/contributors/{slug}.atom").status_code == 200
    Authorship.objects.all().delete()
    assert client.get(f"/feeds/contributors/{slug}.atom").status_code == 404
