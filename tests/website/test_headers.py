"""Security headers, and whose forms are taken for ours."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.readers.models import Reader

pytestmark = pytest.mark.django_db


def test_a_page_runs_and_loads_only_its_own(gated: Article) -> None:
    response = Client().get(gated.get_absolute_url())
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    page = response.content.decode()
    assert " style=" not in page
    assert " onclick=" not in page


def test_the_admin_loads_and_runs_nothing_of_other_hosts(staff: Reader) -> None:
    client = Client()
    client.force_login(staff)
    for address in ("/admin/", "/admin/snippets/archive/article/", "/admin/nothing-here/", "/admin/orders/"):
        policy = client.get(address)["Content-Security-Policy"]
        for said in ("default-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'self'",
                     "form-action 'self'"):  # fmt: skip
            assert said in policy, address
        assert "*" not in policy
        assert "unsafe-eval" not in policy
        assert "http" not in policy


def test_a_page_that_says_nothing_of_caches_is_its_readers_own() -> None:
    assert Client().get("/")["Cache-Control"] == "private, no-cache"


def post(client: Client, **headers: str) -> int:
    return client.post(reverse("weekly_sign_up"), {"email": "not an address"}, headers=headers).status_code


def test_nobodys_form_is_taken_when_the_browser_says_it_is_from_our_page() -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}):
        assert post(Client(enforce_csrf_checks=True), **headers) != 403


FROM_ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_a_form_from_elsewhere_is_refused(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("weekly_sign_up"), {"email": "a@example.org"}, headers=headers)
    assert response.status_code == 403
    assert "Please send that again" in response.content.decode()


def test_a_signed_in_readers_form_needs_its_token(dan: Reader) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dan)
    answer = client.post(reverse("account_logout"), headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert client.get("/account/").status_code == 200, "and they are signed in still"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}])
def test_the_form_of_printed_pages_needs_no_token_of_a_reader_either(
    dan: Reader, headers: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dan)
    assert post(client, **headers) != 403


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_and_from_elsewhere_it_is_refused_for_a_reader_too(dan: Reader, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dan)
    assert post(client, **headers) == 403


def test_no_page_that_everybody_shares_carries_a_token(gated: Article, dan: Reader) -> None:
    client = Client()
    client.force_login(dan)
    for address in ("/", gated.get_absolute_url(), "/archive/"):
        assert "csrfmiddlewaretoken" not in client.get(address).content.decode()
    assert "csrfmiddlewaretoken" in client.get("/account/").content.decode(), "the control"


def test_a_page_for_nobody_sets_no_cookie(gated: Article) -> None:
    for address in ("/", gated.get_absolute_url()):
        assert not Client().get(address).cookies


@pytest.mark.parametrize(("proxy", "is_believed"), [("10.0.0.7", True), ("203.0.113.9", False)])
def test_only_a_trusted_proxy_says_that_the_reader_came_by_https(
    settings: Settings, proxy: str, is_believed: bool
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    settings.SECURE_HSTS_SECONDS = 60
    answer = Client(REMOTE_ADDR=proxy, HTTP_X_FORWARDED_PROTO="https").get(reverse("help"))
    assert ("Strict-Transport-Security" in answer.headers) is is_believed
