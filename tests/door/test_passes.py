"""A pass says what it was issued with, or nothing: whatever is altered, cut or made up is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import Evidence, Grant, Scope, ScopeKind
from backnumber.edge.page import passes
from backnumber.edge.page.passes import Pass
from backnumber.edge.page.seals import keyring

KEYS = keyring("pass", ("a secret of the test's own",))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
keys_of_rows = st.none() | st.integers(1, 2**62)
days = st.none() | st.dates(date(1800, 1, 1), date(2100, 1, 1))
scopes = st.builds(
    Scope,
    st.sampled_from(ScopeKind),
    title=keys_of_rows,
    issue=keys_of_rows,
    article=keys_of_rows,
    first_date=days,
    last_date=days,
    years=st.none() | st.integers(1, 300),
)
grants = st.builds(
    Grant,
    st.integers(0, 2**62),
    scopes,
    starts=instants,
    until=st.none() | instants,
    evidence=st.none() | st.sampled_from(Evidence),
    revoked_at=st.none() | instants,
    kept=st.none() | scopes,
)
issued = st.builds(
    Pass,
    st.integers(1, 2**62),
    st.binary(min_size=8, max_size=8),
    st.integers(0, 2**31),
    instants.map(lambda moment: moment.replace(microsecond=0)),
    st.lists(grants, max_size=passes.MOST_GRANTS).map(tuple),
)


@given(issued)
def test_what_is_sealed_comes_back_as_it_was(one: Pass) -> None:
    value = passes.sealed(one, KEYS)
    assert value is not None
    assert len(value) < 3_000
    assert passes.opened(value, KEYS) == one


@given(issued, st.data())
def test_no_altered_pass_is_opened(one: Pass, data: st.DataObject) -> None:
    value = passes.sealed(one, KEYS)
    assert value is not None
    at = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.sampled_from("ABCdef019-_.=%é ").filter(lambda letter: letter != value[at]))
    assert passes.opened(value[:at] + other + value[at + 1 :], KEYS) is None
    assert passes.opened(value[:at], KEYS) is None
    assert passes.opened(value + other, KEYS) is None


@given(st.text(max_size=4_000))
def test_no_made_up_pass_is_opened(text: str) -> None:
    assert passes.opened(text, KEYS) is None


def test_a_key_that_was_changed_opens_what_it_sealed_and_seals_nothing_new() -> None:
    old, new = keyring("pass", ("old",)), keyring("pass", ("new", "old"))
    one = Pass(1, b"12345678", 0, datetime(2026, 11, 22, tzinfo=UTC), ())
    sealed_before, sealed_now = passes.sealed(one, old), passes.sealed(one, new)
    assert sealed_before is not None
    assert sealed_now is not None
    assert passes.opened(sealed_before, new) == one
    assert passes.opened(sealed_now, old) is None
    assert passes.opened(sealed_before, keyring("pass", ("new",))) is None


def test_what_is_sealed_for_another_purpose_is_no_pass() -> None:
    one = Pass(1, b"12345678", 0, datetime(2026, 11, 22, tzinfo=UTC), ())
    value = passes.sealed(one, keyring("meter", ("a secret of the test's own",)))
    assert value is not None
    assert passes.opened(value, KEYS) is None


def test_a_reader_with_more_grants_than_a_cookie_holds_has_no_pass() -> None:
    starts = datetime(2026, 1, 1, tzinfo=UTC)
    many = tuple(
        Grant(n, Scope(ScopeKind.ARCHIVE), starts, starts + timedelta(1), Evidence.PAYMENT) for n in range(17)
    )
    assert passes.sealed(Pass(1, b"12345678", 0, starts, many), KEYS) is None


def test_a_seal_needs_a_key() -> None:
    with pytest.raises(ValueError, match="secret"):
        keyring("pass", ("",))
