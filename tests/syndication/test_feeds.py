"""Feeds in their three forms: what they tell, what they keep back, and when they say that nothing has changed."""

import html
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from backnumber.archive.blocks import Paragraph
from backnumber.archive.models import Anniversary, Appearance, Article, FreeWindow
from backnumber.longread.models import LongRead
from backnumber.longread.rules import monday_of
from backnumber.readers.models import Reader
from tests import making

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FORMS = ("atom", "rss", "json")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def atom(client: Client, address: str = "/feeds/articles.atom") -> Any:
    return etree.fromstring(client.get(address).content)


def free_this_week(article: Article, days_ago: float = 1, days_left: float = 6) -> FreeWindow:
    now = timezone.now()
    return FreeWindow.objects.create(
        article=article,
        starts=now - timedelta(days=days_ago),
        until=now + timedelta(days=days_left),
        why="this week’s long read",
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_tells_the_lead_in_and_nothing_of_the_rest(client: Client, gated: Article, form: str) -> None:
    text = read(client, f"/feeds/articles.{form}")
    assert "opencanary1" in text
    assert not [
        word for word in ("firstcanary", "middlecanary", "lastcanary", "Gatedheadcanary") if word in text
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_subscriber_is_told_no_more_by_a_feed_than_nobody(
    client: Client, gated: Article, ada: Reader, form: str
) -> None:
    nobody = read(client, f"/feeds/articles.{form}")
    client.force_login(ada)
    assert read(client, f"/feeds/articles.{form}") == nobody
    assert "lastcanary" in read(client, gated.get_absolute_url())


@pytest.mark.parametrize("form", FORMS)
def test_the_free_long_read_is_said_to_be_free_and_is_still_a_lead_in(
    client: Client, gated: Article, form: str
) -> None:
    assert "Free this week" not in read(client, f"/feeds/articles.{form}")
    free_this_week(gated)
    text = read(client, f"/feeds/articles.{form}")
    assert "Free this week" in text
    assert "lastcanary" not in text


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_feed_tells_of_a_piece_that_is_free_today(client: Client, gated: Article, form: str) -> None:
    today = timezone.localdate()
    Anniversary.objects.create(article=gated, month=today.month, day=today.day, why="the anniversary")
    assert gated.headline in read(client, f"/feeds/articles.{form}")


def test_last_weeks_long_read_is_free_no_longer(client: Client, gated: Article) -> None:
    free_this_week(gated, days_ago=8, days_left=-1)
    assert "Free this week" not in read(client, "/feeds/articles.atom")


def test_an_entry_is_newer_once_its_free_week_has_begun_or_ended(client: Client, gated: Article) -> None:
    def updated() -> str:
        return str(atom(client).findtext("a:entry/a:updated", namespaces=ATOM))

    def told(moment: datetime) -> str:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    Article.objects.update(online_date=date(2020, 1, 1))
    Appearance.objects.update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    before = updated()
    window = free_this_week(gated)
    begun = updated()
    assert before == "2020-01-01T00:00:00Z"
    assert begun == told(window.starts)
    window.until = timezone.now() - timedelta(hours=1)
    window.save()
    assert updated() == told(window.until)


@pytest.mark.parametrize("form", FORMS)
def test_drafts_withdrawn_pieces_and_pieces_of_unpublished_issues_are_not_told_of(
    client: Client, gated: Article, form: str
) -> None:
    making.article("A Draft", live=False)
    making.article("Of a Later Issue", of=making.issue(date(2030, 1, 1), live=False))
    text = read(client, f"/feeds/articles.{form}")
    assert "The Fortress" in text
    assert "A Draft" not in text
    assert "Of a Later Issue" not in text


def test_a_piece_is_told_of_from_its_day_online(client: Client, gated: Article) -> None:
    Article.objects.update(online_date=timezone.localdate() + timedelta(days=2))
    assert "The Fortress" not in read(client, "/feeds/articles.atom")
    Article.objects.update(online_date=timezone.localdate())
    assert "The Fortress" in read(client, "/feeds/articles.atom")


def test_atom_has_what_its_standard_asks(client: Client, gated: Article) -> None:
    root = atom(client)
    assert root.findtext("a:id", namespaces=ATOM) == "tag:localhost,2026:feed"
    assert root.find("a:link[@rel='self']", ATOM).get("href") == f"{settings.ADDRESS}/feeds/articles.atom"
    entry = root.find("a:entry", ATOM)
    assert entry.findtext("a:id", namespaces=ATOM) == f"tag:localhost,2026:article/{gated.pk}"
    assert entry.findtext("a:title", namespaces=ATOM) == "The Fortress"
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Eleanor Marsh"
    assert entry.find("a:link", ATOM).get("href") == settings.ADDRESS + gated.get_absolute_url()
    assert entry.findtext("a:summary", namespaces=ATOM) == gated.standfirst
    assert root.findtext("a:updated", namespaces=ATOM) == entry.findtext("a:updated", namespaces=ATOM)


def test_rss_has_what_its_standard_asks(client: Client, gated: Article) -> None:
    Article.objects.update(online_date=date(2026, 7, 1))
    channel = etree.fromstring(client.get("/feeds/articles.rss").content).find("channel")
    assert [channel.findtext(name) for name in ("title", "link")] == [
        settings.SITE_NAME,
        f"{settings.ADDRESS}/",
    ]
    item = channel.find("item")
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("guid") == f"tag:localhost,2026:article/{gated.pk}"
    assert item.findtext("pubDate") == "Tue, 30 Jun 2026 23:00:00 GMT"  # midnight in London, in summer
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Eleanor Marsh"


def test_json_feed_has_what_its_standard_asks(client: Client, gated: Article) -> None:
    answer = client.get("/feeds/articles.json")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    item = told["items"][0]
    assert item["id"] == f"tag:localhost,2026:article/{gated.pk}"
    assert item["url"] == settings.ADDRESS + gated.get_absolute_url()
    assert item["authors"][0]["name"] == "Eleanor Marsh"
    assert item["tags"] == ["War and Strategy"]


def test_the_id_of_an_entry_survives_a_new_slug(client: Client, gated: Article) -> None:
    before = atom(client).findtext("a:entry/a:id", namespaces=ATOM)
    gated.slug = "another-fortress"
    gated.save()
    assert atom(client).findtext("a:entry/a:id", namespaces=ATOM) == before


def test_marks_and_tags_in_a_headline_arrive_as_they_were_written(client: Client, db: None) -> None:
    making.article(
        "Cats & <Dogs>\x0b", body=[Paragraph("Tea &amp; <em>toast</em>. " * 9), *making.paragraphs("rest")]
    )
    assert atom(client).findtext("a:entry/a:title", namespaces=ATOM) == "Cats & <Dogs>"
    assert "Tea &amp; <em>toast</em>" in atom(client).findtext("a:entry/a:content", namespaces=ATOM)


def test_addresses_within_the_site_are_made_whole(client: Client, db: None) -> None:
    making.article(
        body=[Paragraph('See <a href="/archive/">all of it</a>. ' * 9), *making.paragraphs("rest")]
    )
    assert f'href="{settings.ADDRESS}/archive/"' in atom(client).findtext(
        "a:entry/a:content", namespaces=ATOM
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "of", ["titles/the-hourglass", "sections/war-and-strategy", "contributors/eleanor-marsh"]
)
def test_there_is_a_feed_of_each_title_section_and_contributor(
    client: Client, gated: Article, of: str, form: str
) -> None:
    student = making.title("Hourglass Student")
    making.article(
        "Elsewhere",
        of=making.issue(date(2001, 1, 1), of=student),
        by="Tom Ash",
        section=making.section("Essays"),
    )
    text = read(client, f"/feeds/{of}.{form}")
    assert "The Fortress" in text
    assert "Elsewhere" not in text
    assert "lastcanary" not in text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "of", ["articles", "weekly", "sections/war-and-strategy", "contributors/eleanor-marsh"]
)
def test_where_the_archive_has_several_titles_each_entry_names_its_own(
    client: Client, gated: Article, of: str, form: str
) -> None:
    address = f"/feeds/{of}.{form}"
    LongRead.objects.create(article=gated, week=monday_of(timezone.localdate()))
    assert "Sundial" not in read(client, address)
    assert "The Hourglass</cite>" not in html.unescape(read(client, address))
    waiting = making.issue(date(2001, 1, 1), of=making.title("The Sundial"), live=False)
    elsewhere = making.article("Elsewhere", of=waiting)
    assert "Hourglass</cite>" not in html.unescape(read(client, address)), "a title of drafts is told of"
    waiting.live = True
    waiting.save()
    LongRead.objects.create(article=elsewhere, week=monday_of(timezone.localdate()) - timedelta(weeks=1))
    text = html.unescape(read(client, address))
    for name in ("The Hourglass", "The Sundial"):
        assert f"<p>From <cite>{name}</cite></p>" in text
    if form == "json":
        tags = {item["title"]: item["tags"] for item in json.loads(client.get(address).content)["items"]}
        assert tags["The Fortress"][0] == "The Hourglass"
        assert tags["Elsewhere"][0] == "The Sundial"
    else:
        root = etree.fromstring(client.get(address).content)
        terms = [*root.iterfind(".//category"), *root.iterfind(".//a:category", ATOM)]
        named = {node.get("term") or node.text for node in terms}
        assert {"The Hourglass", "The Sundial"} <= named


@pytest.mark.parametrize("form", FORMS)
def test_a_titles_own_feed_does_not_repeat_its_name(client: Client, gated: Article, form: str) -> None:
    making.article("Elsewhere", of=making.issue(date(2001, 1, 1), of=making.title("The Sundial")))
    assert "<cite>" not in html.unescape(read(client, f"/feeds/titles/the-hourglass.{form}"))


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/titles/nothing.atom",
        "/feeds/sections/nothing.rss",
        "/feeds/contributors/of-drafts.json",
        "/feeds/articles.xml",
        "/feeds/readers/ada.atom",
    ],
)
def test_what_is_not_there_and_what_has_only_drafts_get_one_answer(
    client: Client, gated: Article, address: str
) -> None:
    making.article("A Draft", by="Of Drafts", live=False)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_a_reader_that_has_it_already_is_not_sent_it_again(client: Client, gated: Article, form: str) -> None:
    address = f"/feeds/articles.{form}"
    first = client.get(address)
    for header in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(address, headers=header)
        assert again.status_code == 304
        assert not again.content


