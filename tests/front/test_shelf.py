"""What the shelf gives out is what was printed last, as far as it has heard; and it never grows beyond its bounds."""

import os
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.front.shelf import MOST_NAMED, Shelf
from backnumber.pages.printed import NotPrinted
from tests.front.pages import ADDRESS, NOW, content


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(1 << 20, tmp_path)


def test_a_page_is_given_out_as_it_was_printed(shelf: Shelf) -> None:
    shelf.put(ADDRESS, content(), shelf.news)
    found = shelf.get(ADDRESS, NOW)
    assert found is not None
    assert found.kept.address == ADDRESS


def test_a_page_that_shows_what_has_changed_is_not_given_out(shelf: Shelf) -> None:
    shelf.put(ADDRESS, content(), shelf.news)
    shelf.hear(["article:8"])
    assert shelf.get(ADDRESS, NOW) is not None
    shelf.hear(["article:7"])
    assert shelf.get(ADDRESS, NOW) is None


def test_a_page_that_was_fetched_before_the_news_and_came_after_it_is_not_kept(shelf: Shelf) -> None:
    heard = shelf.news
    shelf.hear(["issue:70"])
    shelf.put(ADDRESS, content(), heard)
    assert shelf.get(ADDRESS, NOW) is None
    shelf.put(ADDRESS, content(), shelf.news)
    assert shelf.get(ADDRESS, NOW) is not None
    late = shelf.put(ADDRESS, content(), heard)
    assert brotli.decompress(late.printed(late.kept.closed, "br")), "who waited for it has it all the same"
    assert shelf.get(ADDRESS, NOW) is not None, "and it takes the place of no newer one"


@pytest.mark.parametrize("keys", [["*"], ["article:7", "*"], [f"article:{n}" for n in range(MOST_NAMED + 1)]])
def test_news_of_everything_empties_it(shelf: Shelf, keys: list[str]) -> None:
    heard = shelf.news
    shelf.put(ADDRESS, content(), heard)
    shelf.hear(keys)
    assert shelf.get(ADDRESS, NOW) is None
    shelf.put(ADDRESS, content(), heard)
    assert shelf.get(ADDRESS, NOW) is None


def test_a_page_whose_time_is_over_is_not_given_out(shelf: Shelf) -> None:
    shelf.put(ADDRESS, content(good_until=NOW), shelf.news)
    assert shelf.get(ADDRESS, NOW - timedelta(microseconds=1)) is not None
    assert shelf.get(ADDRESS, NOW) is None


def test_what_does_not_fit_into_memory_comes_from_the_file(tmp_path: Path) -> None:
    shelf = Shelf(40_000, tmp_path)
    for number in range(200):
        shelf.put(f"/{number}/", content(address=f"/{number}/", keys=(f"article:{number}",)), shelf.news)
    assert shelf.size <= 40_000
    shelf.hear(["article:3"])
    found = [shelf.get(f"/{number}/", NOW) for number in range(200)]
    assert [n for n, page in enumerate(found) if page is None] == [3]
    assert shelf.size <= 40_000
    assert not list(tmp_path.iterdir())  # the file has no name: nothing can be left over


def is_in_memory(shelf: Shelf, address: str) -> bool:
    """What comes from the file is read anew each time."""
    return shelf.get(address, NOW) is shelf.get(address, NOW)


def test_a_page_that_is_asked_for_once_drives_out_none(tmp_path: Path) -> None:
    shelf = Shelf(40_000, tmp_path)
    for number in range(500):
        shelf.put(f"/{number}/", content(address=f"/{number}/"), shelf.news)
    first = shelf.get("/0/", NOW)
    assert first is not None
    for number in range(200, 500):
        passing = shelf.get(f"/{number}/", NOW)
        assert passing is not None
        shelf.grown(passing, 1_000)
    assert shelf.get("/0/", NOW) is first
    assert is_in_memory(shelf, "/499/"), "the control: what is asked for again soon does stay"
    assert shelf.size <= 40_000


