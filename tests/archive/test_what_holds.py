"""What holds for an article: policy, walls, embargo and days of the year, and the level that sets each."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from backnumber.access import Anniversary as Day
from backnumber.access import Asker, Policy, Reason, Wall, decide
from backnumber.archive.models import Anniversary, Article, FreeWindow, Issue
from backnumber.archive.queries import asked, wall_of
from backnumber.archive.rules import LEVELS, policy_and_source, wall_and_source
from tests import making

NOON = making.NOON
numbers = st.none() | st.integers(0, 3)
walls = st.builds(Wall, numbers, numbers)


@given(st.lists(walls, min_size=4, max_size=4))
def test_each_number_comes_from_the_most_specific_level_that_sets_it(levels: list[Wall]) -> None:
    placed = wall_and_source(*levels)
    for name in ("paid_after_weeks", "free_after_years"):
        found = getattr(placed, name)
        set_by = [
            level for level, wall in zip(LEVELS, levels, strict=True) if getattr(wall, name) is not None
        ]
        assert found.source == (set_by[0] if set_by else "")
        assert found.number == (getattr(levels[LEVELS.index(set_by[0])], name) if set_by else None)


def test_nought_says_none_here_and_ends_the_search() -> None:
    placed = wall_and_source(Wall(), Wall(free_after_years=0), Wall(paid_after_weeks=4), Wall(6, 5))
    assert (placed.free_after_years.number, placed.free_after_years.source) == (0, "issue")
    assert (placed.paid_after_weeks.number, placed.paid_after_weeks.source) == (4, "section")


def test_an_unknown_policy_is_none_though_a_level_above_has_one() -> None:
    assert policy_and_source("", "free-for-all", "open", "open") == (None, "issue")


@pytest.mark.django_db
def test_the_rule_is_asked_with_the_walls_of_every_level(gated: Article) -> None:
    title = gated.issue.title
    title.free_after_years, title.paid_after_weeks = 50, 8
    gated.issue.free_after_years = 20
    gated.paid_after_weeks = 0
    one = asked([gated], NOON)[gated.pk]
    assert one.wall == Wall(paid_after_weeks=0, free_after_years=20)
    assert wall_of(gated).free_after_years.source == "issue"
    assert decide(one, Asker(), NOON).reason is Reason.FREE_BY_AGE
    gated.free_after_years = 0
    assert decide(asked([gated], NOON)[gated.pk], Asker(), NOON).reason is Reason.NO_ACCOUNT


@pytest.mark.django_db
def test_a_stored_policy_that_is_none_denies(gated: Article) -> None:
    Article.objects.filter(pk=gated.pk).update(policy="free-for-all")
    gated.refresh_from_db()
    decision = decide(asked([gated], NOON)[gated.pk], Asker(), NOON)
    assert (decision.allowed, decision.reason) == (False, Reason.UNKNOWN_POLICY)


@pytest.mark.django_db
def test_embargo_and_days_of_the_year_are_asked_in_the_publishers_zone(gated: Article) -> None:
    on_sale = datetime(2026, 12, 1, 9, tzinfo=UTC)
    gated.issue.on_sale = on_sale
    Anniversary.objects.create(article=gated, month=2, day=29, why="the leap day")
    Anniversary.objects.create(article=gated, month=1, day=5, why="the day of the siege")
    one = asked([gated], NOON)[gated.pk]
    assert one.on_sale == on_sale
    assert one.zone == ZoneInfo("Europe/London")
    assert one.anniversaries == (Day(1, 5, "the day of the siege"), Day(2, 29, "the leap day"))


@pytest.mark.django_db
def test_windows_and_days_of_many_articles_are_one_query_and_none_is_mixed_up(gated: Article) -> None:
    other = making.article("Another")
    window = FreeWindow.objects.create(
        article=other, starts=NOON, until=NOON + timedelta(days=1), why="a window"
    )
    FreeWindow.objects.create(article=gated, starts=NOON - timedelta(days=2), until=NOON, why="over")
    Anniversary.objects.create(article=gated, month=2, day=29, why="the leap day")
    articles = list(Article.objects.select_related("issue__title", "section"))
    with CaptureQueriesContext(connection) as made:
        found = asked(articles, NOON)
    assert len(made) == 1
    assert (found[gated.pk].windows, found[other.pk].anniversaries) == ((), ())
    assert [w.why for w in found[other.pk].windows] == [window.why]
    assert [a.why for a in found[gated.pk].anniversaries] == ["the leap day"]


@pytest.mark.django_db
def test_of_two_windows_the_one_that_lasts_longest_is_named(gated: Article) -> None:
    for days, why in ((1, "short"), (9, "long"), (3, "middling")):
        FreeWindow.objects.create(article=gated, starts=NOON, until=NOON + timedelta(days=days), why=why)
    decision = decide(asked([gated], NOON)[gated.pk], Asker(), NOON)
    assert decision.window is not None
    assert decision.window.why == "long"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "month", "is_a_day"),
    [(29, 2, True), (31, 2, False), (30, 2, False), (31, 4, False), (31, 12, True)],
)
def test_an_anniversary_is_a_day_that_some_year_has(
    gated: Article, day: int, month: int, is_a_day: bool
) -> None:
    row = Anniversary(article=gated, day=day, month=month, why="the day")
    if is_a_day:
        row.full_clean()
        row.save()
        return
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert list(refused.value.message_dict) == ["day"]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.django_db
def test_a_wall_below_nought_is_refused() -> None:
    issue = making.issue(date(1999, 9, 1))
    issue.free_after_years = -1
    with pytest.raises(ValidationError):
        issue.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(free_after_years=-1)


def test_every_policy_is_offered_to_editors() -> None:
    offered = {value for value, _ in Article._meta.get_field("policy").choices or ()}
    assert offered >= {policy.value for policy in Policy}
