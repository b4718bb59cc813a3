"""No reader's page makes more than twelve queries, and none makes more because the archive is larger."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.text import slugify

from backnumber.archive.blocks import to_stream
from backnumber.archive.models import Article, Authorship, Issue
from backnumber.intake import service as intake
from backnumber.intake.profile import find, load
from backnumber.past import bulk as past
from backnumber.readers.models import Reader
from backnumber.search import service as search
from backnumber.website import context
from tests import corpora, making

pytestmark = pytest.mark.django_db

MOST = 12
# The file of a reader’s own data asks each room once for what it keeps of them, and is fetched once in a while.
OF_ALL_ROOMS = {
    "/account/data/ as ada": 14,
}
OPEN_PAGES = [
    "/", "/archive/", "/archive/decades/1990s/", "/archive/the-hourglass/", "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/", "/archive/the-hourglass/1999/september/the-fortress/", "/sections/",
    "/sections/war-and-strategy/", "/contributors/", "/contributors/eleanor-marsh/", "/search/?q=fortress",
    "/past/", "/past/timeline/", "/past/timeline/?from=1700&to=1800", "/past/map/", "/past/map/?from=1700&to=1800", "/past/people/",
    "/past/on-this-day/", "/past/on-this-day/10-25/", "/past/questions/", "/search/?q=firstcanary3", "/subscribe/", "/weekly/", "/help/", "/information/terms/", "/help/why/", "/feeds/", "/feeds/articles.atom",
    "/feeds/sections/war-and-strategy.json", "/feeds/contributors/eleanor-marsh.rss", "/feeds/weekly.atom",
    "/feeds/articles.atom?page=2200-01-01_2200-01-01_2199-01-01_0_0", "/sitemap.xml", "/sitemaps/1999.xml",
    "/robots.txt", "/llms.txt", "/archive/the-hourglass/1999/september/the-fortress.md",
    "/archive/the-hourglass/1999/september/the-fortress.json",
]  # fmt: skip
OWN_PAGES = [
    "/account/",
    "/claim/",
    "/buy/online-yearly/",
    "/buy/print-and-archive/?country=GB",
    "/account/data/",
]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as made:
        response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return len(made)


def count_all(readers: dict[str, Client], pages: list[str]) -> dict[str, int]:
    found = {}
    for who, client in readers.items():
        for path in [*pages, *(OWN_PAGES if who == "ada" else [])]:
            # What is kept for a minute is asked for anew now and then: the second of two visits, or the third, finds it kept.
            found[f"{path} as {who}"] = min(queries(client, path) for _visit in range(3))
    return found


def grow(issues: int, articles: int, *, called: str = "grown") -> None:
    """More of everything: issues over thirty years, articles, authorships."""
    by = making.contributor()
    for number in range(issues):
        made = making.issue(date(1975 + number % 30, number // 30 % 12 + 1, 2), slug=f"{called}-{number}")
        rows = [
            Article(
                issue=made, section=making.section(), position=n, headline=f"{called} {number} {n}", slug=slugify(f"{called} {number} {n}"),
                standfirst="More.", byline="Eleanor Marsh", body=to_stream(making.paragraphs("more"), f"{number}/{n}"), words=60,
            )
            for n in range(articles)
        ]  # fmt: skip
        Authorship.objects.bulk_create(
            Authorship(article=a, contributor=by) for a in Article.objects.bulk_create(rows)
        )
    search.rebuild()


@pytest.fixture
def menus_are_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As they are in a process that runs, but for longer than this test."""
    monkeypatch.setattr(context, "MENUS_ARE_KEPT", 600)
    yield
    caches["menus"].clear()


@pytest.fixture
def readers(ada: Reader, menus_are_kept: None) -> dict[str, Client]:
    making.products()
    making.information_page("Terms", purpose="terms", menu="footer")
    making.information_page("About", menu="main")
    first = making.issue(date(1999, 9, 1))
    for headline in ("The Siege", "The Fortress", "The Peace"):
        making.article(headline, of=first)
    making.article("Another Fortress", of=making.issue(date(1998, 9, 1)))
    # So much that every list has a second page: asking where it begins is a query that a larger archive does not add.
    grow(issues=4, articles=12, called="fortress")
    signed_in = Client()
    signed_in.force_login(ada)
    past.follow()
    search.rebuild()
    return {"nobody": Client(), "ada": signed_in}


def test_no_page_makes_more_than_twelve_queries_nor_more_in_a_larger_archive(
    readers: dict[str, Client],
) -> None:
    small = count_all(readers, OPEN_PAGES)
    grow(issues=60, articles=12)
    large = count_all(readers, OPEN_PAGES)
    assert {page: n for page, n in large.items() if n > OF_ALL_ROOMS.get(page, MOST)} == {}
    assert {page: (small[page], n) for page, n in large.items() if n > small[page]} == {}


def test_control_a_page_that_asked_for_each_article_would_be_seen(readers: dict[str, Client]) -> None:
    def one_query_each() -> int:
        with CaptureQueriesContext(connection) as made:
            [article.issue.cover_date for article in Article.objects.all()]
        return len(made)

    before = one_query_each()
    grow(issues=2, articles=3)
    assert one_query_each() > before


@pytest.mark.corpora
def test_with_a_real_archive_of_weekly_issues_loaded(readers: dict[str, Client]) -> None:
    """84 real issues of a weekly of 1849-51: thousands of short pieces."""
    small = count_all(readers, OPEN_PAGES)
    intake.import_html_issues(
        corpora.folder("notes-and-queries"), load(find("notes-and-queries")), now=timezone.now()
    )
    search.rebuild()
    assert Article.objects.count() > 1300
    longest = Issue.objects.filter(title__slug="notes-and-queries").order_by("sort_date")[5]
    piece = longest.articles.exclude(section=None).first()
    assert piece is not None
    of_the_corpus = [
        "/archive/decades/1850s/", "/archive/notes-and-queries/", "/archive/notes-and-queries/1850/", longest.get_absolute_url(),
        piece.get_absolute_url(), "/search/?q=shakspeare", piece.section.get_absolute_url(), "/feeds/titles/notes-and-queries.atom",
    ]  # fmt: skip
    large = count_all(readers, [*OPEN_PAGES, *of_the_corpus])
    assert {page: n for page, n in large.items() if n > OF_ALL_ROOMS.get(page, MOST)} == {}
    assert {page: (small[page], n) for page, n in large.items() if page in small and n > small[page]} == {}