def test_an_answer_counts_while_its_page_is_in_memory(tmp_path: Path) -> None:
    shelf = Shelf(40_000, tmp_path)
    for number in range(500):
        shelf.put(f"/{number}/", content(address=f"/{number}/"), shelf.news)
    before, kept, passing = shelf.size, shelf.get("/0/", NOW), shelf.get("/200/", NOW)
    assert kept is not None
    assert passing is not None
    shelf.grown(passing, 1_000)
    assert shelf.size == before
    shelf.grown(kept, 1)
    assert shelf.size == before + 1


def test_a_full_file_begins_anew(tmp_path: Path) -> None:
    shelf = Shelf(6_000, tmp_path, most_file_bytes=30_000)
    for number in range(100):
        shelf.put(f"/{number}/", content(address=f"/{number}/"), shelf.news)
        assert shelf.get(f"/{number}/", NOW) is not None
    assert sum(shelf.get(f"/{number}/", NOW) is not None for number in range(100)) < 100


def test_without_room_for_a_new_file_pages_are_kept_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    shelf = Shelf(1 << 20, folder, most_file_bytes=3_000)
    folder.rmdir()
    for number in range(20):
        shelf.put(f"/{number}/", content(address=f"/{number}/"), shelf.news)
    assert all(shelf.get(f"/{number}/", NOW) for number in range(20))
    folder.mkdir()
    shelf.hear(["*"])
    assert shelf.get("/1/", NOW) is None
    shelf.put("/1/", content(address="/1/"), shelf.news)
    assert shelf.get("/1/", NOW) is not None


def test_a_file_that_gives_back_less_than_was_written_gives_no_page(tmp_path: Path) -> None:
    shelf = Shelf(100, tmp_path)
    for address in ("/1/", "/2/"):
        shelf.put(address, content(address=address), shelf.news)
    found = shelf.get("/2/", NOW)
    assert found is not None
    os.ftruncate(shelf._spool._file.number, 100)
    assert shelf.get("/1/", NOW) is None
    with pytest.raises(NotPrinted):
        found.printed(found.kept.closed, "gzip")


def test_a_file_that_gives_back_something_else_gives_no_page(tmp_path: Path) -> None:
    shelf = Shelf(100, tmp_path)
    for address in ("/1/", "/2/"):
        shelf.put(address, content(address=address), shelf.news)
    found = shelf.get("/2/", NOW)
    assert found is not None
    file = shelf._spool._file.number
    os.pwrite(file, b"\xc1" * os.fstat(file).st_size, 0)
    assert shelf.get("/1/", NOW) is None
    with pytest.raises(NotPrinted):
        found.text(found.kept.closed)
    with pytest.raises(NotPrinted):
        found.printed(found.kept.closed, "")


def test_what_is_no_printed_page_is_refused(shelf: Shelf) -> None:
    with pytest.raises(NotPrinted):
        shelf.put(ADDRESS, content()[:-1], shelf.news)


steps = st.lists(
    st.tuples(st.sampled_from(["fetch", "arrive", "change"]), st.integers(0, 2), st.integers(0, 3)),
    max_size=60,
)


@given(steps)
def test_in_whatever_order_pages_and_news_come_nothing_stale_is_given_out(
    order: list[tuple[str, int, int]],
) -> None:
    """Three pages of four things; a page in hand is printed from what was true when it was fetched."""
    shelf = Shelf(9_000)
    version = [0, 0, 0, 0]
    in_hand: dict[int, tuple[int, int, bytes]] = {}
    shown_at: dict[int, int] = {}
    for what, page, thing in order:
        keys = (f"thing:{page}", f"thing:{page + 1}")
        if what == "change":
            version[thing] += 1
            shelf.hear([f"thing:{thing}"])
        elif what == "fetch":
            in_hand[page] = (
                shelf.news,
                version[page] + version[page + 1],
                content(address=f"/{page}/", keys=keys),
            )
        elif page in in_hand:
            heard, printed_from, made = in_hand.pop(page)
            if shelf.get(f"/{page}/", NOW) is None:
                shelf.put(f"/{page}/", made, heard)
                shown_at[page] = printed_from
        for one in range(3):
            if shelf.get(f"/{one}/", NOW) is not None:
                assert shown_at[one] == version[one] + version[one + 1]
