"""Long lists have handles: an issue's sections beside it, and a search within what a page lists."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from backnumber.archive.models import Issue
from backnumber.search import service as search
from tests import making

pytestmark = pytest.mark.django_db
ISSUE = "/archive/the-hourglass/1999/september/"


def fill(issue: Issue, *sections: str | None, each: int = 5) -> None:
    position = 0
    for name in sections:
        for number in range(each):
            position += 1
            making.article(
                f"{name} {position}.{number}",
                of=issue,
                section=making.section(name) if name else None,
                position=position,
            )


def page(address: str) -> html.HtmlElement:
    response = Client().get(address)
    assert response.status_code == 200, address
    return html.fromstring(response.content)


def test_a_long_issue_shows_its_sections_which_lead_to_their_first_pieces() -> None:
    fill(making.issue(), "Notes", "Queries", None, "Replies", "Notes", each=10)
    shown = page(ISSUE)
    links = shown.xpath("//nav[@class='issue-sections']//a")
    assert [link.text for link in links] == ["Notes", "Queries", "Replies"]
    assert [li.text_content().split()[1] for li in shown.xpath("//nav[@class='issue-sections']//li")] == [
        "20",
        "10",
        "10",
    ]
    for link, first in zip(links, ("Notes 1.0", "Queries 11.0", "Replies 31.0"), strict=True):
        (piece,) = shown.xpath(f"//*[@id='{link.get('href')[1:]}']")
        assert piece.tag == "li"
        assert piece.find("h3").text_content() == first


@pytest.mark.parametrize(("sections", "each"), [(("Notes", "Queries"), 5), (("Notes",), 40), ((None,), 40)])
def test_a_short_issue_and_one_of_a_single_section_show_none(
    sections: tuple[str | None, ...], each: int
) -> None:
    fill(making.issue(), *sections, each=each)
    assert not page(ISSUE).xpath("//nav[@class='issue-sections'] | //*[starts-with(@id, 'section-')]")


def test_sections_cost_no_query() -> None:
    issue = making.issue()
    making.article("One", of=issue)

    def count() -> int:
        with CaptureQueriesContext(connection) as made:
            page(ISSUE)
        return len(made)

    count()
    few = count()
    fill(issue, "Notes", "Queries", "Replies", each=20)
    assert count() == few


def asked_by(address: str, words: str) -> str:
    """The address to which a page's search sends."""
    (form,) = [form for form in page(address).forms if "search-within" in form.get("class", "")]
    assert form.method == "GET"
    form.fields["q"] = words
    return form.action + "?" + "&".join(f"{name}={value}" for name, value in form.form_values())


def found(address: str) -> list[str]:
    return sorted(h.text_content() for h in page(address).xpath("//*[@class='hit']//h3"))


@pytest.fixture
def archive(db: None) -> None:
    september, older = making.issue(), making.issue(date(1998, 9, 1))
    other = making.issue(date(1999, 9, 1), of=making.title("The Sundial"))
    for number in range(13):
        making.article(f"Walls {number}", of=september, section=making.section("Notes"), by="Ann Ash")
    making.article("Walls of Queries", of=september, section=making.section("Queries"), by="Ann Ash")
    making.article("Walls of yesteryear", of=older, section=making.section("Queries"), by="Tom Oak")
    making.article("Walls beside", of=other, section=making.section("Queries"), by="Ann Ash Junior")
    making.article("Gates", of=september, section=making.section("Notes"), by="Ann Ash")
    search.rebuild()


WALLS = [f"Walls {number}" for number in range(13)]


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("address", "within", "answers"),
    [
        ("/archive/the-hourglass/", "title=the-hourglass", [*WALLS, "Walls of Queries", "Walls of yesteryear"]),
        ("/archive/the-hourglass/1998/", "title=the-hourglass&year=1998", ["Walls of yesteryear"]),
        ("/sections/notes/", "section=notes", WALLS),
        ("/contributors/ann-ash/", "contributor=ann-ash", [*WALLS, "Walls of Queries"]),
    ],
)  # fmt: skip
def test_a_long_list_is_searched_within(address: str, within: str, answers: list[str]) -> None:
    asked = asked_by(address, "walls")
    assert asked.partition("?")[0] == "/search/"
    assert within in asked.replace("q=walls&", "")
    assert found(asked) == sorted(answers)


@pytest.mark.usefixtures("archive")
def test_what_a_search_is_within_stands_on_its_page_and_can_be_left() -> None:
    shown = page("/search/?q=walls&contributor=ann-ash&year=1999")
    chosen = {s.get("name"): s.xpath("option[@selected]") for s in shown.iter("select")}
    assert chosen["contributor"][0].text_content() == "Ann Ash"
    assert chosen["year"][0].text_content() == "1999"
    assert [o.text_content() for o in shown.xpath("//*[@name='contributor']/option")] == ["Any", "Ann Ash"]
    assert {s.get("name") for s in page("/search/?q=walls").iter("select")} == {
        "title",
        "decade",
        "section",
    }


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("odd", ["contributor=nobody", "year=19x", "year=-1", "year=99999999999999999999"])
def test_what_is_no_contributor_or_year_is_said_to_be_none(odd: str) -> None:
    shown = page(f"/search/?q=walls&{odd}")
    assert "There is no such" in shown.text_content()
    assert not shown.xpath("//*[@class='hit']")


def test_whoever_is_in_drafts_only_is_not_told_of_by_the_search() -> None:
    making.article("Draft", by="Secret Author", live=False)
    assert "Secret" not in page("/search/?q=walls&contributor=secret-author").text_content()


def test_a_list_seen_at_a_glance_has_no_search() -> None:
    making.article("One", by="Ann Ash")
    search.rebuild()
    for address in ("/sections/war-and-strategy/", "/contributors/ann-ash/"):
        assert not page(address).xpath("//form[@class='search-within']")
