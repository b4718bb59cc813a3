"""The table of places against a reading of the same words that takes every row in turn; and the trusted hops."""

import ipaddress
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from backnumber.access import Place
from backnumber.edge.page import places
from backnumber.edge.page.places import PlaceRow, PlaceTable, nearest_untrusted, trusted_networks

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
FOUR, SIX = int(ipaddress.ip_address("198.51.100.0")), int(ipaddress.ip_address("2001:db8:51::"))
SPREAD = 40
MOMENTS = st.none() | st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))


@st.composite
def rows(draw: st.DrawFn) -> PlaceRow:
    version = draw(st.sampled_from([4, 6]))
    base = FOUR if version == 4 else SIX
    first, last = base + draw(st.integers(0, SPREAD)), base + draw(st.integers(0, SPREAD))
    institution = draw(st.integers(1, 3))
    return PlaceRow(
        first, last, version, Place(institution, f"Library {institution}"), draw(MOMENTS), draw(MOMENTS)
    )


def read_in_turn(table: list[PlaceRow], address: str, now: datetime) -> Place | None:
    """Independent of the table: every row, every time."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    having = []
    for row in table:
        in_range = row.version == found.version and row.first <= int(found) <= row.last
        begun = row.starts is None or now >= row.starts
        over = row.until is not None and now >= row.until
        if in_range and begun and not over:
            having.append(row.place)
    return having[0] if len({place.institution for place in having}) == 1 else None


@st.composite
def addresses(draw: st.DrawFn) -> str:
    offset = draw(st.integers(-2, SPREAD + 2))
    spelled = draw(st.sampled_from(["four", "six", "mapped"]))
    if spelled == "six":
        return str(ipaddress.IPv6Address(SIX + offset))
    four = ipaddress.IPv4Address(FOUR + offset)
    return f"::ffff:{four}" if spelled == "mapped" else str(four)


@effort(max_examples=400)
@given(st.lists(rows(), max_size=12), st.lists(addresses(), min_size=1, max_size=8), st.integers(-4, 4))
def test_the_table_says_what_reading_every_row_says(
    table: list[PlaceRow], asked: list[str], hours: int
) -> None:
    made, now = PlaceTable(tuple(table)), NOON + timedelta(hours=hours)
    for address in asked:
        assert made.at(address, now) == read_in_turn(table, address, now)


ONE = PlaceTable((PlaceRow(FOUR, FOUR + 255, 4, Place(1, "Ashdown")),))


@pytest.mark.parametrize(
    "text",
    ["", "unknown", "nonsense", "198.51.100", "198.51.100.7:80", "198.51.100.7 ", "198.51.100.007", "::ffff:198.51.100.7%x",
     "3325256711", "1" * 5000, "198.51.100.7,198.51.100.7", "１９８.51.100.7"],
)  # fmt: skip
def test_what_is_no_address_is_nowhere(text: str) -> None:
    assert ONE.at(text, NOON) is None
    assert ONE.at("198.51.100.7", NOON) == Place(1, "Ashdown"), "the control"


def test_the_number_of_an_ipv4_address_is_not_that_ipv6_address() -> None:
    assert ONE.at(str(ipaddress.IPv6Address(FOUR + 7)), NOON) is None


def test_what_two_institutions_would_have_at_once_is_nobodys() -> None:
    both = PlaceTable((*ONE.rows, PlaceRow(FOUR + 7, FOUR + 7, 4, Place(2, "Barlow"))))
    assert both.at("198.51.100.7", NOON) is None
    assert both.at("198.51.100.8", NOON) == Place(1, "Ashdown")


def test_looking_up_costs_hardly_more_in_a_table_a_thousand_times_as_long() -> None:
    """Counted in comparisons, not in time: a busy machine is no fault of the table's."""

    class Counted(int):
        compared = 0

        def __lt__(self, other: int) -> bool:
            Counted.compared += 1
            return int(self) < int(other)

        def __gt__(self, other: int) -> bool:
            Counted.compared += 1
            return int(self) > int(other)

    def cost(length: int) -> int:
        table = PlaceTable(tuple(PlaceRow(n * 512, n * 512 + 255, 4, Place(n, "")) for n in range(length)))
        object.__setattr__(table._four, "begins", tuple(map(Counted, table._four.begins)))
        Counted.compared = 0
        assert table.at(str(ipaddress.IPv4Address(512 * (length // 3) + 9)), NOON)
        return Counted.compared

    assert cost(20_000) <= cost(20) + 12


TRUSTED = trusted_networks(["10.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "found"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.7"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7, 203.0.113.5", "10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7", "203.0.113.5, 10.0.0.3, 10.0.0.2"], "203.0.113.5"),
        ("10.0.0.1", ["198.51.100.7, nonsense"], "unknown"),
        ("10.0.0.1", ["198.51.100.7, " + "9" * 500], "unknown"),
        ("10.0.0.1", ["198.51.100.7, unknown, 10.0.0.2"], "unknown"),
        ("10.0.0.1", [" , ,"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("::1", ["[2001:db8:51::7]:443"], "2001:db8:51::7"),
        ("10.0.0.1:9000", ["198.51.100.7:4711"], "198.51.100.7"),
        ("", ["198.51.100.7"], "unknown"),
        ("unix:", ["198.51.100.7"], "unknown"),
    ],
)
def test_only_what_a_trusted_hop_wrote_is_read(peer: str, forwarded_for: list[str], found: str) -> None:
    assert nearest_untrusted(peer, forwarded_for, TRUSTED) == found


@given(st.lists(st.sampled_from(["10.0.0.2", "203.0.113.5", "198.51.100.7", "x", ""]), max_size=6))
def test_a_stranger_is_itself_whatever_it_writes(hops: list[str]) -> None:
    assert nearest_untrusted("203.0.113.9", [",".join(hops)], TRUSTED) == "203.0.113.9"
    assert nearest_untrusted("203.0.113.9", hops, ()) == "203.0.113.9"


def test_what_is_remembered_is_bounded() -> None:
    for number in range(9_000):
        places.parsed(str(ipaddress.IPv4Address(FOUR + number)))
        nearest_untrusted(f"x{number}", [], TRUSTED)
    assert places._parsed.cache_info().currsize <= places._REMEMBERED
    assert places._without_port.cache_info().currsize <= places._REMEMBERED


def test_it_needs_neither_django_nor_the_database() -> None:
    program = "import sys, backnumber.edge.page.places; print([m for m in sys.modules if m in ('django', 'psycopg', 'wagtail')])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
