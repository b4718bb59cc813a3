"""The pages of gift links, and what an address with `?gift=` answers."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.edge.page.tokens import GIFT_COOKIE
from backnumber.gifts import asking
from backnumber.gifts.models import GiftLink
from backnumber.gifts.opening import open_gift
from backnumber.gifts.service import make_gift, revoke_gift
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 Firefox/145.0"


def browser(reader: Reader | None = None, **options: bool) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    if reader is not None:
        client.force_login(reader)
    return client


def field(page: HttpResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, name
    return found[1]


def make(client: Client, article: Article) -> HttpResponse:
    page = client.get(f"/gifts/new/?article={article.pk}")
    return client.post("/gifts/make/", {"article": article.pk, "once": field(page, "once")})


def link_in(page: HttpResponse) -> str:
    found = re.search(r'value="([^"]*\?gift=[^"]+)"', page.content.decode())
    assert found
    return found[1]


def opened(article: Article, token: str, method: str = "get", **meta: str) -> HttpResponse:
    agent = {"HTTP_USER_AGENT": FIREFOX, **meta}
    request = getattr(RequestFactory(), method)(article.get_absolute_url(), {"gift": token}, **agent)
    answer = open_gift(request, article, timezone.now())
    assert answer is not None
    return answer


def token_of(reader: Reader, article: Article) -> str:
    return make_gift(reader, article, timezone.now()).address.partition("?gift=")[2]


def test_a_subscriber_makes_a_link_and_it_is_shown_once(
    ada: Reader, gated: Article, settings: Settings
) -> None:
    client = browser(ada)
    page = make(client, gated)
    link = link_in(page)
    assert link.startswith(f"{settings.ADDRESS}{gated.get_absolute_url()}?gift=")
    assert "You can make 9 more this month" in page.content.decode()
    token = link.partition("?gift=")[2]
    assert token not in client.get("/account/gifts/").content.decode()
    answer = opened(gated, token)
    assert GIFT_COOKIE in answer.cookies


def test_a_form_sent_again_makes_no_second_link(ada: Reader, gated: Article) -> None:
    client = browser(ada)
    form = {"article": gated.pk, "once": field(client.get(f"/gifts/new/?article={gated.pk}"), "once")}
    assert link_in(client.post("/gifts/make/", form)) == link_in(client.post("/gifts/make/", form))
    assert GiftLink.objects.count() == 1


def test_nobody_chooses_the_token(ada: Reader, dan: Reader, gated: Article) -> None:
    """A form that was changed, or given to another reader or for another article, makes nothing."""
    other = making.article("Another")
    once = field(browser(ada).get(f"/gifts/new/?article={gated.pk}"), "once")
    making.grant(dan, until=timezone.now() + timedelta(days=9))
    tries = [
        (ada, gated, "guess"),
        (ada, gated, ""),
        (ada, gated, once[:-1]),
        (ada, other, once),
        (dan, gated, once),
    ]
    for reader, article, given in tries:
        answer = browser(reader).post("/gifts/make/", {"article": article.pk, "once": given})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/gifts/new/?article={article.pk}")
    assert not GiftLink.objects.exists()


def test_the_form_needs_its_csrf_token(ada: Reader, gated: Article) -> None:
    client = browser(ada, enforce_csrf_checks=True)
    page = client.get(f"/gifts/new/?article={gated.pk}")
    form = {"article": gated.pk, "once": field(page, "once")}
    assert client.post("/gifts/make/", form).status_code == 403
    form["csrfmiddlewaretoken"] = field(page, "csrfmiddlewaretoken")
    assert client.post("/gifts/make/", form).status_code == 200


def test_nobody_is_asked_to_sign_in_first(gated: Article) -> None:
    for path in (f"/gifts/new/?article={gated.pk}", "/account/gifts/"):
        answer = browser().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/sign-in/?next=")
    assert browser().post("/gifts/make/", {"article": gated.pk}).status_code in {302, 403}


def test_who_may_not_give_is_told_why_and_sees_no_form(
    ada: Reader, dan: Reader, gated: Article, settings: Settings
) -> None:
    page = browser(dan).get(f"/gifts/new/?article={gated.pk}").content.decode()
    assert "come with a subscription" in page
    assert 'name="once"' not in page
    settings.GIFTS = 1
    client = browser(ada)
    make(client, gated)
    page = client.get(f"/gifts/new/?article={gated.pk}").content.decode()
    assert "all the links of this month" in page
    settings.GIFTS = 0
    assert "cannot be given" in client.get(f"/gifts/new/?article={gated.pk}").content.decode()


def test_a_month_that_was_used_up_meanwhile_is_said(ada: Reader, gated: Article, settings: Settings) -> None:
    client = browser(ada)
    form = {"article": gated.pk, "once": field(client.get(f"/gifts/new/?article={gated.pk}"), "once")}
    settings.GIFTS = 1
    token_of(ada, gated)
    answer = client.post("/gifts/make/", form)
    assert answer.status_code == 409
    assert "all the links of this month" in answer.content.decode()


@pytest.mark.parametrize("given", ["", "x", "-1", "0", "9" * 18, "9" * 400, "1;2"])
def test_an_article_that_is_not_there_is_not_found(ada: Reader, given: str) -> None:
    assert browser(ada).get("/gifts/new/", {"article": given}).status_code == 404
    assert browser(ada).post("/gifts/make/", {"article": given}).status_code == 404


def test_the_list_shows_each_link_and_ends_it(ada: Reader, dan: Reader, gated: Article) -> None:
    client = browser(ada)
    token = token_of(ada, gated)
    page = client.get("/account/gifts/").content.decode()
    assert "The Fortress" in page
    assert "End this link" in page
    key = GiftLink.objects.get().pk
    assert browser(dan).post(f"/account/gifts/{key}/revoke/").status_code == 404
    assert client.get(f"/account/gifts/{key}/revoke/").status_code == 405
    assert client.post(f"/account/gifts/{key}/revoke/", follow=True).status_code == 200
    page = client.get("/account/gifts/").content.decode()
    assert "Ended early" in page
    assert "End this link" not in page
    assert GIFT_COOKIE not in opened(gated, token).cookies
    assert "The Fortress" not in browser(dan).get("/account/gifts/").content.decode()


def test_the_pages_are_their_reader_s_own_and_ask_little(ada: Reader, gated: Article) -> None:
    client = browser(ada)
    made = make(client, gated)
    for _ in range(5):
        token_of(ada, gated)
    for path in (f"/gifts/new/?article={gated.pk}", "/account/gifts/"):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path)
        assert len(queries) <= 12
        assert "no-store" in page.headers["Cache-Control"]
        assert 'content="noindex"' in page.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert made.headers["Referrer-Policy"] == "no-referrer"


def test_the_link_on_the_article_s_page_knows_nothing_of_its_reader(
    gated: Article, settings: Settings
) -> None:
    part = render_to_string("gifts/give.html", {"article": gated})
    assert f'href="/gifts/new/?article={gated.pk}"' in part
    assert "csrf" not in part
    assert "<form" not in part
    settings.GIFTS = 0
    assert not render_to_string("gifts/give.html", {"article": gated}).strip()


KEPT_TO_ITSELF = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def test_a_good_link_leads_to_the_clean_address_with_a_cookie_for_it_alone(
    ada: Reader, gated: Article, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    answer = opened(gated, token_of(ada, gated))
    assert (answer.status_code, answer.headers["Location"]) == (303, gated.get_absolute_url())
    assert {name: answer.headers[name] for name in KEPT_TO_ITSELF} == KEPT_TO_ITSELF
    cookie = answer.cookies[GIFT_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["secure"], cookie["samesite"]) == (
        gated.get_absolute_url(),
        True,
        True,
        "Lax",
    )
    assert 13 * 86_400 < cookie["max-age"] <= 14 * 86_400
    gift = asking.gift_of({GIFT_COOKIE: cookie.value}, gated.pk, timezone.now())
    assert gift is not None
    assert gift.article == gated.pk


def test_a_wrong_ended_or_foreign_link_leads_to_the_clean_address_without(
    ada: Reader, gated: Article
) -> None:
    other = making.article("Another")
    ended = token_of(ada, gated)
    revoke_gift(GiftLink.objects.get().pk, ada, timezone.now())
    for token in ("", "guess", ended, token_of(ada, other), "A" * 5000):
        answer = opened(gated, token)
        assert (answer.status_code, answer.headers["Location"]) == (303, gated.get_absolute_url())
        assert {name: answer.headers[name] for name in KEPT_TO_ITSELF} == KEPT_TO_ITSELF
        assert not answer.cookies


def test_an_address_without_a_link_is_not_our_business(gated: Article) -> None:
    assert open_gift(RequestFactory().get(gated.get_absolute_url()), gated, timezone.now()) is None


def test_openings_are_counted_once_each_and_only_people_s(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    opened(gated, token)
    opened(gated, token)
    for method, meta in (
        ("head", {}),
        ("get", {"HTTP_USER_AGENT": "Slackbot 1.0"}),
        ("get", {"HTTP_SEC_PURPOSE": "prefetch"}),
    ):
        opened(gated, token, method, **meta)
    assert GiftLink.objects.get().opened == 2


def test_many_wrong_links_from_one_network_and_it_is_told_to_wait(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    here, elsewhere = {"REMOTE_ADDR": "203.0.113.5"}, {"REMOTE_ADDR": "203.0.113.6"}
    for _ in range(40):
        assert opened(gated, token, **here).status_code == 303
    answers = [opened(gated, f"guess{n}", **here).status_code for n in range(31)]
    assert answers == [303] * 30 + [429]
    held_up = opened(gated, "guess32", **here)
    assert held_up.status_code == 429
    assert {name: held_up.headers[name] for name in KEPT_TO_ITSELF} == KEPT_TO_ITSELF
    assert not held_up.cookies
    assert opened(gated, "guess33", **elsewhere).status_code == 303
    assert GIFT_COOKIE in opened(gated, token, **here).cookies, (
        "a good one is taken, whoever else is in the network"
    )


def test_opening_asks_little_of_the_database(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    with CaptureQueriesContext(connection) as queries:
        opened(gated, token)
    assert (
        len([q for q in queries if "backnumber_cache" not in q["sql"] and "SAVEPOINT" not in q["sql"]]) <= 6
    )


def test_staff_see_the_links_and_end_one_and_come_back(ada: Reader, staff: Reader, gated: Article) -> None:
    token = token_of(ada, gated)
    key = GiftLink.objects.get().pk
    client = browser(staff)
    for path in ("/admin/gift-links/", "/admin/gift-links/?q=fortress", f"/admin/gift-links/inspect/{key}/"):
        page = client.get(path).content.decode()
        assert "ada@example.org" in page
        assert token not in page
    assert f'action="/account/gifts/{key}/revoke/"' in page
    answer = client.post(f"/account/gifts/{key}/revoke/", {"next": f"/admin/gift-links/inspect/{key}/"})
    assert answer.headers["Location"] == f"/admin/gift-links/inspect/{key}/"
    assert (
        f'action="/account/gifts/{key}/revoke/"'
        not in client.get(answer.headers["Location"]).content.decode()
    )
    assert GIFT_COOKIE not in opened(gated, token).cookies


@pytest.mark.parametrize("away", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_away_after_ending_a_link(ada: Reader, gated: Article, away: str) -> None:
    token_of(ada, gated)
    answer = browser(ada).post(f"/account/gifts/{GiftLink.objects.get().pk}/revoke/", {"next": away})
    assert answer.headers["Location"] == "/account/gifts/"


def test_even_an_administrator_makes_changes_and_deletes_none_in_the_admin(
    ada: Reader, staff: Reader, gated: Article
) -> None:
    token_of(ada, gated)
    key = GiftLink.objects.get().pk
    client = browser(staff)
    for path in ("new/", f"edit/{key}/", f"delete/{key}/"):
        client.get(f"/admin/gift-links/{path}")
        answer = client.post(f"/admin/gift-links/{path}", {})
        assert answer.status_code in {302, 403, 404}
    assert GiftLink.objects.filter(pk=key, revoked_at=None).count() == 1


def test_staff_without_the_permission_see_none(ada: Reader, gated: Article) -> None:
    token_of(ada, gated)
    clerk = making.reader("cleo", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    answer = browser(clerk).get("/admin/gift-links/", follow=True)
    assert "ada@example.org" not in answer.content.decode()
