"""The rule, by table: one row a case, in a publisher's words."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import (
    Asked,
    Asker,
    Evidence,
    Fit,
    FreeWindow,
    Grant,
    Offer,
    Policy,
    Reason,
    Scope,
    ScopeKind,
    decide,
)

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FORTRESS = Asked(article=7, issue=70, title=1, cover_date=date(1999, 9, 1), policy=Policy.SUBSCRIBERS)
ARCHIVE = Scope(ScopeKind.ARCHIVE)


def a_grant(
    scope: Scope = ARCHIVE, starts: datetime = NOW - DAY, until: datetime | None = NOW + DAY, **fields: object
) -> Grant:
    plain = Grant(1, scope, starts, until, Evidence.PAYMENT, "Online access")
    return replace(plain, **fields)  # type: ignore[arg-type]


def reader(*grants: Grant, **fields: bool) -> Asker:
    return Asker(5, grants, **fields)


NOBODY = Asker()


@dataclass(frozen=True)
class Case:
    says: str
    asked: Asked
    asker: Asker
    allowed: bool
    reason: Reason
    first_offer: Offer | None = None


def with_policy(policy: Policy | None) -> Asked:
    return replace(FORTRESS, policy=policy)


def free(starts: datetime, until: datetime) -> Asked:
    return replace(FORTRESS, windows=(FreeWindow(starts, until, "this week's long read"),))


CASES = [
    Case("open: nobody reads", with_policy(Policy.OPEN), NOBODY, True, Reason.OPEN),
    Case(
        "open: a lapsed reader reads", with_policy(Policy.OPEN), reader(a_grant(until=NOW)), True, Reason.OPEN
    ),
    Case(
        "sign-in: nobody is asked to sign up",
        with_policy(Policy.SIGN_IN),
        NOBODY,
        False,
        Reason.NO_ACCOUNT,
        Offer.SIGN_UP,
    ),
    Case("sign-in: any reader reads", with_policy(Policy.SIGN_IN), reader(), True, Reason.SIGNED_IN),
    Case(
        "metered: who is not counted is shut out",
        with_policy(Policy.METERED),
        reader(),
        False,
        Reason.NOT_COUNTED,
        Offer.BUY_ONLINE,
    ),
    Case("metered: a subscriber reads", with_policy(Policy.METERED), reader(a_grant()), True, Reason.GRANT),
    Case(
        "subscribers: nobody is offered to buy", FORTRESS, NOBODY, False, Reason.NO_ACCOUNT, Offer.BUY_ONLINE
    ),
    Case(
        "subscribers: a reader without a grant", FORTRESS, reader(), False, Reason.NO_GRANT, Offer.BUY_ONLINE
    ),
    Case("subscribers: a grant opens", FORTRESS, reader(a_grant()), True, Reason.GRANT),
    Case("a grant without end opens", FORTRESS, reader(a_grant(until=None)), True, Reason.GRANT),
    Case("a grant opens at its first instant", FORTRESS, reader(a_grant(starts=NOW)), True, Reason.GRANT),
    Case(
        "a grant is shut at its end", FORTRESS, reader(a_grant(until=NOW)), False, Reason.LAPSED, Offer.RENEW
    ),
    Case(
        "a grant that has not begun",
        FORTRESS,
        reader(a_grant(starts=NOW + DAY, until=NOW + 2 * DAY)),
        False,
        Reason.NOT_BEGUN,
        Offer.HELP,
    ),
    Case(
        "a revoked grant", FORTRESS, reader(a_grant(revoked_at=NOW)), False, Reason.REVOKED, Offer.BUY_ONLINE
    ),
    Case(
        "a grant to be revoked tomorrow opens today",
        FORTRESS,
        reader(a_grant(revoked_at=NOW + DAY)),
        True,
        Reason.GRANT,
    ),
    Case(
        "a grant without evidence opens nothing",
        FORTRESS,
        reader(a_grant(evidence=None)),
        False,
        Reason.NO_GRANT,
    ),
    Case("an unknown policy denies", with_policy(None), reader(), False, Reason.UNKNOWN_POLICY, Offer.HELP),
    Case(
        "an unknown policy denies nobody too",
        with_policy(None),
        NOBODY,
        False,
        Reason.UNKNOWN_POLICY,
        Offer.HELP,
    ),
    Case(
        "this week's long read is open to nobody", free(NOW - DAY, NOW + DAY), NOBODY, True, Reason.FREE_NOW
    ),
    Case("the week begins at its first instant", free(NOW, NOW + DAY), NOBODY, True, Reason.FREE_NOW),
    Case("not an hour longer", free(NOW - DAY, NOW), NOBODY, False, Reason.NO_ACCOUNT),
    Case("next week's is shut", free(NOW + DAY, NOW + 2 * DAY), NOBODY, False, Reason.NO_ACCOUNT),
    Case("a claim that waits", FORTRESS, reader(claim_pending=True), False, Reason.CLAIM_PENDING, Offer.HELP),
    Case(
        "a print-only subscriber is offered the claim",
        FORTRESS,
        reader(print_unclaimed=True),
        False,
        Reason.PRINT_UNCLAIMED,
        Offer.CLAIM,
    ),
]

SCOPES = [
    ("this title", Scope(ScopeKind.TITLE, title=1), Fit.FITS),
    ("another title", Scope(ScopeKind.TITLE, title=2), Fit.OTHER_TITLE),
    ("a title scope that names none", Scope(ScopeKind.TITLE), Fit.MALFORMED),
    ("this issue", Scope(ScopeKind.ISSUE, issue=70), Fit.FITS),
    ("another issue", Scope(ScopeKind.ISSUE, issue=71), Fit.OTHER_ISSUE),
    ("this article", Scope(ScopeKind.ARTICLE, article=7), Fit.FITS),
    ("another article", Scope(ScopeKind.ARTICLE, article=8), Fit.OTHER_ARTICLE),
    ("from 1980 on", Scope(ScopeKind.SPAN, first_date=date(1980, 1, 1)), Fit.FITS),
    ("from exactly this cover date", Scope(ScopeKind.SPAN, first_date=date(1999, 9, 1)), Fit.FITS),
    ("to exactly this cover date", Scope(ScopeKind.SPAN, last_date=date(1999, 9, 1)), Fit.FITS),
    ("to the day before", Scope(ScopeKind.SPAN, last_date=date(1999, 8, 31)), Fit.OTHER_DATES),
    ("from the day after", Scope(ScopeKind.SPAN, first_date=date(1999, 9, 2)), Fit.OTHER_DATES),
    (
        "the dates of another title",
        Scope(ScopeKind.SPAN, title=2, first_date=date(1980, 1, 1)),
        Fit.OTHER_TITLE,
    ),
    ("a span without dates", Scope(ScopeKind.SPAN), Fit.MALFORMED),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_rule(case: Case) -> None:
    decision = decide(case.asked, case.asker, NOW)
    assert (decision.allowed, decision.reason) == (case.allowed, case.reason)
    if case.first_offer:
        assert decision.offers[0] is case.first_offer


@pytest.mark.parametrize(("says", "scope", "expected"), SCOPES, ids=[row[0] for row in SCOPES])
def test_a_scope(says: str, scope: Scope, expected: Fit) -> None:
    decision = decide(FORTRESS, reader(a_grant(scope)), NOW)
    assert decision.considered[0].fit is expected
    assert decision.allowed is (expected is Fit.FITS)


def test_a_signed_in_reader_is_never_told_to_sign_in() -> None:
    for case in CASES:
        if case.asker.reader is not None:
            assert not {Offer.SIGN_IN, Offer.SIGN_UP} & set(decide(case.asked, case.asker, NOW).offers)


def test_every_denial_offers_help() -> None:
    denials = [decision for case in CASES if not (decision := decide(case.asked, case.asker, NOW)).allowed]
    assert denials
    assert all(Offer.HELP in decision.offers for decision in denials)


def test_the_decision_names_the_grant_that_lasts_longest() -> None:
    short, endless = a_grant(id=1), a_grant(id=2, until=None)
    assert decide(FORTRESS, reader(short, endless), NOW).via == endless


def test_a_lapsed_reader_is_told_the_last_day_of_the_latest_grant() -> None:
    earlier, later = (
        a_grant(until=NOW - 2 * DAY, starts=NOW - 9 * DAY),
        a_grant(until=NOW - DAY, starts=NOW - 9 * DAY),
    )
    assert decide(FORTRESS, reader(earlier, later), NOW).ended == NOW - DAY


def test_a_grant_for_other_issues_is_not_called_lapsed() -> None:
    elsewhere = a_grant(Scope(ScopeKind.ISSUE, issue=71), until=NOW - DAY, starts=NOW - 2 * DAY)
    assert decide(FORTRESS, reader(elsewhere), NOW).reason is Reason.OTHER_ISSUES


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide(FORTRESS, NOBODY, datetime(2026, 11, 18, 12))  # noqa: DTZ001


PLAIN_YEARS = (datetime(2020, 1, 1), datetime(2032, 1, 1))  # noqa: DTZ001  # hypothesis adds the zone
instants = st.datetimes(*PLAIN_YEARS, timezones=st.just(UTC))
scopes = st.builds(
    Scope,
    st.sampled_from([kind for kind in ScopeKind if kind is not ScopeKind.RECENT]),
    title=st.sampled_from([None, 1, 2]),
    issue=st.sampled_from([None, 70, 71]),
    article=st.sampled_from([None, 7, 8]),
    first_date=st.none() | st.dates(date(1990, 1, 1), date(2010, 1, 1)),
    last_date=st.none() | st.dates(date(1990, 1, 1), date(2010, 1, 1)),
)
grants = st.builds(
    Grant,
    st.integers(1, 9),
    scopes,
    starts=instants,
    until=st.none() | instants,
    evidence=st.none() | st.sampled_from(Evidence),
    revoked_at=st.none() | instants,
)


def plainly_opens(grant: Grant, now: datetime) -> bool:
    """The same words read naively, for the rule to be held against."""
    scope = grant.scope
    reach = {
        "archive": True,
        "title": scope.title == 1,
        "issue": scope.issue == 70,
        "article": scope.article == 7,
        "span": (scope.first_date or scope.last_date) is not None
        and scope.title in (None, 1)
        and (scope.first_date or date.min) <= FORTRESS.cover_date <= (scope.last_date or date.max),
    }[scope.kind.value]
    in_time = grant.starts <= now and (grant.until is None or now < grant.until)
    kept = grant.revoked_at is None or now < grant.revoked_at
    return bool(reach and in_time and kept and grant.evidence)


@given(st.lists(grants, max_size=4), instants)
def test_subscribers_read_exactly_while_some_grant_opens(held: list[Grant], now: datetime) -> None:
    decision = decide(FORTRESS, reader(*held), now)
    assert decision.allowed is any(plainly_opens(grant, now) for grant in held)
    assert (decision.via is not None) is decision.allowed
    assert len(decision.considered) == len(held)
