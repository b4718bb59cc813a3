"""What the cache gives out is what was rendered last, as far as it has heard; and it never grows beyond its bounds."""

import os
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.edge.door.page_cache import MOST_NAMED, PageCache
from backnumber.edge.page.stored import UnreadablePage
from tests.door.pages import ADDRESS, NOW, content


@pytest.fixture
def cache(tmp_path: Path) -> PageCache:
    return PageCache(1 << 20, tmp_path)


def test_a_page_is_given_out_as_it_was_rendered(cache: PageCache) -> None:
    cache.put(ADDRESS, content(), cache.heard)
    found = cache.get(ADDRESS, NOW)
    assert found is not None
    assert found.facts.address == ADDRESS


def test_a_page_that_shows_what_has_changed_is_not_given_out(cache: PageCache) -> None:
    cache.put(ADDRESS, content(), cache.heard)
    cache.hear(["article:8"])
    assert cache.get(ADDRESS, NOW) is not None
    cache.hear(["article:7"])
    assert cache.get(ADDRESS, NOW) is None


def test_a_page_that_was_fetched_before_the_change_and_came_after_it_is_not_kept(cache: PageCache) -> None:
    heard = cache.heard
    cache.hear(["issue:70"])
    cache.put(ADDRESS, content(), heard)
    assert cache.get(ADDRESS, NOW) is None
    cache.put(ADDRESS, content(), cache.heard)
    assert cache.get(ADDRESS, NOW) is not None
    late = cache.put(ADDRESS, content(), heard)
    assert brotli.decompress(late.compressed(late.facts.closed, "br")), (
        "who waited for it has it all the same"
    )
    assert cache.get(ADDRESS, NOW) is not None, "and it takes the place of no newer one"


@pytest.mark.parametrize("keys", [["*"], ["article:7", "*"], [f"article:{n}" for n in range(MOST_NAMED + 1)]])
def test_a_change_of_everything_empties_it(cache: PageCache, keys: list[str]) -> None:
    heard = cache.heard
    cache.put(ADDRESS, content(), heard)
    cache.hear(keys)
    assert cache.get(ADDRESS, NOW) is None
    cache.put(ADDRESS, content(), heard)
    assert cache.get(ADDRESS, NOW) is None


def test_a_page_whose_time_is_over_is_not_given_out(cache: PageCache) -> None:
    cache.put(ADDRESS, content(good_until=NOW), cache.heard)
    assert cache.get(ADDRESS, NOW - timedelta(microseconds=1)) is not None
    assert cache.get(ADDRESS, NOW) is None


def test_what_does_not_fit_into_memory_comes_from_the_file(tmp_path: Path) -> None:
    cache = PageCache(40_000, tmp_path)
    for number in range(200):
        cache.put(f"/{number}/", content(address=f"/{number}/", keys=(f"article:{number}",)), cache.heard)
    assert cache.size <= 40_000
    cache.hear(["article:3"])
    found = [cache.get(f"/{number}/", NOW) for number in range(200)]
    assert [n for n, page in enumerate(found) if page is None] == [3]
    assert cache.size <= 40_000
    assert not list(tmp_path.iterdir())  # the file has no name: nothing can be left over


def is_in_memory(cache: PageCache, address: str) -> bool:
    """What comes from the file is read anew each time."""
    return cache.get(address, NOW) is cache.get(address, NOW)


def test_a_page_that_is_asked_for_once_drives_out_none(tmp_path: Path) -> None:
    cache = PageCache(40_000, tmp_path)
    for number in range(500):
        cache.put(f"/{number}/", content(address=f"/{number}/"), cache.heard)
    first = cache.get("/0/", NOW)
    assert first is not None
    for number in range(200, 500):
        passing = cache.get(f"/{number}/", NOW)
        assert passing is not None
        cache.grown(passing, 1_000)
    assert cache.get("/0/", NOW) is first
    assert is_in_memory(cache, "/499/"), "the control: what is asked for again soon does stay"
    assert cache.size <= 40_000