def test_a_withdrawal_changes_the_tag(client: Client, gated: Article) -> None:
    making.article("Another")
    first = client.get("/feeds/articles.atom")
    gated.unpublish()
    again = client.get("/feeds/articles.atom", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert b"The Fortress" not in again.content


def test_a_shared_cache_keeps_a_feed_no_longer_than_its_free_week(client: Client, gated: Article) -> None:
    assert client.get("/feeds/articles.atom")["Cache-Control"] == "public, max-age=60"
    free_this_week(gated, days_left=20 / 86_400)
    kept = int(client.get("/feeds/articles.atom")["Cache-Control"].partition("max-age=")[2])
    assert 0 <= kept <= 20


def test_an_empty_archive_has_an_empty_feed(client: Client, db: None) -> None:
    assert atom(client).find("a:entry", ATOM) is None
    assert json.loads(client.get("/feeds/articles.json").content)["items"] == []


def test_the_newest_twenty_come_first_and_the_queries_do_not_grow(client: Client, db: None) -> None:
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/feeds/sections/war-and-strategy.atom")
        return len(queries)

    issue = making.issue()
    for day in range(1, 22):
        making.article(of=issue, online_date=date(2026, 1, day))
    few = count()
    for day in range(22, 27):
        making.article(of=issue, online_date=date(2026, 1, day), by=f"Author {day}")
    assert count() == few <= 10
    dates = [node.text[:10] for node in atom(client).findall("a:entry/a:published", ATOM)]
    assert dates == [f"2026-01-{day:02}" for day in range(26, 6, -1)]


def test_the_page_of_feeds_lists_titles_and_sections_that_have_any(client: Client, gated: Article) -> None:
    making.section("Empty Section")
    page = read(client, "/feeds/")
    assert "/feeds/titles/the-hourglass.atom" in page
    assert "/feeds/sections/war-and-strategy.json" in page
    assert "empty-section" not in page


def test_every_page_tells_feed_readers_where_the_feed_is(client: Client, gated: Article) -> None:
    page = read(client, gated.get_absolute_url())
    assert 'type="application/atom+xml"' in page
    assert 'href="/feeds/articles.atom"' in page
    for thing, kind in (
        (gated.issue.title, "titles"),
        (making.section(), "sections"),
        (making.contributor(), "contributors"),
    ):
        assert f'href="/feeds/{kind}/{thing.slug}.rss"' in read(client, thing.get_absolute_url())
