"""One stranger's sign-ups for the weekly mail are limited by network, and shut nobody else out."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.longread.models import Recipient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def sign_up(number: int, address: str) -> HttpResponse:
    asked = {"email": f"reader{number}@example.org"}
    same = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    return Client().post("/weekly/sign-up/", asked, REMOTE_ADDR=address, **same)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("here", "also_here", "elsewhere"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
    ],
)
def test_a_network_has_twenty_an_hour_and_the_next_keeps_its_own(
    here: str, also_here: str, elsewhere: str
) -> None:
    assert {sign_up(n, here).status_code for n in range(20)} == {200}
    refused = sign_up(20, also_here)
    assert refused.status_code == 429
    page = refused.content.decode()
    assert "Please try again in an hour" in page
    assert "reader20@example.org" in page, "nothing typed is lost"
    assert sign_up(21, elsewhere).status_code == 200
    assert Recipient.objects.count() == 21, "who is refused does not count into the total"


@pytest.mark.parametrize("many", ["192.0.2.{}", "2001:db8:1:{}::1"])
def test_whoever_has_many_networks_has_a_hundred_an_hour_in_all(many: str, settings: Settings) -> None:
    answers = [sign_up(n, many.format(n // 18 + 1)).status_code for n in range(101)]
    assert answers == [200] * 100 + [429]
    assert sign_up(200, "198.51.100.1").status_code == 200
    assert sign_up(201, "2001:db8:2::1").status_code == 200
