"""A page in the store is read back as it was packed, and what is damaged is known for that."""

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
from backnumber.pages.printed import (
    FORMAT,
    NotPrinted,
    PrintedPage,
    Slot,
    Text,
    packed,
    text_of,
    unpacked,
)

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


@st.composite
def texts(draw: st.DrawFn) -> Text:
    main = draw(st.text(max_size=200)).encode()
    places = sorted(draw(st.lists(st.integers(0, len(main)), min_size=2, max_size=6)))
    chosen = st.dictionaries(SMALL, SMALL.map(str.encode), max_size=3)
    pairs = zip(places[::2], places[1::2], strict=False)
    slots = [Slot(draw(SMALL), first, last, draw(chosen)) for first, last in pairs]
    return text_of(main, tuple(slots))


PAGES = st.builds(
    PrintedPage, SMALL, SMALL, texts(), st.none() | texts(), st.none() | ASKED, st.lists(SMALL, max_size=4).map(tuple),
    st.none() | MOMENTS,
)  # fmt: skip


@effort(deadline=None)
@given(PAGES)
def test_what_is_packed_is_unpacked_the_same(page: PrintedPage) -> None:
    again = unpacked(packed(page))
    assert again == page
    assert again.closed.plain == page.closed.plain


@effort(deadline=None)
@given(PAGES, st.data())
def test_a_changed_byte_is_noticed(page: PrintedPage, choose: st.DataObject) -> None:
    content = bytearray(packed(page))
    at = choose.draw(st.integers(0, len(content) - 1))
    content[at] ^= choose.draw(st.integers(1, 255))
    with pytest.raises(NotPrinted):
        unpacked(bytes(content))


@effort(deadline=None)
@given(PAGES, st.data())
def test_a_page_that_is_cut_short_or_goes_on_is_noticed(page: PrintedPage, choose: st.DataObject) -> None:
    content = packed(page)
    for damaged in (content[: choose.draw(st.integers(0, len(content) - 1))], content + b"\0"):
        with pytest.raises(NotPrinted):
            unpacked(damaged)


def sealed(inside: bytes) -> bytes:
    return struct.pack(">B16s", FORMAT, blake2b(inside, digest_size=16).digest()) + inside


def with_facts(facts: object) -> bytes:
    head = msgspec.msgpack.encode(facts)
    return sealed(struct.pack(">IIIII", len(head), 0, 0, 0, 0) + head)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@effort(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_no_page(content: bytes) -> None:
    for damaged in (content, sealed(content)):
        with pytest.raises(NotPrinted):
            unpacked(damaged)


@effort(deadline=None)
@given(JSON)
def test_facts_of_a_program_that_meant_otherwise_are_no_page(one: object) -> None:
    """The seal holds; only what is said within makes no sense."""
    good = packed_facts()
    for at in range(len(good)):
        try:
            unpacked(with_facts([*good[:at], one, *good[at + 1 :]]))
        except NotPrinted:
            continue


def packed_facts() -> list[Any]:
    asked = Asked(1, 2, 3, date(1999, 9, 1), Policy.OPEN, (FreeWindow(NOW, NOW + timedelta(1), "w"),))
    page = PrintedPage("/a/", "article", text_of(b"x", ()), None, asked, ("article:1",), NOW)
    content = packed(page)
    facts: list[Any] = msgspec.msgpack.decode(content[37 : 37 + struct.unpack_from(">I", content, 17)[0]])
    return facts


NOW = datetime(2026, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Nowhere/None", "", "/", "Europe", "a\0b", "x" * 5000])
def test_a_zone_that_is_none_is_no_page(zone: str) -> None:
    good = packed_facts()
    assert unpacked(with_facts(good)).address == "/a/"
    good[AT_ASKED]["zone"] = zone
    with pytest.raises(NotPrinted):
        unpacked(with_facts(good))


def test_another_format_is_no_page() -> None:
    content = packed(PrintedPage("/", "home", text_of(b"x", ())))
    assert unpacked(content).address == "/"
    with pytest.raises(NotPrinted):
        unpacked(bytes([FORMAT + 1]) + content[1:])
