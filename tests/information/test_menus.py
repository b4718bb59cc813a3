"""Menus stand on every page of the site, stored ones too, and cost those no query."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from backnumber.archive.models import Article
from backnumber.edge.render import queries as stored
from backnumber.edge.render import service as rendering
from backnumber.edge.render.models import Change
from backnumber.information.models import InformationPage
from backnumber.website import context
from tests import making

pytestmark = pytest.mark.django_db
PAGES = ["/", "/help/", "/archive/", "/search/", "/account/sign-in/", "/no-such-page/", "/information/about/"]
TERMS = "/information/terms/"


@pytest.fixture(autouse=True)
def pages(db: None) -> None:
    making.information_page("About", menu="main")
    making.information_page("Privacy", menu="footer", position=2)
    making.information_page("Terms", menu="footer", position=1)
    making.information_page("Jobs")
    making.information_page("Draft", menu="footer", live=False)


def links(page: str, within: str) -> list[str]:
    found = html.fromstring(page).xpath(f"//{within}//a/@href")
    return [str(address) for address in found if str(address).startswith("/information/")]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_menus_in_their_order(path: str) -> None:
    page = Client().get(path).content.decode()
    assert links(page, "header") == ["/information/about/"]
    assert links(page, "footer") == [TERMS, "/information/privacy/"]


def test_a_page_in_the_main_menu_says_that_one_is_here() -> None:
    page = html.fromstring(Client().get("/information/about/").content.decode())
    assert page.xpath("//header//a[@aria-current='page']/text()") == ["About"]


def test_without_pages_there_is_no_empty_menu() -> None:
    assert "footer-pages" in Client().get("/help/").content.decode(), "the control"
    InformationPage.objects.all().delete()
    assert "footer-pages" not in Client().get("/help/").content.decode()


def test_stored_pages_have_them_too(gated: Article) -> None:
    page = rendering.render_page(gated.get_absolute_url(), timezone.now())
    assert page is not None
    for text in (page.closed, page.whole):
        assert text is not None
        assert links(text.plain.decode(), "header") == ["/information/about/"]
        assert links(text.plain.decode(), "footer") == [TERMS, "/information/privacy/"]


CHANGES: dict[str, tuple[Callable[[], Any], bool]] = {
    "a title": (lambda: of("terms").update(title="Conditions"), True),
    "a slug": (lambda: of("terms").update(slug="conditions"), True),
    "a place": (lambda: of("terms").update(position=3), True),
    "another menu": (lambda: of("jobs").update(menu="main"), True),
    "out of the menu": (lambda: of("about").update(menu="none"), True),
    "withdrawn": (lambda: of("privacy").update(live=False), True),
    "published": (lambda: of("draft").update(live=True), True),
    "deleted": (lambda: of("terms").delete(), True),
    "a new one": (lambda: making.information_page("Contact", menu="footer"), True),
    "its words": (lambda: of("terms").update(summary="Otherwise."), False),
    "its purpose": (lambda: of("terms").update(purpose="terms"), False),
    "one that is in no menu": (lambda: of("jobs").update(title="Work"), False),
    "a new one in no menu": (lambda: making.information_page("Contact"), False),
    "a draft's title": (lambda: of("draft").update(title="Draft two"), False),
    "nothing": (lambda: of("terms").update(title="Terms"), False),
}


def of(slug: str) -> Any:
    return InformationPage.objects.filter(slug=slug)


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_a_menu_makes_every_stored_page_void_and_no_other_change_does(
    gated: Article, what: str
) -> None:
    """Migration 0002_information_pages of the page store: its triggers say so."""
    elsewhere = ["/", "/sections/", gated.get_absolute_url()]
    for address in elsewhere:
        assert rendering.render_page(address, timezone.now()) is not None
    act, reaches_all = CHANGES[what]
    act()
    assert [stored.fetch(address) is None for address in elsewhere] == [reaches_all] * 3
    for address in elsewhere:
        assert rendering.render_page(address, timezone.now()) is not None
        assert stored.fetch(address) is not None, "rendered anew it is good"


def test_a_draft_of_a_published_page_says_nothing_until_it_is_published() -> None:
    page = of("terms").get()
    Change.objects.all().delete()
    page.title = "Conditions"
    revision = page.save_revision()
    assert not Change.objects.exists()
    revision.publish()
    assert set(Change.objects.values_list("key", flat=True)) == {f"information:{page.pk}", "*"}


def test_many_articles_rendered_at_once_ask_for_the_menus_once(gated: Article) -> None:
    more = [making.article(f"Piece {n}", of=gated.issue) for n in range(3)]
    with CaptureQueriesContext(connection) as made:
        rendering.render_pages(
            [gated.get_absolute_url(), *(a.get_absolute_url() for a in more)], timezone.now()
        )
    asked = [q for q in made.captured_queries if 'FROM "information_informationpage"' in q["sql"]]
    assert len(asked) == 1


def test_pages_of_a_request_keep_the_menus_for_a_moment_and_stored_ones_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(context, "MENUS_ARE_KEPT", 600)
    try:
        before = Client().get("/help/").content
        of("terms").update(menu="none")
        with CaptureQueriesContext(connection) as made:
            assert Client().get("/help/").content == before
        assert not any("information" in query["sql"] for query in made.captured_queries)
        page = rendering.render_page("/sections/", timezone.now())
        assert page is not None
        assert page.closed is not None
        assert links(page.closed.plain.decode(), "footer") == ["/information/privacy/"]
    finally:
        caches["menus"].clear()
        monkeypatch.setattr(context, "MENUS_ARE_KEPT", 0)
    assert links(Client().get("/help/").content.decode(), "footer") == ["/information/privacy/"]


def test_with_the_database_away_a_page_is_shown_without_menus(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(context.information, "live_pages", away)
    page = Client().get("/help/")
    assert page.status_code == 200
    assert links(page.content.decode(), "footer") == []
