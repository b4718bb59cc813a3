"""Sign-in and sign-up: by password, by a typed code, and back to where the reader came from."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from backnumber.readers.models import Reader
from tests.making import PASSWORD
from tests.readers.conftest import last_code

Browser = Callable[..., Client]
BACK = "/archive/the-hourglass/1999/september/the-fortress/"
EVIL = [
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https://evil.example/",
    "javascript:alert(1)",
    "/ok\r\nLocation: https://evil.example/",
    "/\t/evil.example/",
    "http:///evil.example",
    " //evil.example",
]


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def sign_up(client: Client, email: str = "new@example.org", password: str = PASSWORD, back: str = "") -> str:
    answer = client.post(reverse("account_signup"), {"email": email, "password1": password, "next": back})
    return str(answer.headers.get("Location", ""))


def ask_for_code(client: Client, email: str, back: str = "") -> str:
    answer = client.post(reverse("account_request_login_code"), {"email": email, "next": back})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def type_code(client: Client, code: str, at: str, back: str = "") -> str:
    return str(client.post(at, {"code": code, "action": "verify", "next": back}).headers.get("Location", ""))


def test_a_password_signs_in_and_leads_back(eve: Reader, browser: Browser) -> None:
    client = browser()
    answer = client.post(
        reverse("account_login"), {"login": "EVE@example.org", "password": PASSWORD, "next": BACK}
    )
    assert answer.headers["Location"] == BACK
    assert is_signed_in(client)


def test_a_wrong_password_signs_nobody_in_and_keeps_the_address_typed(eve: Reader, browser: Browser) -> None:
    client = browser()
    answer = client.post(reverse("account_login"), {"login": eve.email, "password": "a lantern elsewhere"})
    assert not is_signed_in(client)
    assert 'value="eve@example.org"' in answer.content.decode()


def test_a_code_signs_in_and_leads_back(eve: Reader, browser: Browser) -> None:
    client = browser()
    at = ask_for_code(client, eve.email, BACK)
    assert type_code(client, last_code().lower().replace("-", " "), at, BACK) == BACK
    assert is_signed_in(client)


def test_a_code_works_once(eve: Reader, browser: Browser) -> None:
    client = browser()
    at = ask_for_code(client, eve.email)
    code = last_code()
    type_code(client, code, at)
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    type_code(client, code, at)
    assert not is_signed_in(client)


def test_a_code_works_only_in_the_browser_that_asked(eve: Reader, browser: Browser) -> None:
    asking, other = browser(), browser()
    at = ask_for_code(asking, eve.email)
    code = last_code()
    type_code(other, code, at)
    assert not is_signed_in(other)
    type_code(asking, code, at)
    assert is_signed_in(asking)


def test_a_new_code_makes_the_old_one_void(eve: Reader, browser: Browser) -> None:
    client = browser()
    at = ask_for_code(client, eve.email)
    old = last_code()
    client.post(at, {"action": "resend"})
    assert last_code() != old
    type_code(client, old, at)
    assert not is_signed_in(client)
    type_code(client, last_code(), at)
    assert is_signed_in(client)


def test_three_wrong_codes_make_the_right_one_void(eve: Reader, browser: Browser) -> None:
    client = browser()
    at = ask_for_code(client, eve.email)
    code = last_code()
    for _ in range(3):
        type_code(client, "BBBB-BBBB", at)
    type_code(client, code, at)
    assert not is_signed_in(client)


def test_a_get_by_a_mail_scanner_consumes_nothing(eve: Reader, browser: Browser) -> None:
    """Codes stand in mails, links do not; whatever a scanner opens, the code still works."""
    client = browser()
    at = ask_for_code(client, eve.email)
    code = last_code()
    assert "code=" not in str(mail.outbox[-1].body)
    assert f"{reverse('account_confirm_login_code')}" not in str(mail.outbox[-1].body)
    for address in (at, f"{at}?code={code}", reverse("account_logout")):
        browser().get(address)
        client.get(address)
    type_code(client, code, at)
    assert is_signed_in(client)


def test_signing_up_asks_for_a_code_and_then_leads_back(db: None, browser: Browser) -> None:
    client = browser()
    at = sign_up(client, back=BACK)
    assert not is_signed_in(client)
    assert type_code(client, last_code(), at) == BACK
    assert is_signed_in(client)
    assert EmailAddress.objects.get(email="new@example.org").verified


@pytest.mark.parametrize("evil", EVIL)
def test_next_leads_nowhere_else(evil: str, eve: Reader, browser: Browser) -> None:
    by_password, by_code, by_sign_up = browser("192.0.2.1"), browser("192.0.2.2"), browser("192.0.2.3")
    answer = by_password.post(
        reverse("account_login"), {"login": eve.email, "password": PASSWORD, "next": evil}
    )
    assert answer.headers["Location"] == reverse("account")
    at = ask_for_code(by_code, eve.email, evil)
    assert at.startswith("/account/")
    assert type_code(by_code, last_code(), reverse("account_confirm_login_code"), evil) == reverse("account")
    at = sign_up(by_sign_up, back=evil)
    assert type_code(by_sign_up, last_code(), at, evil) == reverse("account")
    assert by_sign_up.post(reverse("account_logout"), {"next": evil}).headers["Location"] == "/"


def test_known_and_unknown_addresses_get_the_same_answer(eve: Reader, browser: Browser) -> None:
    def seen(client: Client, page: str, fields: dict[str, str]) -> tuple[int, str, str]:
        answer = client.post(reverse(page), fields)
        shown = (
            client.get(answer.headers["Location"]).content.decode()
            if answer.status_code == 302
            else answer.content.decode()
        )
        for one in ("eve@example.org", "who@example.org"):
            shown = shown.replace(one, "THE-ADDRESS")
        return answer.status_code, answer.headers.get("Location", ""), _without_tokens(shown)

    for page, field in (
        ("account_request_login_code", "email"),
        ("account_reset_password", "email"),
        ("account_signup", "email"),
    ):
        more = {"password1": PASSWORD} if page == "account_signup" else {}
        known = seen(browser("192.0.2.10"), page, {field: "eve@example.org", **more})
        unknown = seen(browser("192.0.2.11"), page, {field: "who@example.org", **more})
        assert known == unknown, page
    known = seen(
        browser("192.0.2.12"), "account_login", {"login": "eve@example.org", "password": "not the password"}
    )
    unknown = seen(
        browser("192.0.2.13"), "account_login", {"login": "nil@example.org", "password": "not the password"}
    )
    assert known[0] == unknown[0] == 200
    assert known[2] == unknown[2].replace("nil@example.org", "THE-ADDRESS")


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_an_unknown_address_is_told_so_by_mail_only(db: None, browser: Browser) -> None:
    ask_for_code(browser(), "who@example.org")
    assert mail.outbox[-1].to == ["who@example.org"]
    assert "no account" in mail.outbox[-1].subject
    assert not Reader.objects.filter(email="who@example.org").exists()


def test_signing_up_with_a_known_address_makes_nothing_and_writes_to_its_owner(
    eve: Reader, browser: Browser
) -> None:
    client = browser()
    sign_up(client, eve.email, "another password entirely")
    assert mail.outbox[-1].subject == "You have an account already"
    assert Reader.objects.filter(email=eve.email).count() == 1
    assert Reader.objects.get(pk=eve.pk).check_password(PASSWORD)


def test_a_password_set_by_a_stranger_before_the_address_was_confirmed_opens_nothing(
    db: None, browser: Browser
) -> None:
    stranger, owner = browser("192.0.2.66"), browser()
    sign_up(stranger, "victim@example.org", "the stranger knows this one")
    at = ask_for_code(owner, "victim@example.org")
    type_code(owner, last_code(), at)
    assert is_signed_in(owner)
    again = browser("192.0.2.66")
    again.post(
        reverse("account_login"), {"login": "victim@example.org", "password": "the stranger knows this one"}
    )
    assert not is_signed_in(again)


def test_a_confirmed_password_survives_signing_in_by_code(eve: Reader, browser: Browser) -> None:
    client = browser()
    type_code(
        client, (ask_for_code(client, eve.email), last_code())[1], reverse("account_confirm_login_code")
    )
    assert is_signed_in(client)
    again = browser()
    again.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD})
    assert is_signed_in(again)


def test_the_session_is_another_one_after_signing_in(eve: Reader, browser: Browser) -> None:
    client = browser()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD})
    assert is_signed_in(client)
    assert client.cookies["sessionid"].value != session.session_key


def test_a_reset_ends_other_sessions_and_leads_back(eve: Reader, browser: Browser) -> None:
    elsewhere, here = browser(), browser()
    elsewhere.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD})
    assert elsewhere.get(reverse("account")).status_code == 200
    at = here.post(reverse("account_reset_password"), {"email": eve.email, "next": BACK}).headers["Location"]
    at = here.post(at, {"code": last_code(), "next": BACK}).headers["Location"]
    answer = here.post(at, {"password1": "a new lantern in the crypt", "next": BACK})
    assert answer.headers["Location"] == BACK
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert mail.outbox[-1].subject == "Your password was changed"


def test_signing_out_needs_a_post(eve: Reader, browser: Browser) -> None:
    client = browser()
    client.force_login(eve)
    client.get(reverse("account_logout"))
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_forms_without_the_token_are_refused(eve: Reader) -> None:
    client = Client(enforce_csrf_checks=True)
    assert (
        client.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD}).status_code == 403
    )
    assert not is_signed_in(client)


def test_the_admin_signs_in_where_everyone_does(staff: Reader, browser: Browser) -> None:
    client = browser()
    answer = client.post("/admin/login/", {"username": staff.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "name", ["account_confirm_email", "account_reset_password_from_key", "socialaccount_connections"]
)
def test_no_address_confirms_or_resets_by_a_link(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name, args=["x"] if name == "account_confirm_email" else None)


@pytest.mark.parametrize(
    "page",
    [
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_reset_password",
        "account_inactive",
    ],
)
def test_pages_of_signing_in_cost_nothing_to_show(
    page: str, db: None, client: Client, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        answer = client.get(reverse(page))
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


def test_password_managers_find_their_way(db: None, client: Client) -> None:
    sign_in, sign_up_page = (
        client.get(reverse(name)).content.decode() for name in ("account_login", "account_signup")
    )
    assert 'autocomplete="username"' in sign_in
    assert 'autocomplete="current-password"' in sign_in
    assert 'autocomplete="new-password"' in sign_up_page
    assert "password2" not in sign_up_page


def test_every_page_of_a_signed_in_reader_shows(eve: Reader, client: Client) -> None:
    client.force_login(eve)
    for name in ("account_email", "account_change_password", "account_logout", "account_reauthenticate"):
        assert "<h1>" in client.get(reverse(name)).content.decode()
    eve.set_unusable_password()
    eve.save()
    client.force_login(eve)
    assert "<h1>" in client.get(reverse("account_set_password")).content.decode()
