"""A page and a change at the same moment, on connections of their own: whichever comes first, no stale page is good."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.edge.page import store_sql
from backnumber.edge.page.stored import StoredPage, read, stored_page
from backnumber.edge.page.text import text_of
from backnumber.edge.render import queries, renderers, service
from backnumber.edge.render.build import build_id
from backnumber.edge.render.models import Change, PageRow
from backnumber.edge.render.renderers import Renderer
from tests import making

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/test/headline/"
Between = Callable[[], None]


def nothing() -> None:
    """Nothing happens between."""


class Rendering:
    """Renders a page that shows one headline. `between` happens after that was read, and before the page is stored."""

    def __init__(self, article: int) -> None:
        self.article = article
        self.between: Between = nothing

    def render(self, address: str, now: object) -> StoredPage:
        headline = Article.objects.values_list("headline", flat=True).get(pk=self.article)
        self.between()
        return stored_page(address, "test", text_of(headline.encode(), ()), keys=(f"article:{self.article}",))

    def render_now(self) -> None:
        assert service.render_page(ADDRESS, timezone.now()) is not None


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> Rendering:
    made = Rendering(making.article("Before").pk)
    found = {"test": Renderer("test", ADDRESS, made.render, lambda: iter((ADDRESS,)))}
    monkeypatch.setattr(renderers, "_renderers", found)
    return made


@contextmanager
def another() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(**connection.get_connection_params()) as other:
        yield other


def publish(other: psycopg.Connection[tuple[object, ...]], article: int, headline: str = "After") -> None:
    other.execute("UPDATE archive_article SET headline = %s WHERE id = %s", [headline, article])


def shown() -> str | None:
    """What a door, on a connection of its own, is given."""
    with another() as door:
        row = door.execute(store_sql.FETCH, {"address": ADDRESS, "build": build_id()}).fetchone()
    return None if row is None else headline_in(row[0])


def headline_in(content: object) -> str:
    assert isinstance(content, bytes)
    return read(content).closed.plain.decode()


def stale() -> str | None:
    """The control: what is in the store, void or not."""
    kept = PageRow.objects.filter(address=ADDRESS).values_list("content", flat=True).first()
    return None if kept is None else headline_in(bytes(kept))


def test_a_page_is_good_until_something_changes(rendering: Rendering) -> None:
    rendering.render_now()
    assert shown() == "Before"
    with another() as other:
        publish(other, rendering.article)
        assert shown() == "Before", "what is not committed is not so"
        other.commit()
    assert shown() is None
    rendering.render_now()
    assert shown() == "After"


def test_what_is_published_between_reading_and_storing_makes_the_page_void(rendering: Rendering) -> None:
    def between() -> None:
        with another() as other:
            publish(other, rendering.article)

    rendering.between = between
    rendering.render_now()
    assert stale() == "Before", "the control: without the check, this would be served"
    assert shown() is None


def test_a_publication_under_way_while_a_page_is_rendered_makes_it_void_when_it_commits(
    rendering: Rendering,
) -> None:
    with another() as other:
        publish(other, rendering.article)
        rendering.render_now()
        assert shown() == "Before", "nobody can know yet"
        other.commit()
    assert stale() == "Before"
    assert shown() is None


def test_a_publication_that_began_first_and_ends_last_is_not_missed(rendering: Rendering) -> None:
    """Its number is lower than the page's: an order by numbers alone would take it for seen."""
    with another() as other, another() as younger:
        publish(other, rendering.article)
        younger.execute("SELECT pg_current_xact_id()")
        younger.commit()
        rendering.render_now()
        other.commit()
        row = other.execute("SELECT max(xid) FROM edge_change").fetchone()
    assert row is not None
    assert row[0] < PageRow.objects.get().xid
    assert shown() is None


def test_a_change_in_the_same_transaction_after_the_rendering_makes_it_void(rendering: Rendering) -> None:
    with transaction.atomic():
        rendering.render_now()
        Article.objects.filter(pk=rendering.article).update(headline="After")
    assert stale() == "Before"
    assert shown() is None


def test_a_change_in_the_same_transaction_before_the_rendering_is_in_the_page(rendering: Rendering) -> None:
    with transaction.atomic():
        Article.objects.filter(pk=rendering.article).update(headline="After")
        rendering.render_now()
        assert shown() is None, "nobody else sees it before it is so"
    assert shown() == "After"


def test_a_publication_that_is_rolled_back_makes_nothing_void(rendering: Rendering) -> None:
    rendering.render_now()
    with another() as other:
        publish(other, rendering.article)
        other.rollback()
    assert shown() == "Before"


