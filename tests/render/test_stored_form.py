"""A page is read back as it was stored, and what is damaged is known for that."""

import struct
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from backnumber.access import Anniversary, Asked, FreeWindow, Policy, Wall
from backnumber.edge.page.slots import CHOSEN, WRITTEN
from backnumber.edge.page.stored import FORMAT, HEAD_BYTES, StoredPage, UnreadablePage, read, stored_page
from backnumber.edge.page.text import Slot, Text, text_of

AT_ASKED = 4
MOMENTS = st.datetimes(timezones=st.just(UTC))
SMALL = st.text(max_size=20)
NUMBERS = st.integers(0, 1 << 40)
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/London"), ZoneInfo("Asia/Kathmandu")])
WINDOWS = st.builds(FreeWindow, MOMENTS, MOMENTS, SMALL)
DAYS = st.builds(Anniversary, st.integers(1, 12), st.integers(1, 28), SMALL)
WEEKS = st.none() | st.integers(0, 300)
ASKED = st.builds(
    Asked, NUMBERS, NUMBERS, NUMBERS, st.dates(date(1700, 1, 1)), st.none() | st.sampled_from(list(Policy)),
    st.lists(WINDOWS, max_size=3).map(tuple), st.lists(DAYS, max_size=3).map(tuple), st.builds(Wall, WEEKS, WEEKS),
    st.none() | MOMENTS, ZONES,
)  # fmt: skip
KEYS = st.from_regex(r"[a-z]{1,9}(:[0-9]{1,9})?", fullmatch=True)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    main = draw(st.text(max_size=200)).encode()
    places = sorted(draw(st.lists(st.integers(0, len(main)), min_size=2, max_size=6)))
    chosen = st.dictionaries(SMALL, SMALL.map(str.encode), max_size=3)
    pairs = zip(places[::2], places[1::2], strict=False)
    names = st.sampled_from([*CHOSEN, *WRITTEN])
    slots = [Slot(draw(names), first, last, draw(chosen)) for first, last in pairs]
    return text_of(main, tuple(slots))


PAGES = st.builds(
    stored_page, SMALL, SMALL, texts(), st.none() | texts(), asked=st.none() | ASKED, keys=st.lists(KEYS, max_size=4),
    good_until=st.none() | MOMENTS,
)  # fmt: skip


@effort(deadline=None)
@given(PAGES)
def test_what_is_stored_is_read_back_the_same(page: StoredPage) -> None:
    again = read(page.content)
    assert again == page
    assert again.closed.plain == page.closed.plain


@effort(deadline=None)
@given(PAGES, st.data())
def test_a_changed_byte_is_noticed(page: StoredPage, choose: st.DataObject) -> None:
    content = bytearray(page.content)
    at = choose.draw(st.integers(0, len(content) - 1))
    content[at] ^= choose.draw(st.integers(1, 255))
    with pytest.raises(UnreadablePage):
        read(bytes(content))


@effort(deadline=None)
@given(PAGES, st.data())
def test_a_page_that_is_cut_short_or_goes_on_is_noticed(page: StoredPage, choose: st.DataObject) -> None:
    content = page.content
    for damaged in (content[: choose.draw(st.integers(0, len(content) - 1))], content + b"\0"):
        with pytest.raises(UnreadablePage):
            read(damaged)


def sealed(inside: bytes) -> bytes:
    return struct.pack(">B16s", FORMAT, blake2b(inside, digest_size=16).digest()) + inside


def with_facts(facts: object) -> bytes:
    head = msgspec.msgpack.encode(facts)
    return sealed(struct.pack(">I", len(head)) + head)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@effort(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_no_page(content: bytes) -> None:
    for damaged in (content, sealed(content)):
        with pytest.raises(UnreadablePage):
            read(damaged)


@effort(deadline=None)
@given(JSON)
def test_facts_of_a_program_that_meant_otherwise_are_no_page(one: object) -> None:
    """The seal holds; only what is said within makes no sense."""
    good = stored_facts()
    for at in range(len(good)):
        try:
            read(with_facts([*good[:at], one, *good[at + 1 :]]))
        except UnreadablePage:
            continue


def stored_facts() -> list[Any]:
    asked = Asked(1, 2, 3, date(1999, 9, 1), Policy.OPEN, (FreeWindow(NOW, NOW + timedelta(1), "w"),))
    page = stored_page("/a/", "article", text_of(b"x", ()), asked=asked, keys=["article:1"], good_until=NOW)
    content = page.content
    facts: list[Any] = msgspec.msgpack.decode(content[HEAD_BYTES : page.begins])
    return facts


NOW = datetime(2026, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Nowhere/None", "", "/", "Europe", "a\0b", "x" * 5000])
def test_a_zone_that_is_none_is_no_page(zone: str) -> None:
    good = stored_facts()
    assert read(with_facts(good)).facts.address == "/a/"
    good[AT_ASKED]["zone"] = zone
    with pytest.raises(UnreadablePage):
        read(with_facts(good))


def test_another_format_is_no_page() -> None:
    content = stored_page("/", "home", text_of(b"x", ())).content
    assert read(content).facts.address == "/"
    with pytest.raises(UnreadablePage):
        read(bytes([FORMAT + 1]) + content[1:])
