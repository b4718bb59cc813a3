"""An issue's desk: its order and pages, its preview, and publishing it as one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.archive.models import Article, Issue
from backnumber.editorial import tasks
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    made = making.issue(live=False)
    for n, name in enumerate(("Siege", "Fortress", "Moat"), 1):
        making.article(
            name, of=made, live=False, position=n, first_page=str(n * 10), last_page=str(n * 10 + 9)
        )
    return made


def order(issue: Issue) -> list[str]:
    return list(issue.articles.order_by("position").values_list("headline", flat=True))


def sent(client: Client, issue: Issue, **places: Any) -> dict[str, Any]:
    """The desk's form as the browser has it, with some places typed anew."""
    page = client.get(f"/admin/issue-desk/{issue.pk}/").context
    fields = {"seen": page["seen"]}
    for row in page["rows"]:
        form = row["form"]
        for name in ("place", "first_page", "last_page"):
            fields[form.add_prefix(name)] = form.initial[name]
        fields[form.add_prefix("place")] = places.get(row["piece"].headline, form.initial["place"])
    return fields


def arrange(client: Client, issue: Issue, fields: dict[str, Any]) -> Any:
    return client.post(f"/admin/issue-desk/{issue.pk}/", fields)


def test_typed_numbers_make_the_running_order(editor: Client, issue: Issue) -> None:
    assert arrange(editor, issue, sent(editor, issue, Moat=1)).status_code == 302
    assert order(issue) == ["Siege", "Moat", "Fortress"], "of two alike the one before stays first"
    assert list(issue.articles.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_publishing_a_draft_does_not_take_its_new_place_back(
    editor: Client, edith: Reader, issue: Issue
) -> None:
    piece = issue.articles.get(headline="Moat")
    piece.standfirst = "Deep."
    piece.save_revision(user=edith)
    fields = sent(editor, issue, Moat=1, Siege=2, Fortress=3)
    fields[f"piece-{piece.pk}-first_page"] = "31"
    arrange(editor, issue, fields)
    piece.refresh_from_db()
    piece.publish(piece.latest_revision)
    piece.refresh_from_db()
    assert (piece.position, piece.first_page, piece.standfirst) == (1, "31", "Deep.")


def test_a_line_with_a_fault_saves_nothing_and_loses_nothing(editor: Client, issue: Issue) -> None:
    piece = issue.articles.get(headline="Moat")
    answer = arrange(editor, issue, sent(editor, issue, Moat=1) | {f"piece-{piece.pk}-last_page": "4"})
    assert answer.status_code == 422
    assert "before it begins" in answer.content.decode()
    assert f'name="piece-{piece.pk}-last_page" value="4"' in answer.content.decode()
    assert order(issue) == ["Siege", "Fortress", "Moat"]


def test_an_order_that_somebody_changed_meanwhile_is_not_overwritten(editor: Client, issue: Issue) -> None:
    mine, theirs = sent(editor, issue, Moat=1), sent(editor, issue, Fortress=1, Siege=2)
    arrange(editor, issue, theirs)
    answer = editor.post(f"/admin/issue-desk/{issue.pk}/", mine, follow=True)
    assert "Somebody else changed this issue" in answer.content.decode()
    assert order(issue) == ["Fortress", "Siege", "Moat"]


def test_the_desk_shows_states_and_remarks_on_pages(editor: Client, issue: Issue) -> None:
    Article.objects.filter(headline="Moat").update(first_page="28")
    Issue.objects.filter(pk=issue.pk).update(first_page="1", last_page="48")
    text = editor.get(f"/admin/issue-desk/{issue.pk}/").content.decode()
    for part in (
        "Pages 28–29: in “Fortress” and in “Moat”",
        "Pages 1–9: no piece",
        "Pages 40–48: no piece",
        "draft",
    ):
        assert part in text


def test_the_preview_has_drafts_as_readers_will_see_them_and_no_withdrawn_piece(
    editor: Client, edith: Reader, issue: Issue
) -> None:
    piece = issue.articles.get(headline="Moat")
    piece.headline = "The Moat Revisited"
    piece.save_revision(user=edith)
    Article.objects.filter(headline="Siege").update(first_published_at=making.NOON)
    text = editor.get(f"/admin/issue-desk/{issue.pk}/preview/").content.decode()
    assert "The Moat Revisited" in text
    assert "Siege" not in text
    assert "firstcanary" not in text


def publish(client: Client, issue: Issue, how: str, at: Any = "") -> Any:
    text = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M") if at else ""
    return client.post(f"/admin/issue-desk/{issue.pk}/publish/", {"how": how, "at": text})


def test_an_issue_is_published_with_all_its_pieces(editor: Client, issue: Issue) -> None:
    assert publish(editor, issue, "now").status_code == 302
    issue.refresh_from_db()
    assert issue.live
    assert issue.articles.filter(live=True).count() == 3
    assert Client().get(issue.get_absolute_url()).status_code == 200


def test_one_piece_in_the_way_holds_back_the_whole_issue_and_everything_in_the_way_is_listed(
    editor: Client, hugo: Reader, issue: Issue
) -> None:
    locked, empty = issue.articles.get(headline="Moat"), issue.articles.get(headline="Siege")
    Article.objects.filter(pk=locked.pk).update(locked=True, locked_by=hugo)
    Article.objects.filter(pk=empty.pk).update(body=[])
    answer = publish(editor, issue, "now")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "It is locked by" in text
    assert "It has no text." in text
    assert "2 things in the way" in text
    issue.refresh_from_db()
    assert not issue.live
    assert not issue.articles.filter(live=True).exists()


def test_a_scheduled_issue_appears_whole_at_its_time(editor: Client, issue: Issue) -> None:
    publish(editor, issue, "at", timezone.now() + timedelta(days=2))
    path, piece = issue.get_absolute_url(), issue.articles.get(headline="Moat").get_absolute_url()
    assert (Client().get(path).status_code, Client().get(piece).status_code) == (404, 404)
    issue.refresh_from_db()
    issue.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    Issue.objects.filter(pk=issue.pk).update(go_live_at=timezone.now() - timedelta(minutes=1))
    revision = issue.latest_revision
    assert revision is not None
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save()
    tasks.publish_scheduled(0)
    assert (Client().get(path).status_code, Client().get(piece).status_code) == (200, 200)


def test_an_embargo_shows_openings_at_once_and_texts_to_nobody(
    editor: Client, ada: Reader, issue: Issue
) -> None:
    publish(editor, issue, "embargo", timezone.now() + timedelta(days=2))
    reader = Client()
    reader.force_login(ada)
    text = reader.get(issue.articles.get(headline="Moat").get_absolute_url()).content.decode()
    assert "opencanary1 " in text
    assert "lastcanary" not in text


def test_a_withdrawn_piece_stays_withdrawn(editor: Client, issue: Issue) -> None:
    Article.objects.filter(headline="Moat").update(first_published_at=making.NOON)
    assert "Withdrawn, and stays so" in editor.get(f"/admin/issue-desk/{issue.pk}/publish/").content.decode()
    publish(editor, issue, "now")
    assert not Article.objects.get(headline="Moat").live


def test_a_published_issue_cannot_be_scheduled_and_a_time_must_be_to_come(
    editor: Client, issue: Issue
) -> None:
    assert publish(editor, issue, "at").status_code == 422
    assert (
        "Choose a time to come."
        in publish(editor, issue, "at", timezone.now() - timedelta(days=1)).content.decode()
    )
    publish(editor, issue, "now")
    assert (
        "It is published already"
        in publish(editor, issue, "at", timezone.now() + timedelta(days=1)).content.decode()
    )


def test_the_next_issue_is_made_as_proposed_with_its_volume(editor: Client, issue: Issue) -> None:
    page = editor.get("/admin/issue-desk/next/")
    proposal = page.context["form"].initial
    assert (proposal["cover_date"], proposal["slug"]) == ("October 1999", "october")
    assert editor.post("/admin/issue-desk/next/", proposal | {"volume": "50"}).status_code == 302
    made = Issue.objects.get(cover_date="October 1999")
    assert (made.live, made.number, made.volume and made.volume.number) == (False, "10", "50")
    again = editor.post("/admin/issue-desk/next/", proposal)
    assert "has this address" in again.content.decode()


def test_the_help_desk_is_refused(help_desk: Client, issue: Issue) -> None:
    for path in ("", "preview/", "publish/"):
        assert help_desk.get(f"/admin/issue-desk/{issue.pk}/{path}").status_code == 403
    assert help_desk.get("/admin/issue-desk/next/").status_code == 403
