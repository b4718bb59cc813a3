"""A feed in pages (RFC 5005, section 3): all of an archive can be walked, and nothing is lost while it grows."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import etree

from backnumber.archive.models import Appearance, Article, Issue
from backnumber.longread.models import LongRead
from backnumber.longread.rules import monday_of
from tests import making

pytestmark = pytest.mark.django_db

FORMS = ("atom", "rss", "json")
_ATOM = "{http://www.w3.org/2005/Atom}"
MOST = 20


def links(client: Client, address: str) -> dict[str, str]:
    """The links of a feed's head, by their relation."""
    root = etree.fromstring(client.get(address).content)
    head = root if root.tag == f"{_ATOM}feed" else root.find("channel")
    return {node.get("rel"): node.get("href") for node in head.findall(f"{_ATOM}link")}


def told(client: Client, address: str) -> tuple[list[str], str]:
    """The headlines of one page, and the address of the next."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    if ".json" in address:
        shown = json.loads(answer.content)
        return [item["title"] for item in shown["items"]], shown.get("next_url", "")
    root = etree.fromstring(answer.content)
    names = [*root.iterfind(f"{_ATOM}entry/{_ATOM}title"), *root.iterfind("channel/item/title")]
    return [str(name.text) for name in names], links(client, address).get("next", "")


def walk(client: Client, address: str) -> Iterator[tuple[str, list[str]]]:
    while address:
        headlines, further = told(client, address)
        yield address, headlines
        assert not further or further.startswith(f"{settings.ADDRESS}/feeds/")
        address = further.removeprefix(settings.ADDRESS)


def an_issue_of_fifty(**fields: Any) -> Issue:
    issue = making.issue(date(1999, 9, 1), **fields)
    for number in range(50):
        making.article(f"Piece {number}", of=issue)
    return issue


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "of", ["articles", "titles/the-hourglass", "sections/war-and-strategy", "contributors/eleanor-marsh"]
)
def test_no_piece_of_an_issue_of_fifty_is_lost(client: Client, of: str, form: str) -> None:
    an_issue_of_fifty()
    pages = [headlines for _, headlines in walk(client, f"/feeds/{of}.{form}")]
    assert [len(page) for page in pages] == [MOST, MOST, 10]
    assert [name for page in pages for name in page] == [f"Piece {number}" for number in range(50)]


def test_a_page_leads_to_the_first_the_next_the_one_before_and_the_last(client: Client) -> None:
    an_issue_of_fifty()
    for form in ("atom", "rss"):
        addresses = [address for address, _ in walk(client, f"/feeds/articles.{form}")]
        whole = [settings.ADDRESS + address for address in addresses]
        for at, address in enumerate(addresses):
            found = links(client, address)
            assert (found["self"], found["first"], found["last"]) == (whole[at], whole[0], whole[-1])
            assert found.get("next") == (whole[at + 1] if at + 1 < len(whole) else None)
            assert found.get("previous") == (whole[at - 1] if at else None)


def test_a_feed_of_one_page_is_its_first_and_last(client: Client, gated: Article) -> None:
    found = links(client, "/feeds/articles.atom")
    assert found["first"] == found["last"] == found["self"] == f"{settings.ADDRESS}/feeds/articles.atom"
    assert not {"next", "previous"} & set(found)
    assert "next_url" not in json.loads(client.get("/feeds/articles.json").content)


def test_all_pages_are_of_one_feed(client: Client) -> None:
    an_issue_of_fifty()
    roots = [etree.fromstring(client.get(at).content) for at, _ in walk(client, "/feeds/articles.atom")]
    assert len({root.findtext(f"{_ATOM}id") for root in roots}) == 1
    names = [json.loads(client.get(at).content)["feed_url"] for at, _ in walk(client, "/feeds/articles.json")]
    assert set(names) == {f"{settings.ADDRESS}/feeds/articles.json"}


@pytest.mark.parametrize("form", FORMS)
def test_who_is_walking_while_more_comes_online_or_goes_misses_nothing_and_meets_nothing_twice(
    client: Client, form: str
) -> None:
    issue = an_issue_of_fifty()
    walked: list[str] = []
    for number, (_, page) in enumerate(walk(client, f"/feeds/articles.{form}")):
        walked += page
        making.article(f"Later {number}", of=making.issue(date(2001, number + 1, 1)))
        Article.objects.filter(issue=issue, headline=page[-1]).update(live=False)
    assert walked == [f"Piece {number}" for number in range(50)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "page",
    [
        "2", "999", "0", "-1", "", "x", "2026-01-01", "2026-13-01_2026-01-01_1999-09-01_1_1",
        "1000-01-01_1000-01-01_1000-01-01_1_1", "2026-01-01_2026-01-01_1999-09-01_1_1_1",
        "2026-01-01_2026-01-01_1999-09-01_1_99999999999999999999",
    ],
)  # fmt: skip
def test_a_page_that_does_not_exist_is_not_found(
    client: Client, gated: Article, page: str, form: str
) -> None:
    assert client.get(f"/feeds/articles.{form}?page={page}").status_code == 404
    assert client.get(f"/feeds/titles/the-hourglass.{form}?page={page}").status_code == 404


def test_what_is_published_at_once_comes_first_whenever_it_was_written(client: Client) -> None:
    """Pieces bear the day on which they were begun; the issue was published weeks after them, and after others."""
    waiting = an_issue_of_fifty(live=False)
    Article.objects.update(online_date=timezone.localdate() - timedelta(days=40))
    meanwhile = making.issue(date(1998, 1, 1), of=making.title("The Sundial"))
    for number in range(MOST):
        making.article(f"Meanwhile {number}", of=meanwhile)
    backdate(Article.objects.filter(issue=meanwhile), days=7)
    waiting.live = True
    waiting.save()
    headlines, _ = told(client, "/feeds/articles.atom")
    assert headlines == [f"Piece {number}" for number in range(MOST)]


def backdate(articles: Any, days: int) -> None:
    """As if they had come to readers so many days ago."""
    before = timezone.now() - timedelta(days=days)
    Appearance.objects.filter(article__in=articles).update(changed_at=before, told_on=before.date())
    articles.update(online_date=before.date())


def test_an_archive_that_comes_with_old_days_online_is_told_of(client: Client) -> None:
    old = making.article("From the old site", online_date=date(2011, 4, 1))
    assert told(client, "/feeds/articles.atom")[0] == ["From the old site"]
    for number in range(MOST):
        making.article(f"New {number}", of=old.issue)
    pages = [headlines for _, headlines in walk(client, "/feeds/articles.atom")]
    assert pages[-1] == ["From the old site"]


@pytest.mark.parametrize("form", FORMS)
def test_the_weekly_long_reads_have_a_feed_in_pages_of_its_own(client: Client, form: str) -> None:
    issue = making.issue()
    this_week = monday_of(timezone.localdate())
    for week in range(25):
        LongRead.objects.create(
            article=making.article(f"Week {week}", of=issue), week=this_week - timedelta(weeks=week)
        )
    LongRead.objects.create(article=making.article("Next", of=issue), week=this_week + timedelta(weeks=1))
    making.article("No long read", of=issue)
    pages = list(walk(client, f"/feeds/weekly.{form}"))
    assert [len(page) for _, page in pages] == [MOST, 5]
    assert [name for _, page in pages for name in page] == [f"Week {number}" for number in range(25)]
    first = client.get(pages[0][0]).content.decode()
    assert "Free this week" in first
    assert "lastcanary" not in first
    assert client.get(f"/feeds/weekly.{form}?page=2").status_code == 404


def test_the_page_of_feeds_and_the_weekly_page_lead_to_the_feed_of_long_reads(client: Client) -> None:
    for address in ("/feeds/", "/weekly/"):
        assert "/feeds/weekly.atom" in client.get(address).content.decode()


def test_pages_are_kept_by_caches_as_the_first_is(client: Client) -> None:
    an_issue_of_fifty()
    for address, _ in walk(client, "/feeds/articles.atom"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "public, max-age=60"
        assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
        assert client.head(address).status_code == 200
        assert b"lastcanary" not in answer.content
