"""The ledger's rows as the rule understands them; what makes no sense opens nothing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from backnumber import access
from backnumber.access import Asked, Asker, Evidence, Policy, Reason, Scope, ScopeKind, decide
from backnumber.grants import service
from backnumber.grants.models import Grant
from backnumber.grants.queries import as_rule, grants_of
from backnumber.readers.models import Reader
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db

ENDED = NOON - timedelta(days=1)
TERM = Scope(ScopeKind.SPAN, first_date=date(2025, 11, 18), last_date=date(2026, 11, 16))


def article_of(day: date) -> Asked:
    return Asked(article=1, issue=1, title=1, cover_date=day, policy=Policy.SUBSCRIBERS)


def decision(reader: Reader, day: date) -> access.Decision:
    return decide(article_of(day), Asker(reader.pk, grants_of(reader.pk)), NOON)


def kept(reader: Reader, span: Scope | None, *, key: str = "k") -> Grant:
    return service.grant(
        reader,
        Scope(ScopeKind.ARCHIVE),
        starts=NOON - timedelta(days=366),
        until=ENDED,
        evidence=Evidence.PAYMENT,
        evidence_key=key,
        label="Print & archive",
        now=NOON,
        kept=span,
    )[0]


def test_every_kind_of_scope_comes_back_as_it_was_given(dan: Reader) -> None:
    scopes = [
        Scope(ScopeKind.RECENT, years=2),
        Scope(ScopeKind.SPAN, first_date=date(1980, 1, 1)),
        Scope(ScopeKind.SPAN, title=making.title().pk, last_date=date(1980, 1, 1)),
    ]
    for scope in scopes:
        making.grant(dan, scope=scope)
    assert [grant.scope for grant in grants_of(dan.pk)] == scopes


def test_the_issues_of_the_term_stay_open_and_no_others(dan: Reader) -> None:
    assert as_rule(kept(dan, TERM)).kept == TERM
    assert decision(dan, date(2026, 10, 1)).reason is Reason.GRANT
    for day in (date(2025, 11, 17), date(2026, 11, 17), date(1951, 1, 1)):
        assert decision(dan, day).reason is Reason.LAPSED


def test_control_without_it_nothing_stays_open(dan: Reader) -> None:
    kept(dan, None)
    assert decision(dan, date(2026, 10, 1)).reason is Reason.LAPSED


def test_a_revoked_grant_keeps_nothing(dan: Reader) -> None:
    kept(dan, TERM)
    service.revoke(Evidence.PAYMENT, "k", because="refunded", now=NOON)
    assert decision(dan, date(2026, 10, 1)).reason is Reason.REVOKED


@pytest.mark.parametrize(
    "span",
    [
        Scope(ScopeKind.ARCHIVE),
        Scope(ScopeKind.RECENT, years=1),
        Scope(ScopeKind.SPAN, first_date=date(2026, 1, 1)),
        Scope(ScopeKind.SPAN, last_date=date(2026, 1, 1)),
    ],
)
def test_only_a_span_with_both_ends_is_kept(dan: Reader, span: Scope) -> None:
    with pytest.raises(ValueError, match="both ends"):
        kept(dan, span)


def test_what_never_ends_keeps_nothing(dan: Reader) -> None:
    with pytest.raises(ValueError, match="after an end"):
        service.grant(
            dan, Scope(ScopeKind.ARCHIVE), starts=NOON, until=None, evidence=Evidence.GIFT, evidence_key="g", label="", now=NOON,
            kept=TERM,
        )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"kept_last_date": None},
        {"kept_first_date": None},
        {"kept_first_date": date(2027, 1, 1)},
        {"until": None},
        {"scope": "recent", "years": None},
        {"scope": "recent", "years": 0},
    ],
)
def test_the_database_refuses_half_a_kept_span_and_years_that_are_none(
    dan: Reader, wrong: dict[str, object]
) -> None:
    made = kept(dan, TERM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=made.pk).update(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kept_last_date": None},
        {"kept_first_date": None},
        {"kept_first_date": date(2027, 1, 1)},
        {"scope": "everything", "kept_first_date": None, "kept_last_date": None},
        {"scope": "recent", "years": None, "kept_first_date": None, "kept_last_date": None},
        {"scope": "span", "kept_first_date": None, "kept_last_date": None},
        {"evidence": "hearsay"},
        {"evidence_key": ""},
    ],
)
def test_a_malformed_row_opens_nothing(dan: Reader, wrong: dict[str, object]) -> None:
    """As it would come from a database that somebody wrote to by hand."""
    row = kept(dan, TERM)
    if "until" not in wrong and wrong.keys() & {"scope"}:
        row.until = None
    for field, value in wrong.items():
        setattr(row, field, value)
    asked = article_of(date(2026, 10, 1))
    assert not decide(asked, Asker(dan.pk, (as_rule(row),)), NOON).allowed
