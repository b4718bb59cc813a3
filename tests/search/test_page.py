"""The search page: gated words are found and not shown; it cannot be asked without end; nothing typed breaks it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backnumber.archive.models import Article
from backnumber.readers.models import Reader
from backnumber.search import queries, service
from backnumber.search.models import Tally
from tests import making

pytestmark = pytest.mark.django_db
GATED = ("Gatedheadcanary", "firstcanary", "middlecanary", "lastcanary")
PHRASE = '"middlecanary7 middlecanary8 middlecanary9"'


def page_for(reader: Reader | None, **asked: str | int) -> str:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    response = client.get("/search/", asked)
    assert response.status_code == 200
    return response.content.decode().replace("<mark>", "").replace("</mark>", "")


def results_for(reader: Reader | None, **asked: str | int) -> str:
    """What stands below the form, which repeats what was typed, as the addresses of other pages and lists do."""
    found = (
        page_for(reader, **asked)
        .partition("</form>")[2]
        .partition('<footer class="footer')[0]
        .partition("results-heading")[2]
    )
    return re.sub(r'href="[^"]*"', "", found)


@pytest.mark.parametrize("who", ["nobody", "ben", "dan"])
def test_a_gated_phrase_is_found_and_not_shown_to_who_may_not_read_it(
    gated: Article, who: str, request: pytest.FixtureRequest
) -> None:
    reader = None if who == "nobody" else request.getfixturevalue(who)
    results = results_for(reader, q=PHRASE)
    assert "The Fortress" in results
    assert "1 piece found" in results
    assert not [word for word in GATED if word in results]
    assert "Found in the part for subscribers" in results


def test_a_gated_phrase_is_shown_to_who_may_read_it(gated: Article, ada: Reader) -> None:
    results = results_for(ada, q=PHRASE)
    assert "middlecanary6 middlecanary7 middlecanary8 middlecanary9 middlecanary10" in results
    assert "Found in the part for subscribers" not in results


def test_words_of_the_lead_in_are_shown_to_anybody(gated: Article) -> None:
    results = results_for(None, q="opencanary40")
    assert "opencanary39 opencanary40 opencanary41" in results
    assert "Found in the part for subscribers" not in results


def test_an_open_article_is_shown_whole_and_marked(gated: Article) -> None:
    making.article("An open gate", policy="open")
    results = results_for(None, q=PHRASE)
    assert results.count("middlecanary8") == 1
    assert "Open to all" in results


def test_what_was_found_is_marked_and_escaped() -> None:
    making.article("<b>Walls</b> & towers", slug="walls")
    page = Client().get("/search/", {"q": "walls"}).content.decode()
    assert "&lt;b&gt;<mark>Walls</mark>&lt;/b&gt; &amp; towers" in page


def test_what_was_typed_is_escaped_and_kept() -> None:
    page = page_for(None, q='"><script>alert(1)</script>')
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_withdrawn_article_is_not_shown(gated: Article) -> None:
    assert "The Fortress" in results_for(None, q="fortress")
    Article.objects.update(live=False)
    assert "The Fortress" not in page_for(None, q="fortress")


def test_the_page_is_its_readers_own_and_in_no_search_engine(gated: Article) -> None:
    response = Client().get("/search/", {"q": "fortress"})
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert 'content="noindex"' in response.content.decode()
    assert Client().post("/search/", {"q": "fortress"}).status_code == 405


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": ""}, "Type a word or a name"),
        ({"q": "-versailles"}, "There is no word to look for"),
        ({"q": "x" * 300}, "That is longer than a search can be"),
        ({"q": "fortress", "title": "999999"}, "There is no such title here"),
        ({"q": "fortress", "decade": "soon"}, "There is no such decade here"),
        ({"q": "zeppelin"}, "No piece in the archive has all of that"),
        ({"q": "fortress", "page": "40"}, "There is no page 40"),
    ],
)
def test_what_cannot_be_answered_is_said_beside_the_field(
    gated: Article, asked: dict[str, str], said: str
) -> None:
    assert said in page_for(None, **asked)


@pytest.mark.parametrize("number", ["x", "-1", "0", "99999999999999999999", "²", ""])
def test_a_page_that_is_no_number_is_one_of_the_pages_there_are(gated: Article, number: str) -> None:
    assert Client().get("/search/", {"q": "fortress", "page": number}).status_code == 200


def test_filters_and_pages_keep_each_other(gated: Article) -> None:
    issue = making.issue(date(1951, 1, 1))
    for number in range(25):
        making.article(f"Bastion {number}", of=issue)
    page = page_for(None, q="bastion", decade="1950s")
    assert "25 pieces found" in page
    assert "?q=bastion&amp;decade=1950s&amp;page=2" in page
    assert page_for(None, q="bastion", decade="1950s", page=2).count('class="hit"') == 5
    assert "Nothing found" in page_for(None, q="bastion", decade="1990s")


def test_nobody_may_ask_without_end(gated: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ALLOWED", {service.DAY: 3})
    client = Client()
    for _ in range(3):
        assert client.get("/search/", {"q": PHRASE}).status_code == 200
    client.cookies.clear()
    refused = client.get("/search/", {"q": PHRASE}, headers={"x-forwarded-for": "203.0.113.9"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "The Fortress" not in refused.content.decode()
    assert "middlecanary7" in refused.content.decode(), "nothing typed is lost"
    assert client.get("/search/").status_code == 200, "the form itself is always there"


def test_who_has_a_right_to_read_is_counted_by_account_and_anybody_else_by_network(
    gated: Article, ada: Reader, dan: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A school has one address and two hundred readers; a stranger may have as many accounts as they like."""
    monkeypatch.setattr(service, "ALLOWED", {service.DAY: 1})
    assert Client().get("/search/", {"q": PHRASE}).status_code == 200
    for reader, status in ((dan, 429), (ada, 200)):
        client = Client()
        client.force_login(reader)
        assert client.get("/search/", {"q": PHRASE}).status_code == status, reader
    assert not Tally.objects.filter(who__contains="127.0.0.1").exists(), "addresses are not kept"