def test_an_answer_counts_while_its_page_is_in_memory(tmp_path: Path) -> None:
    cache = PageCache(40_000, tmp_path)
    for number in range(500):
        cache.put(f"/{number}/", content(address=f"/{number}/"), cache.heard)
    before, kept, passing = cache.size, cache.get("/0/", NOW), cache.get("/200/", NOW)
    assert kept is not None
    assert passing is not None
    cache.grown(passing, 1_000)
    assert cache.size == before
    cache.grown(kept, 1)
    assert cache.size == before + 1


def test_a_full_file_begins_anew(tmp_path: Path) -> None:
    cache = PageCache(6_000, tmp_path, most_file_bytes=30_000)
    for number in range(100):
        cache.put(f"/{number}/", content(address=f"/{number}/"), cache.heard)
        assert cache.get(f"/{number}/", NOW) is not None
    assert sum(cache.get(f"/{number}/", NOW) is not None for number in range(100)) < 100


def test_without_room_for_a_new_file_pages_are_kept_in_memory(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    cache = PageCache(1 << 20, folder, most_file_bytes=3_000)
    folder.rmdir()
    for number in range(20):
        cache.put(f"/{number}/", content(address=f"/{number}/"), cache.heard)
    assert all(cache.get(f"/{number}/", NOW) for number in range(20))
    folder.mkdir()
    cache.hear(["*"])
    assert cache.get("/1/", NOW) is None
    cache.put("/1/", content(address="/1/"), cache.heard)
    assert cache.get("/1/", NOW) is not None


def test_a_file_that_gives_back_less_than_was_written_gives_no_page(tmp_path: Path) -> None:
    cache = PageCache(100, tmp_path)
    for address in ("/1/", "/2/"):
        cache.put(address, content(address=address), cache.heard)
    found = cache.get("/2/", NOW)
    assert found is not None
    os.ftruncate(cache._file._file.number, 100)
    assert cache.get("/1/", NOW) is None
    with pytest.raises(UnreadablePage):
        found.compressed(found.facts.closed, "gzip")


def test_a_file_that_gives_back_something_else_gives_no_page(tmp_path: Path) -> None:
    cache = PageCache(100, tmp_path)
    for address in ("/1/", "/2/"):
        cache.put(address, content(address=address), cache.heard)
    found = cache.get("/2/", NOW)
    assert found is not None
    file = cache._file._file.number
    os.pwrite(file, b"\xc1" * os.fstat(file).st_size, 0)
    assert cache.get("/1/", NOW) is None
    with pytest.raises(UnreadablePage):
        found.text(found.facts.closed)
    with pytest.raises(UnreadablePage):
        found.compressed(found.facts.closed, "")


def test_what_is_no_stored_page_is_refused(cache: PageCache) -> None:
    with pytest.raises(UnreadablePage):
        cache.put(ADDRESS, content()[:-1], cache.heard)


steps = st.lists(
    st.tuples(st.sampled_from(["fetch", "arrive", "change"]), st.integers(0, 2), st.integers(0, 3)),
    max_size=60,
)


@given(steps)
def test_in_whatever_order_pages_and_seen_come_nothing_stale_is_given_out(
    order: list[tuple[str, int, int]],
) -> None:
    """Three pages of four things; a page in hand is rendered from what was true when it was fetched."""
    cache = PageCache(9_000)
    version = [0, 0, 0, 0]
    in_hand: dict[int, tuple[int, int, bytes]] = {}
    shown_at: dict[int, int] = {}
    for what, page, thing in order:
        keys = (f"thing:{page}", f"thing:{page + 1}")
        if what == "change":
            version[thing] += 1
            cache.hear([f"thing:{thing}"])
        elif what == "fetch":
            in_hand[page] = (
                cache.heard,
                version[page] + version[page + 1],
                content(address=f"/{page}/", keys=keys),
            )
        elif page in in_hand:
            heard, rendered_from, made = in_hand.pop(page)
            if cache.get(f"/{page}/", NOW) is None:
                cache.put(f"/{page}/", made, heard)
                shown_at[page] = rendered_from
        for one in range(3):
            if cache.get(f"/{one}/", NOW) is not None:
                assert shown_at[one] == version[one] + version[one + 1]
