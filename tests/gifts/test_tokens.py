"""The cookies of nobody in particular: what comes back is what was given, or nothing."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import Gift, Meter, Read
from backnumber.access.meter import measure
from backnumber.edge.page.seals import LONGEST, keyring
from backnumber.edge.page.tokens import MOST_READS, gift_cookie, gift_from, reads_cookie, reads_from

pytestmark = pytest.mark.usefixtures("no_sockets")

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
PERIOD = timedelta(days=30)
METER = keyring("meter", ("a secret",))
GIFT = keyring("gift", ("a secret",))
MANY = 2**63 - 1

articles = st.integers(0, MANY)
instants = st.timedeltas(timedelta(days=-29), timedelta(days=20)).map(lambda since: NOW + since)
readings = st.lists(
    st.builds(Read, articles, instants), max_size=MOST_READS, unique_by=lambda read: read.article
)
gifts = st.builds(Gift, articles, articles, instants)


def to_the_minute(reads: list[Read]) -> set[Read]:
    return {Read(r.article, r.at.replace(second=0, microsecond=0)) for r in reads}


@given(readings)
def test_reads_come_back_to_the_minute(reads: list[Read]) -> None:
    assert set(reads_from(reads_cookie(reads, METER), METER, NOW, PERIOD)) == to_the_minute(reads)


@given(gifts)
def test_a_gift_comes_back_to_the_second(gift: Gift) -> None:
    assert gift_from(gift_cookie(gift, GIFT), GIFT) == Gift(
        gift.id, gift.article, gift.until.replace(microsecond=0)
    )


READS = [Read(n * 1000, NOW - timedelta(days=n)) for n in range(1, 6)]
A_COOKIE = reads_cookie(READS, METER)
A_GIFT = gift_cookie(Gift(7, 9, NOW), GIFT)


def altered(cookie: str) -> list[str]:
    """Every byte of the sealed text changed in every one of its bits, by which no character is left out."""
    sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
    return [
        base64.urlsafe_b64encode(sealed[:n] + bytes([sealed[n] ^ 1 << bit]) + sealed[n + 1 :])
        .rstrip(b"=")
        .decode()
        for n in range(len(sealed))
        for bit in range(8)
    ]


def test_every_altered_byte_is_refused() -> None:
    assert not [c for c in altered(A_COOKIE) if reads_from(c, METER, NOW, PERIOD)]
    assert not [c for c in altered(A_GIFT) if gift_from(c, GIFT)]
    characters = "ABab09-_ ="
    changed = [
        A_GIFT[:n] + c + A_GIFT[n + 1 :] for n in range(len(A_GIFT)) for c in characters if c != A_GIFT[n]
    ]
    assert not [c for c in changed if gift_from(c, GIFT)]


def test_every_cut_and_every_addition_is_refused() -> None:
    assert not [n for n in range(len(A_COOKIE)) if reads_from(A_COOKIE[:n], METER, NOW, PERIOD)]
    assert not [n for n in range(len(A_GIFT)) if gift_from(A_GIFT[:n], GIFT)]
    assert not reads_from(A_COOKIE + "A", METER, NOW, PERIOD)
    assert not gift_from(A_GIFT + "=", GIFT)


def test_control_unaltered_they_are_known() -> None:
    assert len(reads_from(A_COOKIE, METER, NOW, PERIOD)) == 5
    assert gift_from(A_GIFT, GIFT) == Gift(7, 9, NOW)


def test_one_purpose_is_not_another_and_another_site_is_not_ours() -> None:
    pair = gift_cookie(Gift(7, 9, NOW), METER)
    assert gift_from(pair, METER) is not None
    assert gift_from(pair, GIFT) is None
    assert gift_from(A_GIFT, keyring("gift", ("another secret",))) is None


def test_a_former_key_still_opens() -> None:
    changed = keyring("gift", ("a new secret", "a secret"))
    assert gift_from(A_GIFT, changed) == Gift(7, 9, NOW)


@given(st.binary(max_size=200))
def test_sealed_nonsense_is_worth_nothing_and_harms_nothing(content: bytes) -> None:
    """Nobody but us can seal; a former version of ours might have."""
    sealed = METER.seal(content)
    reads = reads_from(sealed, METER, NOW, PERIOD)
    assert len(reads) <= MOST_READS
    gift_from(sealed, METER)


@given(st.text(max_size=100))
def test_any_text_is_worth_nothing(text: str) -> None:
    assert reads_from(text, METER, NOW, PERIOD) == ()
    assert gift_from(text, GIFT) is None


@pytest.mark.parametrize("length", [LONGEST, LONGEST + 1, 1_000_000])
def test_a_huge_cookie_is_refused_unread(length: int) -> None:
    assert reads_from("A" * length, METER, NOW, PERIOD) == ()
    assert gift_from("A" * length, GIFT) is None


@pytest.mark.parametrize(
    "content",
    [
        b"\x80",  # cut short
        b"\x81\x00\x01",  # one, spelled longer than it need be
        b"\xff" * 9 + b"\x01\x01",  # more than 63 bits
        b"\x01",  # an article and no minute
        b"\x01\xff\xff\xff\xff\xff\xff\xff\x7f",  # a year that does not exist
        b"\x01\x01" * (MOST_READS + 1),
    ],
)
def test_sealed_by_us_but_malformed_is_worth_nothing(content: bytes) -> None:
    long_ago = datetime(1970, 1, 2, tzinfo=UTC)
    assert reads_from(METER.seal(content), METER, long_ago, PERIOD) == ()
    assert gift_from(METER.seal(content), METER) is None


def test_control_the_same_well_formed_is_read() -> None:
    long_ago = datetime(1970, 1, 2, tzinfo=UTC)
    assert len(reads_from(METER.seal(b"\x01\x01"), METER, long_ago, PERIOD)) == 1


def test_the_largest_cookie_fits_a_browser_and_is_read_again() -> None:
    reads = [Read(MANY - n, NOW) for n in range(MOST_READS)]
    cookie = reads_cookie(reads, METER)
    assert len(cookie) < LONGEST
    assert len(reads_from(cookie, METER, NOW, PERIOD)) == MOST_READS


def test_a_usual_cookie_is_small() -> None:
    assert len(A_COOKIE) < 80


def test_only_what_is_outside_the_period_is_dropped() -> None:
    edge = [Read(1, NOW - PERIOD), Read(2, NOW - PERIOD + timedelta(minutes=1)), Read(3, NOW + PERIOD)]
    assert [r.article for r in reads_from(reads_cookie(edge, METER), METER, NOW, PERIOD)] == [2, 3]


def test_more_reads_than_it_holds_leave_none_to_spend() -> None:
    reads = [Read(n, NOW) for n in range(MOST_READS + 9)]
    kept = reads_from(reads_cookie(reads, METER), METER, NOW, PERIOD)
    assert not measure(Meter(MOST_READS, PERIOD, kept), 999_999, NOW)[0]


def test_what_is_no_key_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="no number of a cookie"):
        reads_cookie([Read(-1, NOW)], METER)
    with pytest.raises(ValueError, match="no number of a cookie"):
        reads_cookie([Read(2**63, NOW)], METER)
