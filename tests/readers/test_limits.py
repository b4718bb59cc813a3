"""Limits hold, and no stranger can use them to lock a reader out."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from backnumber.readers.client_address import address_of, network_of
from backnumber.readers.models import Reader
from tests.making import PASSWORD
from tests.readers.test_signing_in import ask_for_code, is_signed_in

Browser = Callable[..., Client]


def sign_in(client: Client, email: str, password: str = PASSWORD) -> bool:
    client.post(reverse("account_login"), {"login": email, "password": password})
    return is_signed_in(client)


def fail(client: Client, email: str, times: int) -> None:
    for _ in range(times):
        assert not sign_in(client, email, "a wrong lantern")


def test_after_five_wrong_passwords_even_the_right_one_waits(eve: Reader, browser: Browser) -> None:
    client = browser()
    fail(client, eve.email, 5)
    assert not sign_in(client, eve.email)
    assert (
        "tried too often"
        in client.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD}).content.decode()
    )


def test_a_stranger_elsewhere_does_not_lock_the_reader_out(eve: Reader, browser: Browser) -> None:
    fail(browser("198.51.100.7"), eve.email, 6)
    assert sign_in(browser("192.0.2.1"), eve.email)


def test_a_browser_known_to_the_account_gets_in_past_a_stranger_on_the_same_network(
    eve: Reader, browser: Browser
) -> None:
    mine, strangers = browser(), browser()
    assert sign_in(mine, eve.email)
    mine.post(reverse("account_logout"))
    fail(strangers, eve.email, 6)
    assert not sign_in(strangers, eve.email)
    assert sign_in(mine, eve.email)


@override_settings(
    ACCOUNT_RATE_LIMITS={
        "login_failed": "100/m/ip,5/300s/key",
        "password_by_account": "8/h/key",
        "code_from_here": "3/m/key",
        "code_by_account": "9/h/key",
    }
)
def test_many_networks_together_are_limited_by_account_but_the_known_browser_is_not(
    eve: Reader, browser: Browser
) -> None:
    mine = browser()
    assert sign_in(mine, eve.email)
    mine.post(reverse("account_logout"))
    for n in range(4):
        fail(browser(f"198.51.100.{n}"), eve.email, 2)
    assert not sign_in(browser("203.0.113.9"), eve.email)
    assert sign_in(mine, eve.email)


def test_a_known_browser_is_known_to_its_own_account_only(eve: Reader, dan: Reader, browser: Browser) -> None:
    client = browser()
    assert sign_in(client, eve.email)
    client.post(reverse("account_logout"))
    fail(client, dan.email, 5)
    fail(browser(), dan.email, 1)
    assert sign_in(client, eve.email)


def test_codes_are_few_from_one_place_and_a_stranger_uses_up_only_their_own(
    eve: Reader, browser: Browser
) -> None:
    stranger, mine = browser("198.51.100.7"), browser("192.0.2.1")
    for _ in range(5):
        stranger.post(reverse("account_request_login_code"), {"email": eve.email})
        stranger.cookies.clear()
    assert len(mail.outbox) == 3
    ask_for_code(mine, eve.email)
    assert len(mail.outbox) == 4


@pytest.mark.parametrize("address", ["new@example.org", "eve@example.org"])
def test_signing_up_with_somebody_s_address_shuts_them_out_of_nothing(
    eve: Reader, browser: Browser, address: str
) -> None:
    """Whether there is such an account or not, both are answered alike."""

    def sign_up(client: Client) -> int:
        client.cookies.clear()
        return client.post(
            reverse("account_signup"), {"email": address, "password1": "a lantern of brass"}
        ).status_code

    strangers, mine = browser("198.51.100.7"), browser("192.0.2.1")
    assert [sign_up(strangers) for _ in range(5)] == [302] * 3 + [429] * 2
    assert len(mail.outbox) == 3
    assert sign_up(mine) == 302
    assert mail.outbox[-1].to == [address]
    assert len(mail.outbox) == 4


def test_limits_answer_alike_for_unknown_addresses(db: None, browser: Browser) -> None:
    client = browser()
    answers = []
    for _ in range(4):
        answers.append(
            client.post(reverse("account_request_login_code"), {"email": "who@example.org"}).status_code
        )
        client.cookies.clear()
    assert answers == [302, 302, 302, 200]
    assert len(mail.outbox) == 3


def test_the_count_is_in_the_database_so_that_every_process_shares_it(eve: Reader, browser: Browser) -> None:
    from django.db import connection  # noqa: PLC0415

    fail(browser(), eve.email, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM backnumber_cache")
        assert cursor.fetchone()[0] > 0


def _request(remote: str, forwarded: str = "") -> HttpRequest:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


@pytest.mark.parametrize(
    ("trusted", "remote", "forwarded", "found"),
    [
        ([], "203.0.113.5", "10.1.1.1", "203.0.113.5"),
        (["10.0.0.0/8"], "10.0.0.1", "203.0.113.5", "203.0.113.5"),
        (["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 203.0.113.5", "203.0.113.5"),
        (["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (["10.0.0.0/8"], "203.0.113.5", "6.6.6.6", "203.0.113.5"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "nonsense", "unknown"),
        (["10.0.0.0/8"], "10.0.0.1", "203.0.113.5:4711", "203.0.113.5"),
        (["::1"], "::1", "[2001:db8::7]:443", "2001:db8::7"),
        ([], "::ffff:192.0.2.9", "", "192.0.2.9"),
        ([], "", "", "unknown"),
    ],
)
def test_only_trusted_hops_are_believed(trusted: list[str], remote: str, forwarded: str, found: str) -> None:
    with override_settings(TRUSTED_PROXIES=trusted):
        assert address_of(_request(remote, forwarded)) == found


def test_a_household_of_ipv6_addresses_counts_as_one() -> None:
    assert network_of(_request("2001:db8::1")) == network_of(_request("2001:db8::ffff:2"))
    assert network_of(_request("2001:db8::1")) != network_of(_request("2001:db8:0:1::1"))
