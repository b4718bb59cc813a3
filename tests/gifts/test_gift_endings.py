"""How gift links end: by their maker, by staff, with the right they were made by; and who hears of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction

from backnumber.access import Evidence
from backnumber.archive.models import Article
from backnumber.gifts import asking
from backnumber.gifts.models import GiftLink
from backnumber.gifts.queries import gift_at
from backnumber.gifts.service import revoke_gift, sweep
from backnumber.grants import service as grants
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader
from tests import making
from tests.door_state import startup_state
from tests.gifts.links import cookie, token_of
from tests.making import NOON

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ada(db: None) -> Reader:
    """Ada subscribes, for ten years round NOON."""
    reader = making.reader("ada")
    making.grant(reader)
    return reader


def revoke_grants_of(reader: Reader, now: datetime = NOON) -> None:
    for grant in Grant.objects.filter(reader=reader, revoked_at=None):
        grants.revoke(Evidence(grant.evidence), grant.evidence_key, because="refunded", now=now)


@pytest.mark.django_db
def test_its_maker_ends_it_and_no_other_reader(ada: Reader, dan: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    key = GiftLink.objects.get().pk
    assert not revoke_gift(key, dan, NOON)
    assert gift_at(token, gated.pk, NOON)
    assert revoke_gift(key, ada, NOON)
    assert gift_at(token, gated.pk, NOON) is None
    assert revoke_gift(key, ada, NOON + DAY)
    assert GiftLink.objects.get().revoked_at == NOON


@pytest.mark.django_db
def test_staff_with_the_permission_end_any(ada: Reader, staff: Reader, gated: Article) -> None:
    token_of(ada, gated)
    key = GiftLink.objects.get().pk
    clerk = making.reader("cleo", is_staff=True)
    assert not revoke_gift(key, clerk, NOON)
    clerk.user_permissions.add(Permission.objects.get(codename="change_giftlink"))
    assert revoke_gift(key, Reader.objects.get(pk=clerk.pk), NOON)
    token_of(ada, gated)
    assert revoke_gift(GiftLink.objects.filter(revoked_at=None).get().pk, staff, NOON)


@pytest.mark.django_db
def test_the_permission_without_being_staff_ends_nothing(ada: Reader, dan: Reader, gated: Article) -> None:
    token_of(ada, gated)
    dan.user_permissions.add(Permission.objects.get(codename="change_giftlink"))
    assert not revoke_gift(GiftLink.objects.get().pk, Reader.objects.get(pk=dan.pk), NOON)


@pytest.mark.django_db
def test_a_refund_ends_the_links_for_those_too_who_came_by_one_before(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    cookies = cookie(gift_at(token, gated.pk, NOON))
    revoke_grants_of(ada, NOON + DAY)
    assert gift_at(token, gated.pk, NOON + DAY) is None
    ended = asking.gift_of(cookies, gated.pk, NOON + DAY)
    assert ended is not None
    assert ended.until == NOON + DAY
    assert startup_state(NOON + DAY).revocations.gifts == {GiftLink.objects.get().pk}


@pytest.mark.django_db
def test_a_refund_leaves_the_links_of_who_has_another_subscription(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    spare = making.grant(ada, evidence=Evidence.PAYMENT)
    first = Grant.objects.filter(reader=ada).exclude(pk=spare.pk).get()
    grants.revoke(Evidence.PAYMENT, first.evidence_key, because="refunded", now=NOON)
    assert gift_at(token, gated.pk, NOON) is not None
    assert startup_state(NOON).revocations.gifts == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "other",
    [
        {"starts": NOON - 400 * DAY, "until": NOON - 30 * DAY},
        {"starts": NOON + 2 * DAY},
        {"evidence": Evidence.LICENCE},
        {"evidence": Evidence.GIFT},
    ],
    ids=["ended", "not begun", "a licence", "a gift"],
)
def test_what_may_not_give_now_keeps_no_link_open(
    ada: Reader, gated: Article, other: dict[str, object]
) -> None:
    token_of(ada, gated)
    paid = Grant.objects.get(reader=ada)
    making.grant(ada, **other)  # type: ignore[arg-type]
    grants.revoke(Evidence.PAYMENT, paid.evidence_key, because="refunded", now=NOON + DAY)
    assert GiftLink.objects.get().revoked_at == NOON + DAY


@pytest.mark.django_db
def test_another_reader_s_refund_ends_nothing_of_mine(ada: Reader, gated: Article) -> None:
    token_of(ada, gated)
    eve = making.reader("eve")
    making.grant(eve)
    revoke_grants_of(eve)
    assert GiftLink.objects.get().revoked_at is None


@pytest.mark.django_db
def test_a_link_whose_maker_lapsed_or_was_shut_out_cannot_be_opened_any_more(gated: Article) -> None:
    eve = making.reader("eve")
    making.grant(eve, until=NOON + DAY)
    token = token_of(eve, gated)
    assert gift_at(token, gated.pk, NOON + DAY - SECOND)
    assert gift_at(token, gated.pk, NOON + DAY) is None
    Reader.objects.filter(pk=eve.pk).update(is_active=False)
    assert gift_at(token, gated.pk, NOON) is None


@pytest.mark.django_db
def test_an_article_that_was_withdrawn_is_not_given(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    Article.objects.filter(pk=gated.pk).update(live=False)
    assert gift_at(token, gated.pk, NOON) is None


@pytest.fixture
def heard(transactional_db: None) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A door's ear: a connection of its own that listens."""
    known = connection.get_connection_params()
    names = {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}
    with psycopg.connect(**names, autocommit=True) as ear:
        ear.execute("LISTEN backnumber")
        yield ear


def words(ear: psycopg.Connection[tuple[object, ...]]) -> set[str]:
    return {one.payload for one in ear.notifies(timeout=0.5) if one.payload.startswith("gift ")}


def test_the_front_doors_hear_of_each_link_that_ends(
    ada: Reader, gated: Article, heard: psycopg.Connection[tuple[object, ...]]
) -> None:
    for _ in range(3):
        token_of(ada, gated)
    first, second, third = GiftLink.objects.order_by("pk").values_list("pk", flat=True)
    GiftLink.objects.update(opened=1)
    assert words(heard) == set()
    revoke_gift(first, ada, NOON)
    assert words(heard) == {f"gift {first}"}
    revoke_grants_of(ada)
    assert words(heard) == {f"gift {second}", f"gift {third}"}


def test_they_hear_of_links_that_go_with_the_account(
    ada: Reader, gated: Article, heard: psycopg.Connection[tuple[object, ...]]
) -> None:
    token_of(ada, gated)
    key = GiftLink.objects.get().pk
    ada.delete()
    assert words(heard) == {f"gift {key}"}


def test_what_was_rolled_back_is_not_told(
    ada: Reader, gated: Article, heard: psycopg.Connection[tuple[object, ...]]
) -> None:
    token_of(ada, gated)
    with transaction.atomic():
        revoke_gift(GiftLink.objects.get().pk, ada, NOON)
        transaction.set_rollback(True)
    assert words(heard) == set()
    assert GiftLink.objects.get().revoked_at is None


@pytest.mark.django_db
def test_links_that_ended_long_ago_are_swept(ada: Reader, gated: Article) -> None:
    token_of(ada, gated)
    assert sweep(NOON + 300 * DAY) == 0
    assert sweep(NOON + 400 * DAY) == 1
