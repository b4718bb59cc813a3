"""What counts at a moment, once for the rule, for rows and for words; and who may be sent another's answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backnumber import access
from backnumber.access import Decision, Evidence, Grant, Place, Reason, Scope, ScopeKind, State
from backnumber.grants.models import Grant as GrantRow
from backnumber.grants.queries import as_rule, counting
from backnumber.institutions.models import Institution, Licence
from tests import making

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MOMENTS = (None, NOW - timedelta(days=1), NOW - TICK, NOW, NOW + TICK, NOW + timedelta(days=1))
GRANT = Grant(1, Scope(ScopeKind.ARCHIVE), NOW - timedelta(days=2), None, Evidence.PAYMENT)
TERMS = [
    replace(GRANT, starts=starts, until=until, revoked_at=revoked)
    for starts in MOMENTS[1:]
    for until in MOMENTS
    for revoked in MOMENTS
    if starts and (until is None or starts < until)
]
ANY_ARTICLE = access.Asked(1, 1, 1, NOW.date(), access.Policy.SUBSCRIBERS)


@pytest.mark.parametrize(
    ("grant", "state"),
    [
        (GRANT, State.OPEN),
        (replace(GRANT, until=NOW + TICK), State.OPEN),
        (replace(GRANT, until=NOW), State.ENDED),
        (replace(GRANT, starts=NOW), State.OPEN),
        (replace(GRANT, starts=NOW + TICK), State.LATER),
        (replace(GRANT, revoked_at=NOW), State.REVOKED),
        (replace(GRANT, revoked_at=NOW + TICK), State.OPEN),
        (replace(GRANT, until=NOW - TICK, revoked_at=NOW - TICK), State.REVOKED),
        (replace(GRANT, starts=NOW + TICK, revoked_at=NOW), State.REVOKED),
    ],
)
def test_a_term_stands_in_one_of_four_ways(grant: Grant, state: State) -> None:
    assert access.state_of(grant, NOW) is state
    assert access.counts(grant, NOW) is (state is State.OPEN)


def test_what_counts_is_what_opens() -> None:
    """The rule itself, asked for an article that the scope holds, and the one word that everything else asks, agree."""
    assert {access.counts(term, NOW) for term in TERMS} == {True, False}
    for term in TERMS:
        opens = access.decide(ANY_ARTICLE, access.Asker(1, (term,)), NOW).allowed
        assert opens is access.counts(term, NOW), term


def test_a_condition_on_rows_counts_what_the_rule_counts(db: None) -> None:
    ada = making.reader("ada")
    rows = GrantRow.objects.bulk_create(
        GrantRow(
            reader=ada, scope=ScopeKind.ARCHIVE.value, starts=term.starts, until=term.until, revoked_at=term.revoked_at,
            evidence=Evidence.PAYMENT.value, evidence_key=f"term-{number}", label="Online access", granted_at=NOW,
        )
        for number, term in enumerate(TERMS)
    )  # fmt: skip
    counted = set(GrantRow.objects.filter(counting(NOW)).values_list("pk", flat=True))
    assert counted == {row.pk for row in rows if access.counts(as_rule(row), NOW)}
    assert counted


def test_a_condition_reaches_a_licence_of_an_institution(db: None) -> None:
    ashdown = Institution.objects.create(name="Ashdown", slug="ashdown")
    licence = Licence(
        institution=ashdown, label="Campus", starts=NOW - TICK, until=NOW + TICK, evidence_key="A"
    )
    licence.save()
    asked = Institution.objects.filter
    assert asked(counting(NOW, "licences__")).get() == ashdown
    assert not asked(counting(NOW + TICK, "licences__")).exists()
    Licence.objects.update(revoked_at=NOW)
    assert not asked(counting(NOW, "licences__")).exists()
    assert asked(counting(NOW - TICK, "licences__")).exists(), "a revocation that is still to come"


SHARED = {
    (True, Reason.OPEN), (True, Reason.FREE_NOW), (True, Reason.FREE_BY_AGE), (True, Reason.FREE_WHILE_NEW),
    (False, Reason.NO_ACCOUNT), (False, Reason.EMBARGOED), (False, Reason.UNKNOWN_POLICY),
}  # fmt: skip


@pytest.mark.parametrize("allowed", [True, False])
@pytest.mark.parametrize("reason", list(Reason))
def test_an_answer_is_shared_only_for_a_reason_that_is_everybodys(reason: Reason, allowed: bool) -> None:
    decision = Decision(allowed, reason)
    assert access.may_be_shared(decision) is ((allowed, reason) in SHARED)
    assert not access.may_be_shared(replace(decision, place=Place(1, "Ashdown")))


def test_a_reason_nobody_has_thought_of_yet_is_not_shared() -> None:
    assert not access.may_be_shared(Decision(True, "by-a-new-reason"))  # type: ignore[arg-type]
    assert not access.may_be_shared(Decision(False, "by-a-new-reason"))  # type: ignore[arg-type]
