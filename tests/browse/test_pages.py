"""Browsing: who finds what, what is not there, and how many queries it takes."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.archive.models import (
    Article,
    Authorship,
    Contributor,
    FreeWindow,
    Issue,
    OldAddress,
    Picture,
    Rights,
)
from backnumber.readers.models import Reader
from tests import making
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db
GATED = ("Gatedheadcanary", "firstcanary", "middlecanary", "lastcanary", "opencanary")
EVERY_PAGE = (
    "/archive/",
    "/archive/decades/1990s/",
    "/archive/the-hourglass/",
    "/archive/the-hourglass/1999/",
    "/archive/the-hourglass/1999/september/",
    "/sections/",
    "/sections/war-and-strategy/",
    "/contributors/",
    "/contributors/eleanor-marsh/",
)


def page(address: str, reader: Reader | None = None) -> str:
    client = Client()
    if reader is not None:
        client.force_login(reader)
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", ["/archive/", "/sections/", "/contributors/"])
def test_an_empty_archive_says_so_kindly(address: str) -> None:
    assert "published here yet" in page(address)


def test_a_title_without_issues_says_so_kindly() -> None:
    making.title()
    assert "No issue of this title has been published here yet" in page("/archive/the-hourglass/")


@pytest.mark.parametrize(
    "address",
    [
        "/archive/decades/1880s/",
        "/archive/decades/1995s/",
        "/archive/the-sundial/",
        "/archive/the-hourglass/1881/",
        "/archive/the-hourglass/99999/",
        "/archive/the-hourglass/1999/october/",
        "/archive/the-hourglass/0/september/",
        "/archive/the-hourglass/99999/september/",
        "/archive/the-hourglass/99999/september/the-fortress/",
        "/sections/cookery/",
        "/contributors/nobody/",
    ],
)
def test_what_is_not_there_is_not_found(gated: Article, address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_no_list_shows_a_word_of_a_body(gated: Article, ada: Reader, address: str) -> None:
    for reader in (None, ada):
        assert not [word for word in GATED if word in page(address, reader)]


def test_an_issue_page_shows_its_running_order(gated: Article) -> None:
    second = making.article(
        "A Treaty", first_page="20", section=making.section("Ideas"), standfirst="In nobody’s language."
    )
    draft = making.article("Not yet", live=False)
    shown = page("/archive/the-hourglass/1999/september/")
    assert shown.index("The Fortress") < shown.index("A Treaty")
    for expected in (
        "War and Strategy",
        "Ideas",
        "In nobody’s language.",
        "Eleanor Marsh",
        ">20<",
        second.get_absolute_url(),
    ):
        assert expected in shown
    assert draft.headline not in shown


def test_a_draft_or_withdrawn_issue_is_not_there(gated: Article) -> None:
    Issue.objects.update(live=False)
    for address in EVERY_PAGE[1:2] + EVERY_PAGE[3:5]:
        assert Client().get(address).status_code == 404
    assert "September 1999" not in page("/archive/")
    assert "The Fortress" not in page("/sections/war-and-strategy/")
    assert Client().get("/contributors/eleanor-marsh/").status_code == 404


def test_an_old_address_of_an_issue_leads_to_its_present_one(gated: Article) -> None:
    OldAddress.objects.create(path="/archive/the-hourglass/1999/autumn/", issue=gated.issue)
    response = Client().get("/archive/the-hourglass/1999/autumn/")
    assert (response.status_code, response.headers["Location"]) == (
        301,
        "/archive/the-hourglass/1999/september/",
    )
    Issue.objects.update(live=False)
    assert Client().get("/archive/the-hourglass/1999/autumn/").status_code == 404


@pytest.mark.parametrize("address", [EVERY_PAGE[4], EVERY_PAGE[6], EVERY_PAGE[8]])
def test_lists_say_what_is_open_and_what_is_free_this_week(gated: Article, address: str) -> None:
    assert "Free this week" not in page(address)
    now = timezone.now()
    week = FreeWindow.objects.create(
        article=gated, starts=now - timedelta(days=1), until=now + timedelta(days=1), why="x"
    )
    assert page(address).count("Free this week") == 1
    FreeWindow.objects.filter(pk=week.pk).update(
        starts=now - timedelta(days=8), until=now - timedelta(days=1)
    )
    assert "Free this week" not in page(address)
    making.article("Open", policy="open")
    assert page(address).count("Open to all") == 1


def test_issues_lead_to_the_one_before_and_after_of_the_same_title() -> None:
    for month in (1, 2, 3):
        making.issue(date(1951, month, 1))
    making.issue(date(1951, 2, 2), of=making.title("The Sandglass"))
    making.issue(date(1951, 2, 3), live=False, slug="special")
    shown = page("/archive/the-hourglass/1951/february/")
    turn = shown.partition('<nav class="turn"')[2].partition("</nav>")[0]
    assert 'href="/archive/the-hourglass/1951/january/" rel="prev"' in turn
    assert 'href="/archive/the-hourglass/1951/march/" rel="next"' in turn
    assert turn.count("href") == 2


def test_two_issues_of_one_day_are_both_on_the_way() -> None:
    for slug in ("first", "extra", "last"):
        making.issue(date(1951, 1, 1), slug=slug, cover_date=slug)
    assert [
        ("extra" in page(f"/archive/the-hourglass/1951/{slug}/").partition("turn")[2])
        for slug in ("first", "last")
    ] == [True, True]


def test_a_picture_of_the_cover_stands_in_for_the_drawing_while_its_right_holds(gated: Article) -> None:
    picture = a_picture()
    Issue.objects.update(cover=picture)
    shown = page("/archive/the-hourglass/1999/september/")
    assert f"/pictures/{picture.pk}/" in shown
    assert "/covers/" not in shown
    Picture.objects.update(rights=Rights.PRINT_ONLY)
    shown = page("/archive/the-hourglass/1999/september/")
    assert f"/pictures/{picture.pk}/" not in shown
    assert "/covers/" in shown


def test_a_small_archive_stands_on_one_wall(gated: Article) -> None:
    making.issue(date(1951, 12, 1), cover_date="Christmas 1951")
    shown = page("/archive/")
    assert shown.index("September 1999") < shown.index("Christmas 1951")


def test_the_wall_of_a_large_archive_shows_the_latest_decade_and_the_way_to_every_other(
    gated: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backnumber.website.browse.ISSUES_ON_ONE_WALL", 1)
    making.issue(date(1951, 12, 1), cover_date="Christmas 1951")
    shown = page("/archive/")
    assert "September 1999" in shown
    assert "Christmas 1951" not in shown
    assert "/archive/decades/1950s/" in shown
    assert "Christmas 1951" in page("/archive/decades/1950s/")


def test_a_weekly_shows_a_dozen_issues_a_year_and_the_way_to_all() -> None:
    weekly = making.title("Notes")
    for week in range(20):
        making.issue(
            date(1850, 1, 5) + timedelta(days=7 * week),
            of=weekly,
            slug=f"w{week}",
            cover_date=f"Week {week}.",
        )
    shown = page("/archive/decades/1850s/")
    assert shown.count('class="cover ') == 12
    assert "All 20 issues of Notes in 1850" in shown
    assert page("/archive/notes/1850/").count('class="cover ') == 20


def test_a_title_shows_its_decades_with_their_first_covers() -> None:
    for year in (1951, 1953, 1958, 1962):
        making.issue(date(year, 3, 1))
    making.issue(date(1949, 3, 1), of=making.title("The Sandglass"))
    shown = page("/archive/the-hourglass/")
    assert shown.count('class="cover ') == 2
    assert [year for year in range(1949, 1963) if f'/archive/the-hourglass/{year}/"' in shown] == [
        1951,
        1953,
        1958,
        1962,
    ]


def test_long_lists_come_in_pages() -> None:
    issue = making.issue()
    for number in range(65):
        making.article(f"Piece {number:02}.", of=issue)
    for address in ("/sections/war-and-strategy/", "/contributors/eleanor-marsh/"):
        pages = [page(f"{address}?page={number}") for number in (1, 2, 3)]
        assert [p.count('class="piece"') for p in pages] == [30, 30, 5]
        assert 'href="?page=3" rel="next"' in pages[1]
        assert f'href="{address}" rel="prev"' in pages[1]
        for odd in ("0", "x", "-3", "99999999999999999999999"):
            assert Client().get(f"{address}?page={odd}").status_code == 200


def test_contributors_stand_as_in_an_index_and_by_letter() -> None:
    for name in ("Étienne Öhm", "John O’Dowd", "Ann Zola", "Tom Orr", "Draft Only"):
        making.article(f"By {name}", by=name, live=name != "Draft Only")
    shown = page("/contributors/")
    names = ["O’Dowd, John", "Öhm, Étienne", "Orr, Tom", "Zola, Ann"]
    assert sorted(names, key=shown.index) == names
    assert all(name in shown for name in names)
    assert "Only, Draft" not in shown
    of_o = page("/contributors/?letter=O")
    assert [name in of_o for name in names] == [True, True, True, False]
    assert Client().get("/contributors/?letter=%F0%9F%92%A9&page=x").status_code == 200


def test_a_contributor_has_a_note_the_other_forms_of_the_name_and_pieces(gated: Article) -> None:
    Contributor.objects.update(note="Wrote on walls.", variants="E. M.\nE. Marsh")
    shown = page("/contributors/eleanor-marsh/")
    for expected in (
        "Wrote on walls.",
        "E. M.; E. Marsh",
        "The Fortress",
        "Volume 49, Issue 9, September 1999",
    ):
        assert expected in shown


@pytest.mark.parametrize("address", EVERY_PAGE)
def test_no_page_makes_more_queries_in_a_larger_archive(gated: Article, ada: Reader, address: str) -> None:
    client = Client()
    client.force_login(ada)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    count()
    few = count()
    title = making.title("The Sandglass", position=1)
    for year in (1950, 1998, 1999):
        for month in (1, 2, 11):
            issue = making.issue(date(year, month, 1), of=title if month == 2 else None)
            for number in range(3):
                made = making.article(f"More {year} {month} {number}", of=issue, section=making.section())
                Authorship.objects.create(
                    article=made, contributor=making.contributor(f"Writer {number}"), position=1
                )
    for number in range(8):
        making.article(f"Beside {number}", of=gated.issue, section=making.section(f"Section {number}"))
    assert count() == few
    assert count() <= 12
