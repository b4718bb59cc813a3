"""The reference code: it says what it says, and an altered one says nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import Reason
from backnumber.gate.reference import _REASONS, ReferenceFacts, make, read

NOON = datetime(2026, 11, 18, 12, 0, 41, tzinfo=UTC)
MINUTE = NOON.replace(second=0)


@given(
    article=st.integers(0, 10**7),
    reason=st.sampled_from(Reason),
    reader=st.none() | st.integers(1, 10**7),
    minutes=st.integers(0, 10**7),
)
def test_a_code_says_what_was_put_into_it(
    article: int, reason: Reason, reader: int | None, minutes: int
) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    made_at = at if reader else None
    assert read(make(article, reason, reader, at)) == ReferenceFacts(article, reason, reader, made_at)


@given(first=st.datetimes(timezones=st.just(UTC)), second=st.datetimes(timezones=st.just(UTC)))
def test_a_code_for_nobody_is_the_same_at_every_view(first: datetime, second: datetime) -> None:
    assert make(4711, Reason.NO_ACCOUNT, None, first) == make(4711, Reason.NO_ACCOUNT, None, second)


def test_control_a_code_for_a_reader_tells_the_minute() -> None:
    codes = {make(4711, Reason.LAPSED, 5, NOON + timedelta(minutes=n)) for n in range(3)}
    assert len(codes) == 3


# Made by the version before nobody's code lost its minute, of article 4711 at 12:00 on 18 November 2026.
SENT_BEFORE = "1WAS-01Z4-S23X-1PZZ"


def test_codes_sent_before_nobodys_lost_the_minute_are_still_read(settings: pytest.FixtureRequest) -> None:
    settings.SECRET_KEY = "for the test of a code sent before"  # type: ignore[attr-defined]
    assert read(SENT_BEFORE) == ReferenceFacts(4711, Reason.NO_ACCOUNT, None, MINUTE)


def test_what_a_number_means_never_changes() -> None:
    assert [reason.name for reason in _REASONS[:13]] == [
        "NO_ACCOUNT", "NO_GRANT", "LAPSED", "NOT_BEGUN", "REVOKED", "OTHER_ISSUES", "CLAIM_PENDING",
        "PRINT_UNCLAIMED", "UNKNOWN_POLICY", "OPEN", "SIGNED_IN", "FREE_NOW", "GRANT",
    ]  # fmt: skip
    assert set(_REASONS) == set(Reason)
    assert len(_REASONS) <= 32


@given(at=st.integers(0, 18), by=st.integers(1, 31))
def test_one_altered_character_makes_it_nothing(at: int, by: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = make(4711, Reason.LAPSED, None, NOON)
    if code[at] == "-":
        return
    altered = code[:at] + alphabet[(alphabet.index(code[at]) + by) % 32] + code[at + 1 :]
    assert read(altered) is None


def test_it_is_read_however_it_is_typed() -> None:
    code = make(1024, Reason.NO_GRANT, 77, NOON)
    facts = ReferenceFacts(1024, Reason.NO_GRANT, 77, MINUTE)
    assert read(f"  {code.lower().replace('-', ' ')} ") == facts
    assert read(code.replace("-", "").replace("0", "O").replace("1", "l")) == facts


@pytest.mark.parametrize(
    "text", ["", "-", "hello", "0000-0000-0000-0000", "7KQ2-M0XD-93VT-A1F8", "Z" * 41, "ÄÖÜ", "0" * 4]
)
def test_other_text_is_no_code(text: str) -> None:
    assert read(text) is None


def test_a_code_for_nobody_has_sixteen_characters() -> None:
    code = make(99_999, Reason.NO_ACCOUNT, None, NOON)
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]


def test_a_code_of_another_key_is_none_of_ours(settings: pytest.FixtureRequest) -> None:
    code = make(5, Reason.NO_GRANT, None, NOON)
    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]
    assert read(code) is None