def test_searches_are_counted_by_minute_and_by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ALLOWED", {service.MINUTE: 2, service.DAY: 5})
    minutes = [making.NOON + timedelta(minutes=n) for n in range(4)]
    asked = [service.may_search("network x", minute) for minute in minutes for _ in range(2)]
    assert asked == [True] * 5 + [False] * 3
    assert [service.may_search("network x", minutes[3]), service.may_search("network y", minutes[3])] == [
        False,
        True,
    ]
    next_day = making.NOON + timedelta(days=1)
    assert [service.may_search("network x", next_day) for _ in range(3)] == [True, True, False]


def test_a_damaged_index_is_repaired_before_the_answer(gated: Article, search_folder: Path) -> None:
    assert "The Fortress" in results_for(None, q="fortress")
    for path in search_folder.glob("index-*/*"):
        path.write_bytes(b"\x00")
    queries._index_in.cache_clear()
    assert "The Fortress" in results_for(None, q="fortress")


def test_an_index_that_cannot_be_built_is_said_to_be_coming(gated: Article, search_folder: Path) -> None:
    search_folder.mkdir(parents=True)
    (search_folder / "lock").write_bytes(b"")
    making_impossible = search_folder / "state.json"
    making_impossible.mkdir()
    response = Client().get("/search/", {"q": "fortress"})
    assert response.status_code == 503
    assert "Please try again in a minute" in response.content.decode()
    assert 'value="fortress"' in response.content.decode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120) | st.text(alphabet='"-+*:()[]{}^~\\/ ab\u0301“”', max_size=40))
def test_nothing_a_reader_types_breaks_the_page(
    gated: Article, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr(service, "ALLOWED", {service.DAY: 1_000_000})
    answer = Client().get("/search/", {"q": typed, "page": typed, "title": typed, "decade": ""})
    assert answer.status_code == (400 if "\0" in typed else 200)


def test_a_search_makes_no_more_queries_in_a_larger_archive(ada: Reader) -> None:
    client = Client()
    client.force_login(ada)

    def count() -> int:
        client.get("/search/", {"q": "opencanary3"})
        with CaptureQueriesContext(connection) as captured:
            response = client.get("/search/", {"q": "opencanary3", "decade": "1990s"})
        assert "found</h2>" in response.content.decode()
        return len(captured)

    making.article("One")
    few = count()
    for month in range(1, 13):
        issue = making.issue(date(1998, month, 1))
        for number in range(3):
            making.article(
                f"More {month} {number}",
                of=issue,
                by=f"Writer {number}",
                section=making.section(f"S{number}"),
            )
    many = count()
    assert many == few
    assert many <= 12
