"""The front page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backnumber.archive.models import FreeWindow
from backnumber.website.home import front_page
from tests import making

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_an_empty_archive_has_a_front_page() -> None:
    assert Client().get("/").status_code == 200


def test_this_weeks_long_read_leads_and_last_weeks_does_not() -> None:
    of = making.issue(date(1999, 9, 1))
    last, this = making.article("Last Week", of=of), making.article("This Week", of=of)
    FreeWindow.objects.create(
        article=last, starts=NOON - timedelta(days=9), until=NOON - timedelta(days=2), why="w"
    )
    FreeWindow.objects.create(
        article=this, starts=NOON - timedelta(days=2), until=NOON + timedelta(days=5), why="w"
    )
    lead = front_page(NOON).lead
    assert lead is not None
    assert lead.article == this


def test_a_week_without_a_long_read_is_led_by_the_current_issue() -> None:
    first = making.article("First Piece", of=making.issue(date(2026, 11, 1)))
    lead = front_page(NOON).lead
    assert lead is not None
    assert (lead.article, lead.why) == (first, "")


def test_the_front_page_shows_open_text_only() -> None:
    making.article("Gated", of=making.issue(date(2026, 11, 1)))
    page = Client().get("/").content.decode()
    assert "opencanary1 " in page
    assert not [
        word for word in ("Gatedheadcanary", "firstcanary", "middlecanary", "lastcanary") if word in page
    ]


def test_the_piece_for_today_is_of_this_month_long_ago_and_the_same_all_day() -> None:
    making.article("Current", of=making.issue(date(2026, 11, 1)))
    making.article("Ten Years Ago in May", of=making.issue(date(2016, 5, 1)))
    making.article("Long Ago in November", of=making.issue(date(1951, 11, 1)))
    for hour in (0, 9, 23):
        found = front_page(NOON.replace(hour=hour)).from_the_archive
        assert found is not None
        assert found.article.headline == "Long Ago in November"
        assert found.when == "75 years ago this month"


def test_without_an_issue_of_this_month_another_old_one_serves() -> None:
    making.article("Current", of=making.issue(date(2026, 11, 1)))
    making.article("Old in May", of=making.issue(date(1974, 5, 1)))
    found = front_page(NOON).from_the_archive
    assert found is not None
    assert (found.article.headline, found.when) == ("Old in May", "52 years ago")


def test_drafts_are_nowhere_on_it() -> None:
    of = making.issue(date(2026, 11, 1))
    making.article("Printed", of=of)
    making.article("Draftcanary", of=of, live=False)
    making.article("Withdrawncanary", of=making.issue(date(1951, 11, 1), live=False))
    page = Client().get("/").content.decode()
    assert "Printed" in page
    assert "canary2026" not in page
    assert "Draftcanary" not in page
    assert "Withdrawncanary" not in page


def test_the_decades_are_counted() -> None:
    for year in (1951, 1958, 1963):
        making.issue(date(year, 3, 1))
    assert [(d.decade, d.years, d.issues) for d in front_page(NOON).decades] == [
        (1950, "1951–58", 2),
        (1960, "1963", 1),
    ]


def test_the_number_of_queries_is_small_and_does_not_grow() -> None:
    first = making.article("First", of=making.issue(date(2026, 11, 1)))
    now = timezone.now()
    FreeWindow.objects.create(
        article=first, starts=now - timedelta(days=1), until=now + timedelta(days=1), why="w"
    )
    making.article("Old", of=making.issue(date(1951, 11, 1)))
    few = queries()
    for year in range(1952, 1990):
        of = making.issue(date(year, 11, 1))
        making.article(of=of)
        making.article(of=of)
    assert queries() <= few <= 12


def queries() -> int:
    with CaptureQueriesContext(connection) as counted:
        assert Client().get("/").status_code == 200
    return len(counted)
