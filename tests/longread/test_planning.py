"""An editor plans: weeks by the magazine's own clock, what would do for one, the mail as it will look, a test, a moment."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.access import Asker, Reason
from backnumber.archive.models import Anniversary, Article
from backnumber.gate.facts import decision_for
from backnumber.longread import desk, editions, planning, rules, service, tasks
from backnumber.longread.composing import CLIPPED_AT, letter_for
from backnumber.longread.models import Edition, LongRead, Recipient, Send
from backnumber.readers.models import Reader
from tests import making
from tests.sink import Sink

NOW = making.NOON
MONDAY = date(2026, 11, 16)
LONDON = ZoneInfo("Europe/London")
THURSDAY_AT_SIX = rules.Rhythm(3, time(6))
pytestmark = pytest.mark.django_db


@pytest.fixture
def long_read(gated: Article) -> LongRead:
    return service.pick(gated, MONDAY, "The editor says hello.")


@pytest.fixture
def desk_client(staff: Reader, client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(desk.timezone, "now", lambda: NOW)
    client.force_login(staff)
    return client


@pytest.mark.parametrize(
    ("week", "length"),
    [
        (date(2026, 3, 26), timedelta(days=7, hours=-1)),
        (date(2026, 6, 4), timedelta(days=7)),
        (date(2026, 10, 22), timedelta(days=7, hours=1)),
    ],
)
def test_a_week_begins_on_the_magazines_day_and_hour_across_the_clock_changes(
    week: date, length: timedelta
) -> None:
    starts, until = rules.window(week, LONDON, THURSDAY_AT_SIX)
    assert (starts.astimezone(LONDON).hour, until.astimezone(LONDON).hour) == (6, 6)
    assert until - starts == length


def test_the_article_is_free_to_the_second_of_the_magazines_week(gated: Article, settings: Settings) -> None:
    settings.WEEKLY_BEGINS = (3, time(6))
    service.pick(gated, date(2026, 11, 19))
    starts, second = datetime(2026, 11, 19, 6, tzinfo=LONDON), timedelta(seconds=1)
    reasons = [
        decision_for(gated, Asker(), at).reason
        for at in (starts - second, starts, starts + timedelta(days=7) - second, starts + timedelta(days=7))
    ]
    assert reasons == [Reason.NO_ACCOUNT, Reason.FREE_NOW, Reason.FREE_NOW, Reason.NO_ACCOUNT]
    with pytest.raises(ValidationError, match="Choose a Thursday"):
        service.pick(making.article("Another"), MONDAY)


def test_a_week_picked_before_the_rhythm_changed_keeps_its_own(
    long_read: LongRead, settings: Settings
) -> None:
    before = long_read.window.starts, long_read.window.until
    settings.WEEKLY_BEGINS = (3, time(6))
    again = service.pick(long_read.article, MONDAY, "Edited.")
    again.window.refresh_from_db()
    assert (again.window.starts, again.window.until) == before


def test_the_calendar_has_half_a_year_from_the_week_that_is_now(long_read: LongRead) -> None:
    weeks = planning.weeks_from(NOW)
    assert (len(weeks), weeks[0].begins_on, weeks[0].pick) == (planning.WEEKS, MONDAY, long_read)
    assert all(week.pick is None for week in weeks[1:])


def test_before_the_hour_at_which_it_begins_the_week_before_is_still_now(settings: Settings) -> None:
    settings.WEEKLY_BEGINS = (3, time(6))
    early = datetime(2026, 11, 19, 5, 59, tzinfo=LONDON)
    assert planning.weeks_from(early)[0].begins_on == date(2026, 11, 12)
    assert planning.weeks_from(early + timedelta(minutes=1))[0].begins_on == date(2026, 11, 19)


def test_suggested_is_what_has_an_anniversary_or_a_round_number_of_years_and_was_not_sent_lately(
    long_read: LongRead,
) -> None:
    fifty_years = making.issue(date(1976, 11, 1))
    remembered, round_years = making.article("Remembered"), making.article("Printed in 1976", of=fifty_years)
    Anniversary.objects.create(article=remembered, month=11, day=25, why="the anniversary of the fire")
    Anniversary.objects.create(article=long_read.article, month=11, day=24, why="sent this very month")
    hidden = making.article("A draft", live=False)
    Anniversary.objects.create(article=hidden, month=11, day=24, why="not published")
    found = {one.article: one.why for one in planning.suggestions(date(2026, 11, 23), NOW)}
    assert set(found) == {remembered, round_years}
    assert "anniversary" in found[remembered]
    assert {one.article for one in planning.suggestions(date(2026, 12, 7), NOW)} == set(), "the control"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("links", "no address here", "words first"),
        ("links", "words javascript:alert(1)", "words first"),
        ("sends_at", datetime(2026, 11, 15, 23, 59, tzinfo=UTC), "within its week"),
        ("sends_at", datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "within its week"),
        ("sponsor_address", "https://sponsor.example", "who the sponsor is"),
    ],
)
def test_what_cannot_be_planned_is_told(long_read: LongRead, field: str, value: object, says: str) -> None:
    setattr(long_read, field, value)
    with pytest.raises(ValidationError, match=says):
        long_read.full_clean(exclude=["window"])


def test_links_and_the_sponsor_stand_in_both_parts_of_the_mail(long_read: LongRead) -> None:
    long_read.links = "The whole issue /archive/\nA map https://maps.example/one"
    long_read.sponsor, long_read.sponsor_address = "Buy <globes>.", "https://globes.example"
    letter = letter_for(long_read, NOW)
    for part in (letter.html, letter.text):
        assert "http://localhost:8000/archive/" in part
        assert "https://maps.example/one" in part
        assert "https://globes.example" in part
        assert "Advertisement" in part
    assert "Buy &lt;globes&gt;." in letter.html


def test_a_mail_is_never_so_long_that_gmail_hides_its_end(long_read: LongRead) -> None:
    body = making.to_stream(making.paragraphs(*(f"w{n}" for n in range(400)), length=80), "Long")
    Article.objects.filter(pk=long_read.article_id).update(body=body)
    letter = letter_for(long_read, NOW)
    assert 80_000 < len(letter.html.encode()) < CLIPPED_AT
    assert "The rest is on the site" in letter.html
    assert "[[way-out]]" in letter.html
    assert "w399" in letter.text, "the text is whole"


def test_a_planned_moment_sends_it_once_and_not_before(long_read: LongRead, sink: Sink) -> None:
    Recipient.objects.create(email="ann@example.org", asked_at=NOW, confirmed_at=NOW)
    LongRead.objects.update(sends_at=NOW)
    assert editions.begin_scheduled(NOW - timedelta(seconds=1)) == []
    assert [one.state for one in editions.begin_scheduled(NOW)] == ["sending"]
    assert editions.begin_scheduled(NOW) == []
    assert Send.objects.count() == 1


def test_a_planned_mail_that_cannot_go_says_why_and_goes_once_it_can(long_read: LongRead) -> None:
    LongRead.objects.update(sends_at=NOW)
    Article.objects.update(live=False)
    assert editions.begin_scheduled(NOW) == []
    assert "not published" in LongRead.objects.get().trouble
    Article.objects.update(live=True)
    assert len(editions.begin_scheduled(NOW + timedelta(hours=1))) == 1
    assert LongRead.objects.get().trouble == ""


def test_the_weeks_page_shows_the_mail_and_its_frame_runs_nothing(
    long_read: LongRead, desk_client: Client
) -> None:
    page = desk_client.get(f"/admin/long-read/{long_read.pk}/").content.decode()
    assert "The Fortress: this week’s long read" in page
    assert "Send it now" in page
    frame = desk_client.get(f"/admin/long-read/{long_read.pk}/mail/?dark=1")
    assert "@media all" in frame.content.decode()
    assert "lastcanary1" in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]
    assert "script" not in frame["Content-Security-Policy"]


def test_a_week_to_come_is_shown_as_it_will_be_and_cannot_be_sent(
    gated: Article, desk_client: Client
) -> None:
    later = service.pick(gated, MONDAY + timedelta(days=14))
    address = f"/admin/long-read/{later.pk}/"
    assert "lastcanary1" in desk_client.get(address).content.decode()
    desk_client.post(f"{address}act/", {"what": "start"})
    assert not Edition.objects.exists()


def test_a_test_goes_to_whoever_asks_alone(long_read: LongRead, desk_client: Client) -> None:
    Recipient.objects.create(email="ann@example.org", asked_at=NOW, confirmed_at=NOW)
    desk_client.post(f"/admin/long-read/{long_read.pk}/act/", {"what": "test"})
    assert [m.to for m in mail.outbox] == [["sue@example.org"]]
    assert mail.outbox[0].subject.startswith("[Test] ")
    assert not Edition.objects.exists()


def test_started_paused_resumed_and_stopped_by_buttons(
    long_read: LongRead, desk_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(tasks, "begin", begun.append)
    Recipient.objects.create(email="ann@example.org", asked_at=NOW, confirmed_at=NOW)
    address = f"/admin/long-read/{long_read.pk}/"
    for what, state in (
        ("start", "sending"),
        ("pause", "paused"),
        ("resume", "sending"),
        ("stop", "finished"),
    ):
        desk_client.post(f"{address}act/", {"what": what})
        assert Edition.objects.get().state == state
        page = desk_client.get(address)
        assert ("Refresh" in page) == (state == "sending")
    assert len(begun) == 2
    assert (
        "somebody was before you"
        in desk_client.post(f"{address}act/", {"what": "pause"}, follow=True).content.decode()
    )
    assert Send.objects.get().state == "excluded"


def test_the_calendar_leads_to_a_form_that_begins_with_week_and_article(
    long_read: LongRead, desk_client: Client
) -> None:
    page = desk_client.get("/admin/long-read/?week=2026-11-23").content.decode()
    assert f"/admin/long-read/{long_read.pk}/" in page
    assert "?week=2026-11-30" in page
    form = desk_client.get(
        f"/admin/snippets/longread/longread/add/?week=2026-11-23&article={long_read.article_id}"
    ).content.decode()
    assert "2026-11-23" in form
    assert "The Fortress" in form
    for nonsense in ("?week=2026-13-99", "?week=x&article=x"):
        assert desk_client.get(f"/admin/long-read/{nonsense}").status_code == 200
        assert desk_client.get(f"/admin/snippets/longread/longread/add/{nonsense}").status_code == 200
