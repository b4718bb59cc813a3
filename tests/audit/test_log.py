"""The audit log: the database writes down what staff change, and refuses to have it changed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.audit.models import Entry
from backnumber.audit.service import acting
from backnumber.audit.watching import NOT_WATCHED, is_watched, watch, watched
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db


def signed_in(reader: Reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def entries() -> list[Entry]:
    return list(Entry.objects.order_by("id"))


def test_a_change_has_who_when_from_to_and_reason(staff: Reader, dan: Reader) -> None:
    with acting(staff, "They married."):
        Reader.objects.filter(pk=dan.pk).update(last_name="Marsh")
    (one,) = entries()
    assert (one.actor, one.actor_email, one.reason) == (staff.pk, staff.email, "They married.")
    assert (one.kind, one.what, one.key) == ("changed", "readers.reader", str(dan.pk))
    assert one.before == {"last_name": dan.last_name}
    assert one.after == {"last_name": "Marsh"}
    assert timezone.now() - one.at < timedelta(minutes=1)


def test_what_is_added_and_removed_stands_whole(staff: Reader) -> None:
    with acting(staff):
        made = Group.objects.create(name="Proofreaders")
        key = made.pk
        made.delete()
    added, removed = entries()
    assert (added.kind, added.before, added.after) == ("added", None, {"id": key, "name": "Proofreaders"})
    assert (removed.kind, removed.before, removed.after) == (
        "removed",
        {"id": key, "name": "Proofreaders"},
        None,
    )
    assert added.act == removed.act != ""


def test_what_nobody_of_the_staff_does_leaves_no_entry(staff: Reader, dan: Reader) -> None:
    with acting(staff):
        pass
    Reader.objects.filter(pk=dan.pk).update(last_name="Marsh")
    assert not entries()


def test_within_an_act_a_reason_may_be_added_and_the_act_is_one(staff: Reader, dan: Reader) -> None:
    with acting(staff), acting(staff, "A reason"):
        Reader.objects.filter(pk=dan.pk).update(first_name="A")
    with acting(staff):
        Reader.objects.filter(pk=dan.pk).update(first_name="B")
    first, second = entries()
    assert (first.reason, second.reason) == ("A reason", "")
    assert first.act != second.act


def test_secrets_and_article_text_are_not_told(staff: Reader, gated: Article) -> None:
    with acting(staff):
        staff.set_password("a lantern of brass")
        staff.save()
        Article.objects.filter(pk=gated.pk).update(standfirst="Canary")
    assert [one.after for one in entries()] == [{"password": "…"}, {"standfirst": "…"}]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'another'",
        "DELETE FROM audit_entry",
        "SET LOCAL backnumber.tests_empty_tables = 'off'; TRUNCATE audit_entry",
    ],
)
def test_the_database_refuses_to_edit_the_log(staff: Reader, dan: Reader, statement: str) -> None:
    with acting(staff):
        Reader.objects.filter(pk=dan.pk).update(first_name="A")
    before = entries()
    with pytest.raises(Error, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert entries() == before


def test_a_form_of_the_admin_is_written_down(staff: Reader, gated: Article) -> None:
    section = making.section()
    path = f"/admin/snippets/archive/section/edit/{section.pk}/"
    answer = signed_in(staff).post(path, {"name": "Anew", "slug": section.slug, "policy": ""})
    assert answer.status_code == 302
    change = Entry.objects.get(kind="changed", what="archive.section")
    assert change.after is not None
    assert change.after["name"] == "Anew"
    act = Entry.objects.get(kind="act", what="archive.section")
    assert (act.actor, act.act) == (staff.pk, change.act)


def test_after_the_form_nothing_is_that_person_s_any_more(staff: Reader, dan: Reader) -> None:
    signed_in(staff).post("/admin/groups/new/", {"name": ""})
    before = Entry.objects.count()
    Reader.objects.filter(pk=dan.pk).update(last_name="Marsh")
    assert Entry.objects.count() == before


def test_an_act_that_a_room_tells_of_is_copied_with_its_reason(staff: Reader, ada: Reader) -> None:
    grant = Grant.objects.get(reader=ada)
    article = making.article("The Fortress")
    answer = signed_in(staff).post(
        "/admin/why/",
        {
            "reader": ada.email,
            "article": article.pk,
            "withdraw": "1",
            "grant": grant.pk,
            "because": "A mistake",
        },
    )
    assert answer.status_code == 302
    act = Entry.objects.get(kind="act")
    assert (act.action, act.reason, act.key) == ("helpdesk.withdraw", "A mistake", str(grant.pk))
    assert Entry.objects.get(kind="changed", what="grants.grant").act == act.act


def test_every_table_of_ours_is_watched_or_said_why_not() -> None:
    names = {one.what for one in watched()}
    assert {"readers.reader", "grants.grant", "circulation.printsubscription", "archive.article"} <= names
    assert not is_watched(Entry)
    assert all(NOT_WATCHED.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE p.proname = 'audit_change'")  # fmt: skip
        assert cursor.fetchone()[0] == len(names)


def test_a_trigger_that_is_missing_or_stale_is_made_anew(staff: Reader, dan: Reader) -> None:
    (reader,) = (one for one in watched() if one.what == "readers.reader")
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TRIGGER "{reader.trigger}" ON {reader.table} RENAME TO audit_of_before')
    watch()
    with acting(staff):
        Reader.objects.filter(pk=dan.pk).update(first_name="A")
    assert len(entries()) == 1
