"""The page "Who may read this": what is set and where, every kind of reader now and on a day, and the page as one sees it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backnumber.access import decide
from backnumber.archive.models import Anniversary, Article, FreeWindow
from backnumber.archive.queries import asked
from backnumber.editorial.answers import rows
from backnumber.editorial.kinds import kinds
from backnumber.readers.models import Reader
from tests import making
from tests.editorial.conftest import ARTICLES, signed_in

KEYS = ["nobody", "spent", "account", "subscriber", "kept", "elsewhere", "library", "gift"]


@pytest.fixture(autouse=True)
def metered(settings: pytest.FixtureRequest) -> None:
    settings.METER_NOBODY, settings.METER_READERS = 3, 5  # type: ignore[attr-defined]


def address(article: Article, kind: str = "", on: str | None = None) -> str:
    where = (
        reverse("who_may_read_as", args=[article.pk, kind])
        if kind
        else reverse("who_may_read", args=[article.pk])
    )
    return where if on is None else f"{where}?on={on}"


def who_reads(article: Article, at: datetime | None = None) -> set[str]:
    return {row.kind.key for row in rows(article, at or timezone.now(), None) if row.now.decision.allowed}


RIGHTS = {"subscriber", "kept", "library", "gift"}


@pytest.mark.parametrize(
    ("policy", "readers"),
    [
        ("subscribers", RIGHTS),
        ("sign-in", RIGHTS | {"account", "elsewhere"}),
        ("metered", RIGHTS | {"nobody", "account", "elsewhere"}),
        ("open", set(KEYS)),
        ("free-for-all", {"subscriber", "kept", "library"}),
    ],
)
def test_every_policy_for_every_kind_of_reader(gated: Article, policy: str, readers: set[str]) -> None:
    gated.policy = policy
    assert who_reads(gated) == readers


def test_before_an_issue_is_on_sale_no_kind_reads(gated: Article) -> None:
    gated.issue.on_sale = timezone.now() + timedelta(days=1)
    assert who_reads(gated) == set()
    assert who_reads(gated, gated.issue.on_sale) == RIGHTS


def test_a_meter_that_is_switched_off_opens_nothing(gated: Article, settings: pytest.FixtureRequest) -> None:
    settings.METER_NOBODY = 0  # type: ignore[attr-defined]
    gated.policy = "metered"
    assert who_reads(gated) == RIGHTS | {"account", "elsewhere"}


def test_the_answers_are_the_rules_own(gated: Article) -> None:
    now = timezone.now()
    one = asked([gated], now)[gated.pk]
    assert [kind.key for kind in kinds(one, now)] == KEYS
    for row in rows(gated, now, None):
        assert row.now.decision == decide(one, row.kind.asker, now)


def test_the_page_says_what_is_set_and_where_each_thing_comes_from(editor: Client, gated: Article) -> None:
    issue, title, now = gated.issue, gated.issue.title, timezone.now()
    issue.on_sale, issue.paid_after_weeks = datetime(1999, 8, 20, 8, tzinfo=UTC), 0
    issue.save()
    title.free_after_years = 70
    title.save()
    FreeWindow.objects.create(
        article=gated, starts=now, until=now + timedelta(days=3), why="this week’s long read"
    )
    Anniversary.objects.create(article=gated, month=2, day=29, why="the leap day")
    page = editor.get(address(gated)).content.decode()
    for words in (
        "subscribers: a right to the archive is needed",
        "set on its title, The Hourglass",
        "70 years: anyone may read from 1 September 2069 on",
        "no such wall",
        "set on its issue, The Hourglass, September 1999",
        "on sale from 20 August 1999, 09:00",
        "this week’s long read: from",
        "the leap day: every 29 February",
        "set on the article itself",
        f"/admin/snippets/archive/issue/edit/{issue.pk}/",
    ):
        assert words in page, words


def test_a_chosen_day_is_shown_beside_now(editor: Client, gated: Article) -> None:
    gated.free_after_years = 50
    gated.save()
    page = editor.get(address(gated, on="2049-08-31"))
    assert [row.then.decision.allowed for row in page.context["rows"]][:2] == [False, False]
    page = editor.get(address(gated, on="2049-09-01"))
    assert all(row.then.decision.allowed for row in page.context["rows"])
    assert not page.context["rows"][0].now.decision.allowed
    text = page.content.decode()
    assert "On 1 September 2049, 12:00" in text
    assert "?on=2049-09-01" in text


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ("2049-02-30", "This is no day."),
        ("soon", "This is no day."),
        ("<script>", "This is no day."),
        ("0001-01-01", "Choose a day from 1900 on."),
        ("9999-12-31", "Choose a day before 2200."),
    ],
)
def test_a_bad_day_gets_a_message_beside_its_field(
    editor: Client, gated: Article, on: str, message: str
) -> None:
    page = editor.get(reverse("who_may_read", args=[gated.pk]), {"on": on})
    assert page.status_code == 200
    assert message in str(page.context["form"].errors["on"])
    assert message in page.content.decode()
    assert (
        "<script>" not in page.content.decode().partition("<h2>Who reads it</h2>")[2].partition("</form>")[0]
    )
    assert page.context["then"] is None
    assert editor.get(reverse("who_may_read_as", args=[gated.pk, "nobody"]), {"on": on}).status_code == 404


def test_no_day_is_no_mistake(editor: Client, gated: Article) -> None:
    page = editor.get(address(gated, on=""))
    assert page.context["form"].errors == {}
    assert page.context["then"] is None


@pytest.mark.parametrize("kind", KEYS)
def test_the_page_as_a_kind_sees_it_is_what_the_table_says(editor: Client, gated: Article, kind: str) -> None:
    page = editor.get(address(gated, kind)).content.decode()
    assert "opencanary1" in page
    assert ("lastcanary1" in page) is (kind in RIGHTS)
    assert ('id="gate"' in page) is (kind not in RIGHTS)


def test_the_page_as_a_kind_sees_it_on_a_day(editor: Client, gated: Article) -> None:
    gated.free_after_years = 50
    gated.save()
    assert "lastcanary1" not in editor.get(address(gated, "nobody", "2049-08-31")).content.decode()
    assert "lastcanary1" in editor.get(address(gated, "nobody", "2049-09-01")).content.decode()


@pytest.mark.parametrize("kind", ["everybody", "NOBODY", "editor"])
def test_a_kind_there_is_not_has_no_page(editor: Client, gated: Article, kind: str) -> None:
    assert editor.get(address(gated, kind)).status_code == 404


def test_an_article_that_is_not_published_is_told_of_with_a_warning(editor: Client, gated: Article) -> None:
    gated.live = False
    gated.save()
    assert "It is not published" in editor.get(address(gated)).content.decode()


def test_no_cache_keeps_either_page(editor: Client, gated: Article) -> None:
    for where in (address(gated), address(gated, "subscriber")):
        kept = editor.get(where)["Cache-Control"]
        assert "no-store" in kept
        assert "private" in kept


@pytest.fixture
def low_editor(db: None) -> Client:
    """May enter the admin, and see and edit nothing of the archive's articles."""
    reader = making.reader("lou", is_staff=True)
    for name in ("access_admin", "change_section", "view_title"):
        reader.user_permissions.add(Permission.objects.get(codename=name))
    return signed_in(reader)


def test_nobody_but_editors_sees_either_page(
    gated: Article, low_editor: Client, help_desk: Client, ada: Reader
) -> None:
    for client in (Client(), signed_in(ada), low_editor, help_desk):
        for where in (
            address(gated),
            *(address(gated, kind) for kind in KEYS),
            "/admin/who-may-read/999999/",
        ):
            answer = client.get(where)
            assert answer.status_code in {302, 403}, where
            assert b"canary" not in answer.content
            assert gated.headline.encode() not in answer.content


def test_control_an_editor_sees_both(editor: Client, gated: Article) -> None:
    assert gated.headline in editor.get(address(gated)).content.decode()
    assert "lastcanary1" in editor.get(address(gated, "subscriber")).content.decode()
    assert editor.get("/admin/who-may-read/999999/").status_code == 404


def test_it_takes_no_post(editor: Client, gated: Article) -> None:
    assert editor.post(address(gated)).status_code == 405


def test_the_list_and_the_edit_page_lead_to_it(editor: Client, gated: Article) -> None:
    for where in (f"{ARTICLES}/", f"{ARTICLES}/edit/{gated.pk}/"):
        assert address(gated) in editor.get(where).content.decode()
