"""A reader has a pass for what they may read, and it is void in the moment when that changes."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from backnumber.access import Evidence
from backnumber.archive.models import Article
from backnumber.edge.page import passes
from backnumber.edge.page.passes import Pass
from backnumber.grants.models import Grant
from backnumber.passes import queries, tasks
from backnumber.passes.models import EndedSession
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader
from tests import making
from tests.door_state import startup_state


def signed_in(reader: Reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def held_by(client: Client) -> Pass | None:
    return (
        passes.opened(client.cookies[passes.COOKIE].value, keyring_of("pass"))
        if passes.COOKIE in client.cookies
        else None
    )


def is_void(held: Pass) -> bool:
    return not startup_state().revocations.holds(held, timezone.now())


def test_a_reader_gets_a_pass_with_the_first_page(ada: Reader, gated: Article) -> None:
    client = signed_in(ada)
    response = client.get(gated.get_absolute_url())
    held = held_by(client)
    assert held is not None
    assert held.reader == ada.pk
    assert [grant.id for grant in held.grants] == list(Grant.objects.values_list("pk", flat=True))
    assert timezone.now() < held.until <= timezone.now() + passes.LASTS
    cookie = response.cookies[passes.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_pass_that_is_good_is_left_alone(ada: Reader, gated: Article) -> None:
    client = signed_in(ada)
    client.get(gated.get_absolute_url())
    assert passes.COOKIE not in client.get(gated.get_absolute_url()).cookies


def test_what_can_open_nothing_stays_at_home(ben: Reader, gated: Article) -> None:
    client = signed_in(ben)
    client.get(gated.get_absolute_url())
    held = held_by(client)
    assert held is not None
    assert held.grants == ()


@pytest.mark.usefixtures("gated")
def test_nobody_gets_none_and_an_old_one_goes(ada: Reader) -> None:
    client = signed_in(ada)
    client.get("/")
    client.get("/account/")
    kept = client.cookies[passes.COOKIE].value
    client.post("/account/sign-out/")
    assert client.cookies[passes.COOKIE].value == ""
    nobody = Client()
    nobody.cookies[passes.COOKIE] = kept
    nobody.get("/help/")
    assert nobody.cookies[passes.COOKIE].value == ""


def test_no_pass_goes_with_what_a_shared_cache_may_keep(ada: Reader, gated: Article) -> None:
    client = signed_in(ada)
    for path in ("/covers/the-hourglass/1999/september.svg", "/robots.txt", "/sitemap.xml"):
        response = client.get(path)
        if "public" in response.headers["Cache-Control"]:
            assert passes.COOKIE not in response.cookies, path


def revoke(reader: Reader) -> None:
    Grant.objects.filter(reader=reader).update(revoked_at=timezone.now(), revoked_because="a test")


def change_password(reader: Reader) -> None:
    reader.set_password("another lantern in the crypt")
    reader.save()


def close_account(reader: Reader) -> None:
    Reader.objects.filter(pk=reader.pk).update(is_active=False)


def grant_more(reader: Reader) -> None:
    making.grant(reader, starts=timezone.now(), until=timezone.now() + timedelta(days=9))


def delete_grants(reader: Reader) -> None:
    Grant.objects.filter(reader=reader).delete()


def end_sessions(reader: Reader) -> None:
    Session.objects.all().delete()


CHANGES = (revoke, change_password, close_account, grant_more, delete_grants, end_sessions)


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_a_readers_rights_voids_their_pass_and_nobody_elses(
    change: object, ada: Reader, dan: Reader, gated: Article
) -> None:
    theirs, others = signed_in(ada), signed_in(dan)
    for client in (theirs, others):
        client.get(gated.get_absolute_url())
    held, beside = held_by(theirs), held_by(others)
    assert held is not None
    assert beside is not None
    assert not is_void(held)
    assert callable(change)
    change(ada)
    assert is_void(held)
    assert is_void(beside) is (change is end_sessions)


def test_a_reader_who_only_changes_their_name_keeps_the_pass(ada: Reader, gated: Article) -> None:
    client = signed_in(ada)
    client.get(gated.get_absolute_url())
    held = held_by(client)
    ada.first_name = "Ada"
    ada.save()
    assert held is not None
    assert not is_void(held)


def test_with_a_void_pass_the_next_page_brings_a_true_one(ada: Reader, gated: Article) -> None:
    client = signed_in(ada)
    client.get(gated.get_absolute_url())
    revoke(ada)
    client.get(gated.get_absolute_url())
    held = held_by(client)
    assert held is not None
    assert held.grants == ()
    assert not is_void(held)


@pytest.fixture
def listener(transactional_db: None) -> Iterator[psycopg.Connection[object]]:
    params = connection.get_connection_params()
    wanted = {
        name: params[name] for name in ("host", "port", "user", "password", "dbname") if params.get(name)
    }
    with psycopg.connect(**wanted, autocommit=True) as other:
        other.execute("LISTEN backnumber")
        yield other


def test_every_front_is_told_once_the_change_is_true(listener: psycopg.Connection[object]) -> None:
    reader = making.reader("ada")
    making.grant(reader, starts=timezone.now(), until=timezone.now() + timedelta(days=9))
    Session.objects.create(
        session_key="k" * 32, session_data="", expire_date=timezone.now() + timedelta(1)
    ).delete()
    heard = [notice.payload for notice in listener.notifies(timeout=5, stop_after=2)]
    assert heard == [f"reader {reader.pk} 1", f"session {passes.session_digest('k' * 32).hex()}"]


def test_the_rights_and_the_number_are_of_one_moment(ada: Reader) -> None:
    making.grant(ada, starts=timezone.now(), until=None, evidence=Evidence.GIFT)
    number, grants = queries.generation_and_grants(ada.pk)
    assert (number, len(grants)) == (2, 2)
    assert queries.generation_and_grants(0) == (0, ())


def test_marks_that_no_pass_can_name_any_more_are_forgotten(db: None) -> None:
    now = timezone.now()
    for mark, age in ((b"oldoldol", timedelta(days=2)), (b"newnewne", timedelta(minutes=1))):
        EndedSession.objects.create(mark=mark, ended_at=now - age)
    tasks.sweep(int(now.timestamp()))
    assert startup_state(now).revocations.sessions == {b"newnewne"}
    assert EndedSession.objects.count() == 1
