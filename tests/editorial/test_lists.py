"""Lists and choosers of the admin: found by words, without bodies, and no slower for a larger archive."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backnumber.archive.models import Article
from tests import making
from tests.editorial.conftest import ARTICLES, ISSUES

CHOOSE = "/admin/snippets/choose/archive"
LISTS = (
    "/admin/",
    f"{ARTICLES}/",
    f"{ARTICLES}/results/?q=fort",
    f"{ISSUES}/",
    "/admin/snippets/archive/contributor/",
    "/admin/snippets/archive/volume/",
    "/admin/snippets/archive/section/",
    "/admin/snippets/longread/longread/",
    f"{CHOOSE}/article/",
    f"{CHOOSE}/article/results/?q=fort",
    f"{CHOOSE}/issue/results/",
    f"{CHOOSE}/contributor/results/?q=a",
)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_reads_no_body_and_its_queries_do_not_grow(
    editor: Client, gated: Article, address: str
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(address).status_code == 200
        assert not [query["sql"] for query in queries if '"archive_article"."body"' in query["sql"]]
        return len(queries)

    gated.save_revision(user=None)
    count()  # what is cached is cached
    few = count()
    for month in range(1, 13):
        article = making.article(
            f"Fort {month}",
            of=making.issue(date(1980 + month, 1, 1)),
            by=f"Author {month}",
            live=month % 2 == 0,
            section=making.section(f"Section {month}"),
        )
        article.save_revision()
    assert count() == few <= 30


def test_articles_are_found_by_headline_byline_and_standfirst(editor: Client, gated: Article) -> None:
    making.article("Another Piece")
    for words in ("fortress", "standfirst of the fort"):
        page = editor.get(f"{ARTICLES}/results/", {"q": words}).content.decode()
        assert "The Fortress" in page
        assert "Another Piece" not in page


def test_articles_are_filtered_by_title_section_and_whether_they_are_published(
    editor: Client, gated: Article
) -> None:
    making.article("A Draft", live=False, section=making.section("Essays"))
    for query, shown, hidden in (
        ({"live": "false"}, "A Draft", "The Fortress"),
        ({"section": gated.section_id}, "The Fortress", "A Draft"),
        ({"policy": "open"}, "", "The Fortress"),
    ):
        page = editor.get(f"{ARTICLES}/results/", query).content.decode()
        assert shown in page
        assert hidden not in page
    page = editor.get(f"{ARTICLES}/results/", {"issue__title": gated.issue.title_id}).content.decode()
    assert "The Fortress" in page


def test_a_list_says_where_each_article_stands(editor: Client, gated: Article) -> None:
    making.article("A Draft", live=False)
    gated.unpublish()
    page = editor.get(f"{ARTICLES}/").content.decode()
    assert "withdrawn" in page or "draft" in page


def test_the_long_reads_article_is_chosen_by_words_of_its_headline(editor: Client, gated: Article) -> None:
    making.article("Another Piece")
    form = editor.get("/admin/snippets/longread/longread/add/").content.decode()
    assert f"{CHOOSE}/article/" in form
    page = editor.get(f"{CHOOSE}/article/results/", {"q": "fortress the"}).content.decode()
    assert "The Fortress" in page
    assert "Another Piece" not in page
    chosen = editor.get(f"{CHOOSE}/article/chosen/{gated.pk}/").json()["result"]
    assert chosen["string"] == "The Fortress"


def test_issues_are_chosen_by_their_cover_date_and_contributors_by_any_form_of_their_name(
    editor: Client, gated: Article
) -> None:
    making.issue(date(1951, 12, 1), cover_date="Christmas 1951")
    ash = making.contributor("Tom Ash")
    ash.variants = "T. Ashe"
    ash.save()
    issues = editor.get(f"{CHOOSE}/issue/results/", {"q": "christmas"}).content.decode()
    assert "Christmas 1951" in issues
    assert "September 1999" not in issues
    assert "Tom Ash" in editor.get(f"{CHOOSE}/contributor/results/", {"q": "ashe"}).content.decode()
