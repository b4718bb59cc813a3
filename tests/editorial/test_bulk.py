"""Many articles changed at once: seen before, carried out with breaks, undone; contributors merged."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from backnumber.archive.models import Article, Authorship, Contributor
from backnumber.editorial import bulk, merging
from backnumber.editorial.models import BulkChange, BulkRow
from backnumber.editorial.tasks import go_on_with_bulk_changes
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db
MANY = "/admin/many/"


def confirmed(client: Client, path: str, **sent: Any) -> BulkChange:
    """What an editor does: looks at what would change, and says yes."""
    preview = client.post(path, sent)
    answer = client.post(path, {**sent, "confirmed": str(preview.context["count"])})
    assert answer.status_code == 302
    return BulkChange.objects.latest("pk")


def policies() -> list[str]:
    return list(Article.objects.order_by("headline").values_list("policy", flat=True))


def test_a_change_is_seen_first_done_to_the_list_alone_and_undone(editor: Client) -> None:
    issue = making.issue()
    for name in ("A siege", "B siege", "C moat"):
        making.article(name, of=issue, policy="")
    Article.objects.filter(headline="B siege").update(policy="open")
    preview = editor.post(f"{MANY}?words=siege", {"kind": "policy", "to_policy": "open"})
    assert (preview.context["count"], preview.context["so_already"]) == (1, 1)
    assert policies() == ["", "open", ""], "looking changes nothing"
    change = confirmed(editor, f"{MANY}?words=siege", kind="policy", to_policy="open")
    assert policies() == ["open", "open", ""]
    assert "1 of 1 changed" in editor.get(f"{MANY}{change.pk}/").content.decode()
    editor.post(f"{MANY}{change.pk}/")
    assert policies() == ["", "open", ""], "what had it before keeps it"
    assert "Undone" in editor.get(f"{MANY}{change.pk}/").content.decode()


def test_a_list_that_has_changed_since_it_was_looked_at_is_shown_again(editor: Client) -> None:
    making.article("A", policy="")
    sent = {"kind": "policy", "to_policy": "open"}
    count = editor.post(MANY, sent).context["count"]
    making.article("B", policy="")
    answer = editor.post(MANY, {**sent, "confirmed": str(count)})
    assert answer.context["count"] == 2
    assert policies() == ["", ""]


def begun(act: bulk.Act, by: Reader) -> BulkChange:
    return bulk.start(bulk.plan(Article.objects.all(), act, by), act, "all", by=by, now=timezone.now())


OPEN = bulk.Act(bulk.POLICY, "open", "Policy: open")


def test_a_change_that_was_interrupted_goes_on_where_it_stopped(
    edith: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    for n in range(5):
        making.article(f"A{n}", policy="", by="")
    change = begun(OPEN, edith)
    assert not bulk.go_on(change.pk, timezone.now(), most=2)
    assert sorted(policies()) == ["", "", "", "open", "open"]
    go_on_with_bulk_changes(0)
    assert policies() == ["open"] * 5
    change.refresh_from_db()
    assert change.state == BulkChange.State.DONE


def test_what_somebody_changed_since_is_left_alone_both_ways(edith: Reader) -> None:
    a, b = making.article("A", policy=""), making.article("B", policy="")
    change = begun(OPEN, edith)
    Article.objects.filter(pk=a.pk).update(policy="metered")
    bulk.go_on(change.pk, timezone.now())
    assert policies() == ["metered", "open"]
    Article.objects.filter(pk=b.pk).update(policy="sign-in")
    change.refresh_from_db()
    assert bulk.undo(change)
    bulk.go_on(change.pk, timezone.now())
    assert policies() == ["metered", "sign-in"]
    assert set(change.rows.values_list("state", flat=True)) == {BulkRow.State.LEFT}


def test_a_draft_that_waits_takes_nothing_back(edith: Reader) -> None:
    article = making.article("A", policy="")
    article.save_revision(user=edith)
    bulk.go_on(begun(OPEN, edith).pk, timezone.now())
    marsh = making.contributor("Owen Pike")
    bulk.go_on(begun(bulk.Act(bulk.ADD, marsh.pk, "Add"), edith).pk, timezone.now())
    article.refresh_from_db()
    article.publish(article.latest_revision)
    article.refresh_from_db()
    assert article.policy == "open"
    assert [one.contributor.name for one in article.authorships.all()] == ["Eleanor Marsh", "Owen Pike"]


def test_contributors_are_added_and_taken_away_in_their_order_and_come_back(edith: Reader) -> None:
    article = making.article("A")
    pike = making.contributor("Owen Pike")
    Authorship.objects.create(article=article, contributor=pike, position=1)
    marsh = Contributor.objects.get(name="Eleanor Marsh")
    change = begun(bulk.Act(bulk.REMOVE, marsh.pk, "Take away"), edith)
    bulk.go_on(change.pk, timezone.now())
    assert [one.contributor for one in article.authorships.all()] == [pike]
    change.refresh_from_db()
    bulk.undo(change)
    bulk.go_on(change.pk, timezone.now())
    assert list(Authorship.objects.filter(article=article).values_list("contributor", flat=True)) == [
        marsh.pk,
        pike.pk,
    ]


def test_withdrawn_pieces_are_gone_for_readers_and_come_back_when_undone(editor: Client) -> None:
    article = making.article("A", policy="open")
    path = article.get_absolute_url()
    change = confirmed(editor, MANY, kind="withdraw")
    assert Client().get(path).status_code == 404
    editor.post(f"{MANY}{change.pk}/")
    assert Client().get(path).status_code == 200


def test_locked_pieces_are_left_alone_and_said(editor: Client, hugo: Reader) -> None:
    making.article("A", policy="", locked=True, locked_by=hugo)
    preview = editor.post(MANY, {"kind": "policy", "to_policy": "open"})
    assert preview.context["count"] == 0
    assert "locked by somebody else" in preview.content.decode()


def test_the_list_goes_out_as_csv_without_formulas_and_without_texts(editor: Client) -> None:
    making.article("=HYPERLINK(1)", by="Owen Pike")
    making.article("Other", by="")
    text = editor.get(f"{MANY}articles.csv?contributor=Owen+Pike").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "Owen Pike" in text
    assert "Other" not in text
    assert "canary" not in text


def test_faults_are_said_and_nothing_is_done(editor: Client) -> None:
    making.article("A", policy="")
    for path, sent, said in (
        (MANY, {"kind": "add", "who": "Nobody Known"}, "There is no contributor"),
        (MANY, {"kind": "add"}, "Say who."),
        (MANY, {}, "Choose one."),
        (f"{MANY}?contributor=Nobody+Known", {}, "There is no contributor"),
        (f"{MANY}?first_year=7", {}, "1400"),
    ):
        answer = editor.post(path, sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not BulkChange.objects.exists()


def test_every_kind_of_filter_finds_its_articles(editor: Client) -> None:
    old, new = making.article("Old", policy="open", section=None), making.article("New", live=False)
    for asked, found in (
        ("section=none", [old]), ("policy=open", [old]), ("policy=above", [new]), ("state=live", [old]), ("state=not", [new]),
        (f"section={new.section_id}", [new]), ("first_year=1999&last_year=1999", [old, new]), ("first_year=2000", []),
        (f"title={old.issue.title_id}", [old, new]), ("words=old", [old]),
    ):  # fmt: skip
        assert set(editor.get(f"{MANY}?{asked}").context["articles"]) == set(found), asked


def test_contributors_who_are_one_person_are_merged_and_nothing_is_lost(
    editor: Client, edith: Reader
) -> None:
    kept, other = making.contributor("Eleanor Marsh"), making.contributor("E. M. Marsh")
    Contributor.objects.filter(pk=other.pk).update(variants="Nell Marsh", note="Wrote on walls.")
    one, both = making.article("One", by="E. M. Marsh"), making.article("Both", by="Eleanor Marsh")
    Authorship.objects.create(article=both, contributor=other, position=1)
    one.save_revision(user=edith)
    old = other.get_absolute_url()
    sent = {"kept": str(kept.pk), "merged": [str(other.pk), str(kept.pk)]}
    preview = editor.post("/admin/merge-contributors/?q=marsh", sent)
    assert "This cannot be undone." in preview.content.decode()
    assert Contributor.objects.filter(pk=other.pk).exists()
    assert editor.post("/admin/merge-contributors/?q=marsh", {**sent, "confirmed": "yes"}).status_code == 302
    kept.refresh_from_db()
    assert kept.variants.splitlines() == ["Nell Marsh", "E. M. Marsh"]
    assert kept.note == "Wrote on walls."
    for article in (one, both):
        assert [a.contributor for a in Article.objects.get(pk=article.pk).authorships.all()] == [kept]
    one.refresh_from_db()
    one.publish(one.latest_revision)
    assert [a.contributor for a in Article.objects.get(pk=one.pk).authorships.all()] == [kept]
    answer = Client().get(old)
    assert (answer.status_code, answer.headers["Location"]) == (301, kept.get_absolute_url())


def test_addresses_lead_on_after_two_mergers(edith: Reader) -> None:
    first, second, third = (making.contributor(name) for name in ("A One", "A Two", "A Three"))
    making.article("One", by="A One")
    old = first.get_absolute_url()
    merging.merge(second, [first], by=edith)
    merging.merge(third, [second], by=edith)
    assert Client().get(old).headers["Location"] == third.get_absolute_url()


def test_nobody_is_merged_without_a_choice(editor: Client) -> None:
    one = making.contributor()
    answer = editor.post("/admin/merge-contributors/", {"kept": str(one.pk), "merged": [str(one.pk)]})
    assert answer.status_code == 422
    assert "tick at least one other" in answer.content.decode()


def test_the_help_desk_is_refused(help_desk: Client) -> None:
    for path in (MANY, f"{MANY}articles.csv", "/admin/merge-contributors/"):
        assert help_desk.get(path).status_code == 403


def test_0002_many_articles_at_once_adds_two_tables_and_leaves_the_articles_as_they_are() -> None:
    """Of the migration `0002_many_articles_at_once` of the desk, back and forth with data."""
    making.article("A", policy="open")
    before = list(Article.objects.values())
    executor = MigrationExecutor(connection)
    executor.migrate([("editorial", "0001_what_wagtail_brings")])
    assert "editorial_bulkrow" not in connection.introspection.table_names()
    MigrationExecutor(connection).migrate([("editorial", "0002_many_articles_at_once")])
    assert {"editorial_bulkchange", "editorial_bulkrow"} <= set(connection.introspection.table_names())
    assert list(Article.objects.values()) == before
