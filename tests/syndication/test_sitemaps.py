"""Sitemaps: addresses and when they changed; nothing of drafts; bounded work."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from backnumber.archive.models import Appearance, Article
from backnumber.syndication import sitemaps
from backnumber.syndication.sitemaps import MOST_ADDRESSES, Part, part_named, parts
from tests import making

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(client: Client, address: str) -> dict[str, str | None]:
    answer = client.get(address)
    assert answer.status_code == 200
    root = etree.fromstring(answer.content)
    found = {
        node.findtext("s:loc", namespaces=SPACE): node.findtext("s:lastmod", namespaces=SPACE)
        for node in root
    }
    return {str(key).removeprefix(settings.ADDRESS): value for key, value in found.items()}


def test_the_index_has_a_sitemap_for_each_year_and_one_for_the_other_pages(
    client: Client, gated: Article
) -> None:
    making.article(of=making.issue(date(1951, 12, 1)))
    assert set(locations(client, "/sitemap.xml")) == {
        "/sitemaps/pages.xml",
        "/sitemaps/1951.xml",
        "/sitemaps/1999.xml",
    }


def test_a_year_has_its_issues_and_its_articles(client: Client, gated: Article) -> None:
    other = making.article(of=making.issue(date(1951, 12, 1)))
    found = locations(client, "/sitemaps/1999.xml")
    assert {gated.get_absolute_url(), gated.issue.get_absolute_url()} == set(found)
    assert other.get_absolute_url() in locations(client, "/sitemaps/1951.xml")


def test_drafts_are_not_in_it_nor_what_only_drafts_name(client: Client, gated: Article) -> None:
    draft = making.article("A Draft", live=False, by="Of Drafts", section=making.section("Drafts Only"))
    making.issue(date(2030, 1, 1), live=False)
    assert draft.get_absolute_url() not in locations(client, "/sitemaps/1999.xml")
    pages = locations(client, "/sitemaps/pages.xml")
    assert {"/", "/contributors/eleanor-marsh/", "/sections/war-and-strategy/"} <= set(pages)
    assert not [address for address in pages if "drafts" in address]
    assert "/sitemaps/2030.xml" not in locations(client, "/sitemap.xml")
    assert client.get("/sitemaps/2030.xml").status_code == 404


def test_it_says_when_a_piece_last_changed(client: Client, gated: Article) -> None:
    Appearance.objects.update(changed_at=datetime(2026, 8, 2, 9, 30, tzinfo=UTC))
    assert locations(client, "/sitemaps/1999.xml")[gated.get_absolute_url()] == "2026-08-02T09:30:00Z"
    assert locations(client, "/sitemap.xml")["/sitemaps/1999.xml"] == "2026-08-02T09:30:00Z"


def test_a_sitemap_holds_no_more_than_it_may(
    client: Client, gated: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_ADDRESSES == 50_000
    monkeypatch.setattr(sitemaps, "MOST_ADDRESSES", 2)
    for _ in range(2):
        making.article()
    index = locations(client, "/sitemap.xml")
    years = [address for address in index if "1999" in address]
    assert years == ["/sitemaps/1999.xml", "/sitemaps/1999-2.xml"]
    told = [address for year in years for address in locations(client, year)]
    assert len(told) == len(set(told)) == 4
    assert client.get("/sitemaps/1999-3.xml").status_code == 404


@pytest.mark.parametrize("name", ["1999-1", "1999-0", "1999-02", "99", "pages-", "1999-2-3", "٢٠٠١", "x"])
def test_no_part_is_called_so(name: str) -> None:
    assert part_named(name) is None


def test_parts_are_found_by_their_names() -> None:
    made = parts("1999", 2 * MOST_ADDRESSES + 1)
    assert (
        [part_named(part.name) for part in made] == made == [Part("1999"), Part("1999", 2), Part("1999", 3)]
    )


def test_the_queries_do_not_grow(client: Client, gated: Article) -> None:
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert not [query for query in queries if '"body"' in query["sql"]]
        return len(queries)

    addresses = ("/sitemap.xml", "/sitemaps/1999.xml", "/sitemaps/pages.xml")
    few = [count(address) for address in addresses]
    for month in range(1, 9):
        making.article(of=making.issue(date(1999, month, 1)), by=f"Author {month}")
    assert [count(address) for address in addresses] == few
    assert max(few) <= 12


def test_robots_are_told_where_the_sitemap_is(client: Client, db: None) -> None:
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/plain")
    assert f"Sitemap: {settings.ADDRESS}/sitemap.xml" in lines
    assert {"User-agent: *", "Disallow: /admin/", "Disallow: /account/"} <= set(lines)


def test_head_says_what_get_says_of_every_address(client: Client, gated: Article) -> None:
    gated.section = making.section()
    gated.save()
    told = [address for part in locations(client, "/sitemap.xml") for address in locations(client, part)]
    assert {"/weekly/", "/subscribe/", gated.get_absolute_url()} <= set(told)
    beside = [
        "/robots.txt",
        "/llms.txt",
        "/sitemap.xml",
        "/sitemaps/1999.xml",
        "/feeds/",
        "/feeds/articles.atom",
    ]
    for address in [*told, *beside]:
        got, head = client.get(address), client.head(address)
        assert head.status_code == got.status_code == 200, address
        assert _lasting(head) == _lasting(got), address
        assert head.content == b"", address


def _lasting(response: Any) -> dict[str, str]:
    """The headers, but for the token of a form and the request's number, which are others each time."""
    other = {"Set-Cookie", "X-Request-ID"}
    return {name: value for name, value in response.headers.items() if name not in other}