def test_a_page_rendered_within_what_is_rolled_back_is_gone_with_it(rendering: Rendering) -> None:
    rendering.render_now()
    with transaction.atomic():
        Article.objects.filter(pk=rendering.article).update(headline="Never")
        rendering.render_now()
        transaction.set_rollback(True)
    assert shown() == "Before"


def test_a_change_undone_within_a_transaction_makes_nothing_void(rendering: Rendering) -> None:
    with transaction.atomic():
        rendering.render_now()
        with transaction.atomic():
            Article.objects.filter(pk=rendering.article).update(headline="Never")
            transaction.set_rollback(True)
    assert shown() == "Before"


def test_a_slow_rendering_does_not_take_the_place_of_one_that_has_seen_more(rendering: Rendering) -> None:
    """Two render at once; the first to read is the last to store."""
    read, stored = threading.Event(), threading.Event()

    def slow() -> None:
        read.set()
        stored.wait(10)

    def run() -> None:
        try:
            rendering.render_now()
        finally:
            connection.close()

    rendering.between = slow
    thread = threading.Thread(target=run)
    thread.start()
    read.wait(10)
    with another() as other:
        publish(other, rendering.article)
    rendering.between = nothing
    rendering.render_now()
    stored.set()
    thread.join(10)
    assert shown() == "After"


def test_many_publications_while_pages_are_rendered_never_leave_a_stale_one(rendering: Rendering) -> None:
    """Whenever nothing is under way, what is shown is what is so, or nothing."""
    ended = threading.Event()

    def render_on() -> None:
        try:
            while not ended.is_set():
                rendering.render_now()
        finally:
            connection.close()

    threads = [threading.Thread(target=render_on) for _ in range(2)]
    for thread in threads:
        thread.start()
    with another() as other:
        for number in range(60):
            publish(other, rendering.article, f"Headline {number}")
            other.commit()
            assert shown() in (None, f"Headline {number}")
    ended.set()
    for thread in threads:
        thread.join(20)
    rendering.render_now()
    assert shown() == "Headline 59"


def test_a_page_of_another_build_or_of_a_restored_database_is_not_given_out(rendering: Rendering) -> None:
    rendering.render_now()
    assert shown() == "Before"
    PageRow.objects.update(build="another")
    assert shown() is None
    rendering.render_now()
    PageRow.objects.update(cluster=1, snapshot="900000000000:900000000000:")
    assert shown() is None, "its numbers are those of another cluster"
    rendering.render_now()
    assert shown() == "Before", "and it is stored over, however high they were"


def test_the_sweep_takes_what_is_void_and_then_the_old_changes(rendering: Rendering) -> None:
    rendering.render_now()
    Article.objects.filter(pk=rendering.article).update(headline="After")
    now = timezone.now()
    assert service.sweep(now) == (1, 0), "changes are kept for a day"
    rendering.render_now()
    kept = Change.objects.count()
    assert kept
    assert service.sweep(now + timedelta(days=1, minutes=1)) == (0, kept)
    assert shown() == "After"
    Article.objects.filter(pk=rendering.article).update(headline="Later")
    assert shown() is None


def test_the_sweep_takes_no_change_that_a_page_on_its_way_has_not_seen(rendering: Rendering) -> None:
    """A rendering that hangs for a day: its page comes after the sweep, and must still be void."""
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    swept: list[tuple[int, int]] = []

    def sweep() -> None:
        try:
            swept.append(service.sweep(tomorrow))
        finally:
            connection.close()

    def between() -> None:
        with another() as other:
            publish(other, rendering.article)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(10)

    rendering.between = between
    rendering.render_now()
    assert swept == [(0, 0)], "it did not wait for ever, and took nothing"
    assert stale() == "Before"
    assert shown() is None
    rendering.between = nothing
    assert service.sweep(tomorrow)[0] == 1
    rendering.render_now()
    assert shown() == "After"


def test_what_was_not_asked_for_since_the_last_build_is_swept_after_a_day(rendering: Rendering) -> None:
    rendering.render_now()
    PageRow.objects.update(build="the last one")
    now = timezone.now()
    assert service.sweep(now)[0] == 0, "another version of the program may still serve it"
    assert service.sweep(now + timedelta(days=1, minutes=1))[0] == 1


def test_good_pages_are_known_many_at_once(rendering: Rendering) -> None:
    now = timezone.now()
    assert queries.good_among([ADDRESS, "/other/"], now) == set()
    rendering.render_now()
    assert queries.good_among([ADDRESS, "/other/"], now) == {ADDRESS}
    PageRow.objects.update(good_until=now)
    assert queries.good_among([ADDRESS], now) == set()
    assert queries.good_among([ADDRESS], now - timedelta(seconds=1)) == {ADDRESS}
