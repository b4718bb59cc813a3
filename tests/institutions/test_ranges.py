"""What a librarian may write, and the sentence each mistake gets."""

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.institutions.ranges import MOST_LINES, Misread, Range, fault_of, read_ranges


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("192.0.2.0/24", "192.0.2.0", "192.0.2.255"),
        ("  192.0.2.0 / 24 ", "192.0.2.0", "192.0.2.255"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.10 - 192.0.2.99", "192.0.2.10", "192.0.2.99"),
        ("192.0.2.10–192.0.2.99", "192.0.2.10", "192.0.2.99"),
        ("192.0.2.10-99", "192.0.2.10", "192.0.2.99"),
        ("192.0.2.*", "192.0.2.0", "192.0.2.255"),
        ("131.111.*.*", "131.111.0.0", "131.111.255.255"),
        ("131.111.*", "131.111.0.0", "131.111.255.255"),
        ("11.0.0.0/8", "11.0.0.0", "11.255.255.255"),
        ("2001:db8:51::/48", "2001:db8:51::", "2001:db8:51:ffff:ffff:ffff:ffff:ffff"),
        ("2001:DB8::1", "2001:db8::1", "2001:db8::1"),
        ("2001:db8::1 - 2001:db8::ff", "2001:db8::1", "2001:db8::ff"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.0/120", "192.0.2.0", "192.0.2.255"),
        ("::ffff:192.0.2.1 - 192.0.2.9", "192.0.2.1", "192.0.2.9"),
    ],
)
def test_a_range_is_read_however_it_is_written(line: str, first: str, last: str) -> None:
    (read,) = read_ranges(line)
    assert (str(read.first), str(read.last)) == (first, last)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("192.0.2.5/24", "Probably 192.0.2.0/24 is meant (192.0.2.0 - 192.0.2.255), or 192.0.2.5 alone."),
        ("2001:db8::1/48", "Probably 2001:db8::/48 is meant"),
        ("0.0.0.0/0", "is the whole internet."),
        ("::/0", "is the whole internet."),
        ("0.0.0.0 - 255.255.255.255", "is the whole internet."),
        ("*.*.*.*", "asterisks stand for the last numbers"),
        ("12.0.0.0/7", "is too wide: we take at most a /8 at once."),
        ("2001::/19", "is too wide: we take at most a /20 at once."),
        ("11.0.0.0 - 12.0.0.0", "is too wide"),
        ("10.1.0.0/16", "is private (10.0.0.0/8)"),
        ("172.16.*.*", "is private (172.16.0.0/12)"),
        ("192.168.1.1", "is private (192.168.0.0/16)"),
        ("9.255.255.0 - 10.0.0.255", "is private (10.0.0.0/8)"),
        ("100.64.0.1", "is shared within a provider’s network"),
        ("127.0.0.1", "is loopback"),
        ("169.254.1.0/24", "is link-local"),
        ("224.0.0.1", "is multicast"),
        ("0.0.0.9", "is unspecified"),
        ("255.255.255.255", "is reserved"),
        ("::1", "is loopback"),
        ("::", "is unspecified"),
        ("fd00::/48", "is private (fc00::/7)"),
        ("fe80::1", "is link-local"),
        ("ff02::1", "is multicast"),
        ("4000::/48", "is not public"),
        ("::ffff:10.0.0.1", "is private (10.0.0.0/8)"),
        ("::ffff:0:0/96", "is the whole internet."),
        ("192.0.2.300", "“192.0.2.300” is no address."),
        ("192.0.02.1", "“192.0.02.1” is no address."),
        ("library.example.org", "is no address"),
        ("2001:db8::1%eth0", "is no address"),
        ("192.0.2.0/33", "a number from 0 to 32, not “33”"),
        ("192.0.2.0/255.255.255.0", "a number from 0 to 32, not “255.255.255.0”"),
        ("192.0.2.0/", "a number from 0 to 32, not “”"),
        ("192.*.2.*", "asterisks stand for the last numbers"),
        ("192.0.2.1*", "asterisks stand for the last numbers"),
        ("192.0.2.9 - 192.0.2.1", "ends before it begins. Probably 192.0.2.1 - 192.0.2.9 is meant."),
        ("192.0.2.1 - 2001:db8::1", "begins in one version of IP and ends in the other"),
        ("192.0.2.1-2-3", "a dash stands between two addresses"),
        ("192.0.2.0/24, 198.51.100.0/24", "a number from 0 to 32"),
        ("# only a note", "there is no address before the note."),
        ("192.0.2.1 from Monday", "“Monday” is no day."),
        ("192.0.2.1 to 192.0.2.9", "and a dash between two addresses"),
        ("192.0.2.1 from 2026-10-01 to 2026-09-30", "it ends on 2026-09-30, before it begins."),
        ("192.0.2.1 # " + "n" * 201, "the note is longer than 200 characters."),
        ("1" * 301, "it is longer than 300 characters."),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_with_a_sentence(line: str, sentence: str) -> None:
    with pytest.raises(Misread) as refused:
        read_ranges(f"192.0.2.200\n\n{line}")
    (fault,) = refused.value.faults
    assert fault.startswith("Line 3: ")
    assert sentence in fault


def test_every_line_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Misread) as refused:
        read_ranges("nonsense\n192.0.2.1\n10.0.0.1\n")
    assert [fault.partition(":")[0] for fault in refused.value.faults] == ["Line 1", "Line 3"]


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(Misread, match="5001 lines"):
        read_ranges("192.0.2.1\n" * (MOST_LINES + 1))


@pytest.mark.parametrize("line", ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"])
def test_the_ranges_for_documentation_may_be_used(line: str) -> None:
    assert read_ranges(line)


def test_days_and_a_note_follow_the_addresses() -> None:
    (read,) = read_ranges("192.0.2.0/24 From 2026-10-01 until 2027-09-30 # main library # west")
    assert (str(read.starts_on), str(read.ends_on), read.note) == (
        "2026-10-01",
        "2027-09-30",
        "main library # west",
    )


FOUR = st.integers(int(ipaddress.ip_address("11.0.0.0")), int(ipaddress.ip_address("13.0.0.0"))).map(
    ipaddress.IPv4Address
)
SIX = st.integers(int(ipaddress.ip_address("2001:db8::")), int(ipaddress.ip_address("2001:db8:ffff::"))).map(
    ipaddress.IPv6Address
)
DAYS = st.none() | st.dates()


@given(
    st.one_of(st.tuples(FOUR, FOUR), st.tuples(SIX, SIX)), DAYS, DAYS, st.sampled_from(["", "main", "a # b"])
)
def test_what_we_write_back_reads_as_the_same(ends, one_day, other_day, note) -> None:  # type: ignore[no-untyped-def]
    first, last = sorted(ends)
    starts, until = (
        (min(one_day, other_day), max(one_day, other_day)) if one_day and other_day else (one_day, other_day)
    )
    written = Range(first, last, starts, until, note, "line 1")
    if fault_of(first, last) is None:
        assert read_ranges(written.line) == (written,)


@given(st.text(max_size=80) | st.text(alphabet="0123456789.:/*-– fromtabcdef#%", max_size=40))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with suppress(Misread):
        assert all(one.first <= one.last for one in read_ranges(text))  # type: ignore[operator]
