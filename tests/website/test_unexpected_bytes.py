"""Bytes that nobody expected, at every address of the site: an answer below 500, and a page of our own."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.readers.models import Reader

pytestmark = pytest.mark.django_db
HUGE = ("99999999999", "9" * 30, "9" * 5_000, "0")
ODD = ("%00", "a%00b", "%FF", "%ED%A0%80", "%C3%A9", "a" * 3_000, "%0A", "%1F", "..%2F..%2Fetc", "%25s%27%22")
QUERIES = (
    "q=%00",
    "%00=1",
    "q=%FF%FE",
    "page=9" + "9" * 40,
    "page=-1",
    "page=%C2%B2",
    "q=%ED%A0%80",
    "next=%00",
    "a=" + "b" * 3_000,
)
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every address as Django writes it, with its places."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(one.pattern).lstrip("^").rstrip("$")
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, route)
        else:
            yield route


def with_places(admin: bool) -> list[str]:
    found = {route for route in routes() if PLACE.search(route) and "(?" not in route}
    return sorted(route for route in found if route.startswith("admin/") is admin)


def filled(route: str, value: str, of_numbers: bool) -> str:
    """The address with the value in every place of that kind, and something plain in the others."""

    def place(found: re.Match[str]) -> str:
        is_number = found[1] == "int"
        return value if is_number is of_numbers else "1" if is_number else "x"

    return "/" + PLACE.sub(place, route)


def addresses(route: str, odd: tuple[str, ...], huge: tuple[str, ...]) -> set[str]:
    kinds = {found[1] == "int" for found in PLACE.finditer(route)}
    return {
        filled(route, value, of_numbers) for of_numbers in kinds for value in (huge if of_numbers else odd)
    }


def look(client: Client, path: str, method: str = "get") -> None:
    response: HttpResponse = getattr(client, method)(path)
    assert response.status_code < 500, path
    if response.status_code >= 400 and "html" in response.headers.get("Content-Type", ""):
        assert "<h1" in response.content.decode(), path


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def desk(staff: Reader) -> Client:
    staff.is_superuser = True
    staff.save()
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    return client


def test_at_every_address_of_readers_odd_bytes_are_answered(client: Client, gated: Article) -> None:
    assert len(with_places(admin=False)) > 20
    for route in with_places(admin=False):
        for path in addresses(route, ODD, HUGE):
            look(client, path)


def test_at_every_address_of_the_desk_odd_bytes_are_answered(desk: Client, gated: Article) -> None:
    assert len(with_places(admin=True)) > 50
    for route in with_places(admin=True):
        for path in addresses(route, ODD[1:4], HUGE[1:2]):
            look(desk, path)


def test_at_every_address_an_odd_query_is_answered(client: Client, gated: Article) -> None:
    plain = sorted(
        "/" + route
        for route in routes()
        if not PLACE.search(route) and "(" not in route and not route.startswith("admin/")
    )
    assert len(plain) > 20
    for path in [*plain, gated.get_absolute_url(), gated.issue.get_absolute_url()]:
        for query in QUERIES:
            look(client, f"{path}?{query}")


@pytest.mark.parametrize("method", ["put", "delete", "options", "patch", "trace"])
def test_no_method_breaks_an_address(client: Client, gated: Article, method: str) -> None:
    for path in (
        "/",
        "/search/",
        "/account/sign-in/",
        "/weekly/sign-up/",
        "/checkout/webhook/till/",
        gated.get_absolute_url(),
    ):
        look(client, path, method)


def test_a_cookie_with_a_nul_in_it_is_refused(client: Client) -> None:
    for name in ("sessionid", "csrftoken", "messages", "other"):
        response = client.get("/account/", headers={"cookie": f'{name}="a\\000b"'})
        assert response.status_code == 400
        assert "made no sense" in response.content.decode()


def test_characters_that_cannot_be_seen_are_taken_out_of_what_is_typed(client: Client) -> None:
    response = client.post(
        "/weekly/sign-up/", {"email": "no\x00bo\x1bdy\ufffe@exam"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert response.status_code == 422
    assert "nobody@exam" in response.content.decode()


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-7", "no-such", "idna"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_in_an_encoding_that_is_none_is_answered(client: Client, kind: str, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na\xff\r\n--x--\r\n'
    sent = {"content_type": f"{kind}; charset={charset}", "headers": {"sec-fetch-site": "same-origin"}}
    response = client.generic("POST", "/weekly/sign-up/", body, **sent)
    assert response.status_code < 500


@pytest.mark.parametrize("production", [False, True])
@pytest.mark.parametrize("provider", ["till", "stripe", "none", "x" * 300])
def test_a_webhook_of_a_provider_that_is_not_there_is_no_address(
    client: Client, settings: Settings, provider: str, production: bool
) -> None:
    settings.PRODUCTION = production
    status = client.post(
        f"/checkout/webhook/{provider}/", b"\xff\x00", content_type="application/json"
    ).status_code
    assert status == (400 if provider == "till" and not production else 404)


def test_a_method_that_is_not_taken_gets_a_page_of_ours(client: Client) -> None:
    response = client.post("/search/")
    assert response.status_code in (403, 405)
    response = client.put("/weekly/sign-up/", headers={"sec-fetch-site": "same-origin"})
    assert response.status_code in (403, 405)
    assert "<h1" in response.content.decode()


def test_a_quoted_path_of_any_kind_is_no_breakdown(client: Client) -> None:
    for path in (
        "/%00",
        "/a%00/",
        "/static/%00.css",
        "/" + quote("é" * 500),
        "/%",
        "/%zz/",
        "//evil.example/",
        "/static/../x",
    ):
        look(client, path)
