"""`updated` is true: of an entry when, and only when, readers see something else; of a feed the newest of its entries."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from backnumber.archive.blocks import to_stream
from backnumber.archive.models import (
    Anniversary,
    Appearance,
    Article,
    Authorship,
    Contributor,
    Correction,
    Issue,
    Section,
    Title,
)
from tests import making

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
BEFORE = datetime(2026, 8, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def piece(db: None) -> Article:
    """A piece that has been online, and as it is, for months."""
    made = making.article("The Fortress", online_date=date(2026, 7, 1))
    Appearance.objects.update(changed_at=BEFORE)
    return Article.objects.get(pk=made.pk)


def updated(client: Client) -> str:
    root = etree.fromstring(client.get("/feeds/articles.atom").content)
    (entry,) = root.findall("a:entry/a:updated", ATOM)
    assert root.findtext("a:updated", namespaces=ATOM) == entry.text
    (item,) = json.loads(client.get("/feeds/articles.json").content)["items"]
    assert item["date_modified"] == entry.text
    return str(entry.text)


CHANGES: dict[str, Callable[[Article], object]] = {
    "the headline": lambda a: Article.objects.update(headline="The Fort"),
    "the standfirst": lambda a: Article.objects.update(standfirst="Otherwise."),
    "the text": lambda a: Article.objects.update(body=to_stream(making.paragraphs("other"), "x")),
    "the byline": lambda a: Article.objects.update(byline="E. Marsh"),
    "the address": lambda a: Article.objects.update(slug="the-fort"),
    "the language": lambda a: Article.objects.update(language="fr"),
    "the end of the lead-in": lambda a: Article.objects.update(lead_in_ends_after=1),
    "the section": lambda a: Article.objects.update(section=making.section("Essays")),
    "the section's name": lambda a: Section.objects.update(name="Wars"),
    "the title's name": lambda a: Title.objects.update(name="The Sundial"),
    "the title's address": lambda a: Title.objects.update(slug="sundial"),
    "the issue's address": lambda a: Issue.objects.update(slug="sept"),
    "a correction": lambda a: Correction.objects.create(article=a, text="June, not July."),
    "another author": lambda a: Authorship.objects.create(
        article=a, contributor=making.contributor("Tom Ash")
    ),
    "an author less": lambda a: Authorship.objects.all().delete(),
    "an author's name": lambda a: Contributor.objects.update(name="E. Marsh"),
    "an author's address": lambda a: Contributor.objects.update(slug="e-marsh"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_entry_is_newer_when_readers_see_something_else(
    client: Client, piece: Article, change: Callable[[Article], object]
) -> None:
    assert updated(client) == "2026-08-02T09:30:00Z"
    began = timezone.now()
    change(piece)
    assert updated(client) >= f"{began:%Y-%m-%dT%H:%M:%S}"


def test_a_correction_that_is_mended_or_taken_back_is_a_change(client: Client, piece: Article) -> None:
    correction = Correction.objects.create(article=piece, text="June, not July.")
    for change in (lambda: Correction.objects.update(text="May."), correction.delete):
        Appearance.objects.update(changed_at=BEFORE)
        change()
        assert updated(client) > "2026-08-02T09:30:00Z"


SAME: dict[str, Callable[[Article], object]] = {
    "published again as it was": lambda a: a.save_revision().publish(),
    "saved as it was": lambda a: a.save(),
    "a draft beside it": lambda a: draft_of(a),
    "when it was last published": lambda a: Article.objects.update(last_published_at=making.NOON),
    "its words counted": lambda a: Article.objects.update(words=7),
    "another in its issue": lambda a: making.article("A Draft", of=a.issue, live=False),
    "the issue published again": lambda a: a.issue.save_revision().publish(),
    "a title of drafts": lambda a: making.title("The Sundial"),
    "a note on the author": lambda a: Contributor.objects.update(note="She lived."),
    "a section's description": lambda a: Section.objects.update(description="Wars."),
}


def draft_of(article: Article) -> None:
    article.headline = "The Fort"
    article.save_revision()


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_an_entry_is_no_newer_when_readers_see_the_same(
    client: Client, piece: Article, change: Callable[[Article], object]
) -> None:
    before = client.get("/feeds/articles.atom").content
    change(piece)
    assert updated(client) == "2026-08-02T09:30:00Z"
    assert client.get("/feeds/articles.atom").content == before


def test_two_changes_within_a_second_are_told_apart(client: Client, piece: Article) -> None:
    seen = []
    for headline in ("One", "Two"):
        Article.objects.update(headline=headline)
        seen.append(updated(client))
    assert seen[0] < seen[1]


def test_a_feed_is_as_new_as_the_newest_of_its_entries(client: Client, piece: Article) -> None:
    making.article("Another")
    Appearance.objects.filter(article=piece).update(changed_at=BEFORE)
    root = etree.fromstring(client.get("/feeds/articles.atom").content)
    entries = [str(node.text) for node in root.findall("a:entry/a:updated", ATOM)]
    assert root.findtext("a:updated", namespaces=ATOM) == max(entries)


def test_what_came_by_import_with_an_old_day_online_changes_the_feed(client: Client, piece: Article) -> None:
    first = client.get("/feeds/articles.atom")
    making.article("From the old site", online_date=date(2011, 4, 1))
    again = client.get("/feeds/articles.atom", headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 200


def test_an_entry_is_newer_once_its_day_of_the_year_has_begun_and_ended(
    client: Client, piece: Article
) -> None:
    today = timezone.localtime()
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    Anniversary.objects.create(article=piece, month=today.month, day=today.day, why="the anniversary")
    assert updated(client) == max(f"{midnight:%Y-%m-%dT%H:%M:%SZ}", "2026-08-02T09:30:00Z")
    yesterday = today - timedelta(days=1)
    Anniversary.objects.update(month=yesterday.month, day=yesterday.day)
    assert updated(client) == max(f"{midnight:%Y-%m-%dT%H:%M:%SZ}", "2026-08-02T09:30:00Z")


def test_sitemap_json_and_structured_data_say_the_same_moment(client: Client, piece: Article) -> None:
    assert "<lastmod>2026-08-02T09:30:00Z</lastmod>" in client.get("/sitemaps/1999.xml").content.decode()
    page = piece.get_absolute_url()
    assert '"dateModified": "2026-08-02T09:30:00+00:00"' in client.get(page).content.decode()
    assert json.loads(client.get(page.removesuffix("/") + ".json").content)["changed"] == (
        "2026-08-02T09:30:00+00:00"
    )


def test_a_row_that_goes_takes_its_moment_along(piece: Article) -> None:
    piece.delete()
    assert not Appearance.objects.exists()
