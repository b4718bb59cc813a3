"""The meter of readers with an account: exact, whatever comes together; and a browser's reads, brought along."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from backnumber.access import Meter, Read
from backnumber.access.meter import measure
from backnumber.archive.models import Article
from backnumber.edge.page.tokens import METER_COOKIE, reads_cookie
from backnumber.meter import asking, tasks
from backnumber.meter.models import MeteredRead
from backnumber.meter.queries import kept_about, meter_of
from backnumber.meter.service import merge, spend, sweep
from backnumber.readers.keyrings import keyring_of
from backnumber.readers.models import Reader
from tests import making
from tests.making import NOON
from tests.parallel import together

DAY = timedelta(days=1)
FIREFOX = {"user-agent": "Mozilla/5.0 Firefox/145.0"}


def articles(count: int) -> list[int]:
    return [making.article().pk for _ in range(count)]


def rows(reader: Reader) -> dict[int, object]:
    return dict(MeteredRead.objects.filter(reader=reader).values_list("article", "at"))


@pytest.mark.django_db
def test_a_reader_reads_as_many_as_allowed_and_each_again_for_nothing(dan: Reader) -> None:
    pieces = articles(6)
    assert [spend(dan.pk, piece, NOON) for piece in pieces] == [True] * 5 + [False]
    assert all(spend(dan.pk, piece, NOON + DAY) for piece in pieces[:5])
    assert set(rows(dan).values()) == {NOON}


@pytest.mark.django_db
def test_a_read_counts_for_the_period_and_then_is_a_new_one(dan: Reader) -> None:
    first, *others = articles(6)
    spend(dan.pk, first, NOON)
    for piece in others[:4]:
        spend(dan.pk, piece, NOON + DAY)
    assert not spend(dan.pk, others[4], NOON + 30 * DAY - timedelta(seconds=1))
    assert spend(dan.pk, others[4], NOON + 30 * DAY)
    assert not spend(dan.pk, first, NOON + 30 * DAY)
    assert spend(dan.pk, first, NOON + 31 * DAY)
    assert rows(dan)[first] == NOON + 31 * DAY


@pytest.mark.django_db
def test_one_reader_s_reads_are_not_another_s(dan: Reader, ben: Reader) -> None:
    for piece in articles(5):
        spend(dan.pk, piece, NOON)
    assert meter_of(ben.pk, NOON).reads == ()
    assert len(meter_of(dan.pk, NOON).reads) == 5


@pytest.mark.django_db
def test_the_meter_takes_one_query(dan: Reader, django_assert_num_queries: object) -> None:
    piece = articles(1)[0]
    spend(dan.pk, piece, NOON)
    with CaptureQueriesContext(connection) as made:
        meter = meter_of(dan.pk, NOON)
    assert len(made) == 1
    assert meter == Meter(5, 30 * DAY, (Read(piece, NOON),))


@pytest.mark.django_db
def test_an_allowance_of_none_opens_nothing(dan: Reader, settings: Settings) -> None:
    settings.METER_READERS = settings.METER_NOBODY = 0
    assert not spend(dan.pk, articles(1)[0], NOON)
    assert rows(dan) == {}
    nobody = asking.nobodys_meter({}, FIREFOX, "GET", NOON)
    assert nobody is not None
    assert not measure(nobody, 1, NOON)[0]


@pytest.mark.django_db
def test_an_account_that_is_gone_reads_nothing(dan: Reader) -> None:
    piece = articles(1)[0]
    key = dan.pk
    dan.delete()
    assert not spend(key, piece, NOON)


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_together_open_five_articles(dan: Reader) -> None:
    opened = together(lambda piece: spend(dan.pk, piece, NOON), articles(20))
    assert sorted(opened) == [False] * 15 + [True] * 5
    assert len(rows(dan)) == 5


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_together_for_one_article_spend_one_read(dan: Reader) -> None:
    assert all(together(lambda piece: spend(dan.pk, piece, NOON), articles(1) * 20))
    assert len(rows(dan)) == 1


@pytest.mark.django_db(transaction=True)
def test_control_who_only_asks_the_meter_lets_all_twenty_through(dan: Reader) -> None:
    """The race is there to be lost: asked together, the meter has room for each."""

    def asked_together(piece: int) -> bool:
        return measure(meter_of(dan.pk, NOON), piece, NOON)[0]

    assert all(together(asked_together, articles(20)))


@pytest.mark.django_db
def test_what_a_browser_read_goes_into_the_account_once(dan: Reader) -> None:
    one, two, three = articles(3)
    spend(dan.pk, two, NOON - DAY)
    spend(dan.pk, three, NOON)
    brought = [Read(one, NOON - 3 * DAY), Read(two, NOON), Read(three, NOON - 2 * DAY)]
    for _ in range(2):
        merge(dan.pk, brought, NOON)
        assert rows(dan) == {one: NOON - 3 * DAY, two: NOON - DAY, three: NOON - 2 * DAY}


@pytest.mark.django_db
def test_what_counts_no_more_is_not_brought_and_takes_nothing_away(dan: Reader) -> None:
    old, again = articles(2)
    spend(dan.pk, again, NOON - 40 * DAY)
    merge(dan.pk, [Read(old, NOON - 30 * DAY), Read(again, NOON - DAY)], NOON)
    assert rows(dan) == {again: NOON - DAY}


@pytest.mark.django_db
def test_a_read_from_after_now_counts_from_now_and_one_of_nothing_is_left_out(dan: Reader) -> None:
    piece = articles(1)[0]
    merge(dan.pk, [Read(piece, NOON + DAY), Read(999_999_999, NOON)], NOON)
    assert rows(dan) == {piece: NOON}


@pytest.mark.django_db
def test_brought_reads_leave_the_account_nothing_beyond_its_allowance(dan: Reader) -> None:
    *read, more = articles(9)
    merge(dan.pk, [Read(piece, NOON) for piece in read], NOON)
    assert len(rows(dan)) == 8
    assert not spend(dan.pk, more, NOON)


@pytest.mark.django_db(transaction=True)
def test_bringing_and_spending_together_lose_no_read(dan: Reader) -> None:
    pieces = articles(8)

    def act(n: int) -> None:
        if n < 4:
            merge(dan.pk, [Read(pieces[n], NOON)], NOON)
        else:
            spend(dan.pk, pieces[n], NOON)

    together(act, range(8))
    assert set(pieces[:4]) <= set(rows(dan))
    assert len(rows(dan)) <= 8


@pytest.mark.django_db
def test_a_browser_s_cookie_counts_and_is_emptied_at_sign_in(dan: Reader) -> None:
    piece = articles(1)[0]
    response = HttpResponse()
    empty = asking.nobodys_meter({}, FIREFOX, "GET", NOON)
    assert empty == Meter(3, 30 * DAY, ())
    asking.remember_read(response, empty, piece, NOON)
    cookie = response.cookies[METER_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 30 * 24 * 3600)
    cookies = {METER_COOKIE: cookie.value}
    assert asking.nobodys_meter(cookies, FIREFOX, "GET", NOON) == Meter(3, 30 * DAY, (Read(piece, NOON),))

    answer = HttpResponse()
    asking.bring_reads(answer, cookies, dan.pk, NOON)
    assert rows(dan) == {piece: NOON}
    assert answer.cookies[METER_COOKIE]["max-age"] == 0


@pytest.mark.django_db
def test_a_cookie_of_another_making_is_a_new_browser(settings: Settings) -> None:
    from_elsewhere = reads_cookie([Read(1, NOON)], keyring_of("gift"))
    meter = asking.nobodys_meter({METER_COOKIE: from_elsewhere}, FIREFOX, "GET", NOON)
    assert meter is not None
    assert meter.reads == ()


@pytest.mark.django_db
def test_the_former_secret_key_still_opens_the_cookie(settings: Settings) -> None:
    cookies = {METER_COOKIE: reads_cookie([Read(1, NOON)], keyring_of("meter"))}
    settings.OLD_SECRET_KEYS, settings.SECRET_KEY = (settings.SECRET_KEY,), "a new key"
    meter = asking.nobodys_meter(cookies, FIREFOX, "GET", NOON)
    assert meter is not None
    assert len(meter.reads) == 1
    settings.OLD_SECRET_KEYS = ()
    meter = asking.nobodys_meter(cookies, FIREFOX, "GET", NOON)
    assert meter is not None
    assert meter.reads == ()


@pytest.mark.django_db
def test_what_is_not_counted_has_no_meter(dan: Reader) -> None:
    for method, headers in (("HEAD", FIREFOX), ("GET", {}), ("GET", {**FIREFOX, "sec-purpose": "prefetch"})):
        assert asking.nobodys_meter({}, headers, method, NOON) is None
        assert asking.readers_meter(dan.pk, headers, method, NOON) is None
    assert asking.readers_meter(dan.pk, FIREFOX, "GET", NOON) is not None


@pytest.mark.django_db
def test_what_counts_no_more_is_swept_every_night(dan: Reader) -> None:
    old, present = articles(2)
    spend(dan.pk, old, NOON - 30 * DAY)
    spend(dan.pk, present, NOON - 30 * DAY + timedelta(seconds=1))
    assert sweep(NOON) == 1
    assert set(rows(dan)) == {present}
    tasks.sweep((NOON + DAY).timestamp())
    assert rows(dan) == {}


@pytest.mark.django_db
def test_readers_have_what_is_kept_of_them_and_it_goes_with_the_account(dan: Reader, gated: Article) -> None:
    spend(dan.pk, gated.pk, NOON)
    assert kept_about(dan.pk)["metered articles read"] == [{"article": "The Fortress", "read": NOON}]
    dan.delete()
    assert not MeteredRead.objects.exists()


@pytest.mark.django_db
def test_the_cookie_is_secure_where_the_site_is(client: Client, settings: Settings) -> None:
    for is_secure in (True, False):
        settings.SESSION_COOKIE_SECURE = is_secure
        response = HttpResponse()
        asking.remember_read(response, Meter(3, 30 * DAY), 1, NOON)
        assert bool(response.cookies[METER_COOKIE]["secure"]) is is_secure
