"""The page "Which institution am I on?": what it says, whom it believes, and what its cookie is worth."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, override_settings
from django.utils import timezone

from backnumber.archive.models import Article
from backnumber.edge.page.seals import keyring
from backnumber.gate import facts
from backnumber.institutions import queries, service
from backnumber.institutions.models import Institution, Licence
from backnumber.readers.client_address import address_of
from tests.institutions.campus import CLEOS_ADDRESS, at, institution, licence

pytestmark = pytest.mark.django_db
GATED = "firstcanary1"


def words(client: Client, address: str = "/library/", **headers: str) -> str:
    answer = client.get(address, **headers)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_cleo_is_told_where_she_is_and_what_she_may_read(cleo: Client) -> None:
    page = words(cleo)
    until = Licence.objects.get().until
    assert until is not None
    last = timezone.localtime(until - timedelta(microseconds=1))
    assert "You are on the network of Ashdown University Library." in page
    assert f"the whole archive, until {last.day} {last:%B %Y}" in page
    assert CLEOS_ADDRESS in page


def test_who_is_nowhere_is_told_the_address_and_what_to_do(ashdown: Institution) -> None:
    page = words(at("203.0.113.5"))
    assert "belongs to no library, school or university that we know" in page
    assert "Ask your librarian" in page
    assert "subject=My%20library%20is%20not%20known%3A%20203.0.113.5" in page
    assert "Ashdown" not in page


def test_who_is_at_an_institution_without_a_running_licence_is_told_so(ashdown: Institution) -> None:
    now = timezone.now()
    service.revoke(Licence.objects.get(), because="Not paid", by=None, now=now)
    licence(ashdown, starts=now - timedelta(days=9), until=now - timedelta(days=2), evidence_key="old")
    licence(ashdown, starts=now + timedelta(days=2), until=None, evidence_key="new")
    page = words(at(CLEOS_ADDRESS))
    assert "Ashdown University Library, which has no licence that runs now" in page
    assert all(said in page for said in ("withdrawn on", "ended on", "from "))
    assert "Not paid" not in page, "that is for staff"


def test_an_unknown_address_is_no_error() -> None:
    assert "We cannot see this computer’s address" in words(at(""))


@pytest.mark.parametrize("address", [CLEOS_ADDRESS, "203.0.113.5"])
def test_the_page_is_kept_by_no_cache(cleo: Client, gated: Article, address: str) -> None:
    for asked in ("/library/", f"/library/?next={gated.get_absolute_url()}"):
        answer = at(address).get(asked)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in answer.headers["Vary"]


def test_with_next_cleo_goes_on_to_the_article(cleo: Client, gated: Article) -> None:
    answer = cleo.get("/library/", {"next": gated.get_absolute_url()})
    assert (answer.status_code, answer.headers["Location"]) == (302, gated.get_absolute_url())
    assert "place" in answer.cookies


def test_with_next_who_is_nowhere_stays_and_may_go_back(ashdown: Institution, gated: Article) -> None:
    page = words(at("203.0.113.5"), f"/library/?next={gated.get_absolute_url()}")
    assert f'href="{gated.get_absolute_url()}"' in page


@pytest.mark.parametrize(
    "away", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "/\r\nX: y"]
)
def test_nobody_is_led_away(cleo: Client, away: str) -> None:
    answer = cleo.get("/library/", {"next": away})
    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


FORGED = [
    {"HTTP_X_FORWARDED_FOR": CLEOS_ADDRESS},
    {"HTTP_X_FORWARDED_FOR": f"{CLEOS_ADDRESS}, {CLEOS_ADDRESS}"},
    {"HTTP_FORWARDED": f"for={CLEOS_ADDRESS}"},
    {"HTTP_X_REAL_IP": CLEOS_ADDRESS},
    {"HTTP_CLIENT_IP": CLEOS_ADDRESS},
    {"HTTP_TRUE_CLIENT_IP": CLEOS_ADDRESS},
    {"HTTP_CF_CONNECTING_IP": CLEOS_ADDRESS},
]


@pytest.mark.parametrize("headers", FORGED, ids=str)
@pytest.mark.parametrize("trusted", [[], ["10.0.0.1"]])
def test_a_stranger_who_writes_a_campus_address_is_a_stranger(
    ashdown: Institution, headers: dict[str, str], trusted: list[str]
) -> None:
    with override_settings(TRUSTED_PROXIES=trusted):
        assert "Ashdown" not in words(at("203.0.113.5"), **headers)


@pytest.mark.parametrize("headers", FORGED[2:], ids=str)
def test_a_trusted_proxy_too_is_believed_in_one_header_only(
    ashdown: Institution, headers: dict[str, str]
) -> None:
    with override_settings(TRUSTED_PROXIES=["10.0.0.1"]):
        assert "Ashdown" not in words(at("10.0.0.1"), **headers)
        assert "Ashdown" not in words(at("10.0.0.1"), HTTP_X_FORWARDED_FOR="203.0.113.5", **headers)


def test_control_what_a_trusted_proxy_says_is_believed(ashdown: Institution) -> None:
    with override_settings(TRUSTED_PROXIES=["10.0.0.1"]):
        assert "Ashdown" in words(at("10.0.0.1"), HTTP_X_FORWARDED_FOR=CLEOS_ADDRESS)
        assert "Ashdown" in words(at("10.0.0.1"), HTTP_X_FORWARDED_FOR=f"6.6.6.6, {CLEOS_ADDRESS}")
        assert "Ashdown" not in words(at("10.0.0.1"), HTTP_X_FORWARDED_FOR=f"{CLEOS_ADDRESS}, 203.0.113.5")


def test_the_cookie_is_sealed_for_the_session_and_out_of_the_reach_of_scripts(cleo: Client) -> None:
    cookie = cleo.get("/library/").cookies["place"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (
        True,
        "Lax",
        "",
        "",
    )
    ashdown = Institution.objects.get()
    assert keyring("place", (settings.SECRET_KEY,)).opened(cookie.value) == str(ashdown.pk).encode()
    assert keyring("pass", (settings.SECRET_KEY,)).opened(cookie.value) is None


def test_who_leaves_the_campus_loses_it(cleo: Client) -> None:
    cleo.get("/library/")
    elsewhere = cleo.get("/library/", REMOTE_ADDR="203.0.113.5")
    assert elsewhere.cookies["place"]["max-age"] == 0
    assert "place" not in at("203.0.113.5").get("/library/").cookies


@pytest.mark.parametrize("kind", ["forged", "real"])
def test_the_cookie_opens_nothing_by_itself(cleo: Client, gated: Article, kind: str) -> None:
    value = cleo.get("/library/").cookies["place"].value if kind == "real" else "forged"
    elsewhere = at("203.0.113.5")
    elsewhere.cookies["place"] = value
    assert "Ashdown" not in words(elsewhere)
    assert GATED not in words(elsewhere, gated.get_absolute_url())
    request = HttpRequest()
    request.META["REMOTE_ADDR"], request.COOKIES["place"] = "203.0.113.5", value
    assert queries.place_at(address_of(request), timezone.now()) is None


def test_control_on_the_campus_the_rule_allows_with_or_without_the_cookie(
    ashdown: Institution, gated: Article
) -> None:
    now = timezone.now()
    who = facts.Asker(place=queries.place_at(CLEOS_ADDRESS, now))
    assert facts.decision_for(gated, who, now).allowed


def test_the_name_of_an_institution_is_text(gated: Article) -> None:
    institution("<script>alert(1)</script> College", "203.0.113.0/24")
    assert "<script>alert" not in words(at("203.0.113.5"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_is_only_to_be_looked_at(method: str, db: None) -> None:
    assert at("203.0.113.5").generic(method, "/library/").status_code in {403, 405}
