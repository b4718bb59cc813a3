"""A whole issue, or all that a search finds, for a reference manager: what is public of each piece, and no more of them than a list takes."""

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from backnumber.archive.models import Article, Contributor
from backnumber.readers.models import Reader
from backnumber.search import service as search
from backnumber.syndication import citations
from backnumber.syndication.citations import Author, to_csl
from tests import making
from tests.syndication.test_citations import citation

pytestmark = pytest.mark.django_db

MEDIA_TYPES = {
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
}


def headlines(text: str, form: str) -> list[str]:
    if form == "json":
        return [item["title"] for item in json.loads(text)]
    found = r"TI  - (.*)\r\n" if form == "ris" else r"  title = \{\{(.*)\}\},\n"
    return re.findall(found, text)


def fetched(client: Client, address: str, form: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"].partition(";")[0] == MEDIA_TYPES[form]
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert b"canary" not in answer.content
    return headlines(answer.content.decode(), form)


def links(client: Client, page: str) -> dict[str, str]:
    """The addresses of the three lists, as the page's links say them."""
    found = html.fromstring(client.get(page).content).xpath('//a[contains(@href, "cite")]')
    assert all(link.get("rel") == "nofollow" for link in found)
    return {re.split(r"[.?]", link.get("href"))[1]: link.get("href") for link in found}


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_the_page_of_an_issue_leads_to_all_its_pieces_in_their_order(client: Client, form: str) -> None:
    issue = making.issue()
    for number in range(30):
        making.article(f"Piece {number}", of=issue)
    making.article("A Draft", of=issue, live=False)
    making.article("Elsewhere", of=making.issue(date(1999, 10, 1)))
    address = links(client, issue.get_absolute_url())[form]
    assert fetched(client, address, form) == [f"Piece {number}" for number in range(30)]
    assert client.get(address)["Cache-Control"] == "public, max-age=60"
    assert f"the-hourglass-1999-september.{form}" in client.get(address)["Content-Disposition"]


def test_an_issue_that_is_no_more_public_than_its_pieces_has_no_list(client: Client, gated: Article) -> None:
    draft = making.issue(date(2030, 1, 1), live=False)
    making.article("Of a Later Issue", of=draft)
    empty = making.issue(date(1951, 12, 1))
    for number in (draft.pk, empty.pk, 10**17):
        assert client.get(f"/cite/issues/{number}.ris").status_code == 404
    assert links(client, empty.get_absolute_url()) == {}


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_a_search_leads_to_all_it_found_and_not_to_one_page_of_it(client: Client, form: str) -> None:
    issue = making.issue()
    for number in range(30):
        making.article(f"Fortress {number}", of=issue)
    making.article("Elsewhere", of=making.issue(date(1950, 10, 1), of=making.title("The Sundial")))
    search.rebuild()
    address = links(client, "/search/?q=fortress&title=the-hourglass&page=2")[form]
    found = fetched(client, address, form)
    assert sorted(found) == sorted(f"Fortress {number}" for number in range(30))
    assert fetched(client, f"/search/cite.{form}?q=elsewhere&title=the-sundial", form) == ["Elsewhere"]


def test_a_list_of_a_search_is_the_askers_own_and_counts_as_a_search(
    client: Client, gated: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    search.rebuild()
    answer = client.get("/search/cite.ris?q=fortress")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    monkeypatch.setattr(search, "ALLOWED", {search.MINUTE: 1, search.DAY: 1})
    assert client.get("/search/cite.ris?q=fortress").status_code == 429


@pytest.mark.parametrize(
    "asked", ["", "?q=", "?q=-", "?q=zzzz", "?q=fortress&title=none", "?title=the-hourglass"]
)
def test_what_finds_nothing_or_is_no_question_leads_back_to_the_search(
    client: Client, gated: Article, asked: str
) -> None:
    search.rebuild()
    answer = client.get(f"/search/cite.bib{asked}")
    assert (answer.status_code, answer["Location"]) == (302, f"/search/{asked}")
    assert links(client, f"/search/{asked}") == {}


@pytest.mark.parametrize("who", ["nobody", "ada"])
def test_a_list_says_of_a_piece_found_by_gated_words_what_anybody_may_know(
    client: Client, gated: Article, ada: Reader, who: str
) -> None:
    search.rebuild()
    if who == "ada":
        client.force_login(ada)
    for form in MEDIA_TYPES:
        assert fetched(client, f"/search/cite.{form}?q=lastcanary7", form) == ["The Fortress"]


def test_a_list_is_bounded_and_the_page_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    issue = making.issue()
    for number in range(6):
        making.article(f"Fortress {number}", of=issue)
    search.rebuild()
    pages = (issue.get_absolute_url(), "/search/?q=fortress")
    assert citations.MOST_LISTED == 500
    for page in pages:
        assert "the first" not in client.get(page).content.decode()
    monkeypatch.setattr(citations, "MOST_LISTED", 4)
    for page in pages:
        assert "the first 4 of 6 pieces" in client.get(page).content.decode()
        assert len(fetched(client, links(client, page)["ris"], "ris")) == 4
    assert "first-4" in client.get(links(client, pages[0])["bib"])["Content-Disposition"]


def test_a_list_takes_few_queries_however_long_it_is(client: Client) -> None:
    issue = making.issue()
    making.article("Fortress", of=issue)

    def count(address: str) -> int:
        search.follow()
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert not [query for query in queries if '"body"' in query["sql"]]
        return len(queries)

    search.rebuild()
    addresses = (f"/cite/issues/{issue.pk}.ris", "/search/cite.json?q=fortress")
    [count(address) for address in addresses]
    few = [count(address) for address in addresses]
    for number in range(8):
        making.article(f"Fortress {number}", of=issue, by=f"Author {number}")
    [count(address) for address in addresses]  # what there is to choose from is asked for anew
    assert [count(address) for address in addresses] == few
    assert max(few) <= 12


def test_bibtex_of_a_list_has_an_entry_and_a_key_for_each_and_no_note(client: Client) -> None:
    issue = making.issue()
    Contributor.objects.create(name="The Fen Society", sort_name="Fen Society, The", slug="the-fen-society")
    for number in range(3):
        making.article(f"Piece {number}", of=issue, by="The Fen Society")
    text = client.get(f"/cite/issues/{issue.pk}.bib").content.decode()
    keys = re.findall(r"^@article\{([a-z0-9-]+),$", text, re.MULTILINE)
    assert len(set(keys)) == 3
    assert text.count("  author = {{The Fen Society}},\n") == text.count("  month = sep,\n") == 3
    assert "note" not in text
    outside = re.sub(r"@article\{.*?\n\}\n", "", text, flags=re.DOTALL)
    assert not outside.strip()


def test_ris_of_a_list_has_as_many_ends_as_beginnings(client: Client) -> None:
    issue = making.issue()
    for number in range(3):
        making.article(f"Piece {number}", of=issue)
    lines = client.get(f"/cite/issues/{issue.pk}.ris").content.decode().split("\r\n")
    assert [line[:2] for line in lines if line[:2] in {"TY", "ER"}] == ["TY", "ER"] * 3


def test_csl_is_a_magazine_article_with_what_is_printed() -> None:
    assert to_csl(citation()) == {
        "id": "marsh1999-17",
        "type": "article-magazine",
        "title": "The Fortress",
        "author": [{"family": "Marsh", "given": "Eleanor"}, {"family": "Ash", "given": "Tom"}],
        "container-title": "The Hourglass",
        "volume": "49",
        "issue": "9",
        "issued": {"date-parts": [[1999, 9]]},
        "page": "12-19",
        "ISSN": "1234-5679",
        "language": "en-GB",
        "abstract": "A wall that held.",
        "URL": "https://example.org/a/",
    }


def test_csl_leaves_out_what_is_not_known_and_never_turns_a_body_round() -> None:
    told = to_csl(
        citation(
            authors=(Author("Royal Society", "Society, Royal"),),
            volume="", number="", first_page="", last_page="", issn="", standfirst="",
            cover_date="Christmas 1951", printed_on=date(1951, 12, 1),
        )
    )  # fmt: skip
    assert told["author"] == [{"literal": "Royal Society"}]
    assert told["issued"] == {"date-parts": [[1951]]}
    assert not {"volume", "issue", "page", "ISSN", "abstract"} & set(told)
    dated = to_csl(citation(cover_date="14 July 1900", printed_on=date(1900, 7, 14)))
    assert dated["issued"] == {"date-parts": [[1900, 7, 14]]}


def test_one_article_has_a_list_of_one_in_csl_too(client: Client, gated: Article) -> None:
    assert fetched(client, links(client, gated.get_absolute_url())["json"], "json") == ["The Fortress"]
    told = json.loads(client.get(f"/cite/{gated.pk}.json").content)
    assert told[0]["URL"] == settings.ADDRESS + gated.get_absolute_url()
