"""As many devices as the publisher allows; the reader sees them and ends any; what is ended is ended at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.readers import devices, service
from backnumber.readers.device_words import UNKNOWN, device_name
from backnumber.readers.middleware import COOKIE
from backnumber.readers.models import Device, EndedDevice, Reader
from tests.making import PASSWORD
from tests.readers.conftest import last_code

Browser = Callable[..., Client]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
PAGE = "/account/devices/"
SAID = "the one you had not used for longest"


def sign_in(reader: Reader, agent: str = FIREFOX) -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR="203.0.113.77")
    client.post(reverse("account_login"), {"login": reader.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def device_of(client: Client) -> Device:
    return Device.objects.get(session=client.cookies["sessionid"].value)


def used(client: Client, at: datetime) -> None:
    Device.objects.filter(pk=device_of(client).pk).update(used_at=at)


@pytest.fixture
def fay(db: None) -> Reader:
    return service.open_account("fay@example.org", PASSWORD)


@pytest.fixture
def five(eve: Reader, settings: Settings) -> list[Client]:
    """Eve on five devices, the third of them not used for longest."""
    settings.DEVICES = 5
    clients = [sign_in(eve) for _ in range(5)]
    for days, client in zip((1, 2, 9, 3, 4), clients, strict=True):
        used(client, timezone.now() - timedelta(days=days))
    return clients


def test_one_device_more_signs_out_the_one_used_least_recently(five: list[Client], eve: Reader) -> None:
    sixth = sign_in(eve)
    assert [is_in(client) for client in [*five, sixth]] == [True, True, False, True, True, True]
    assert Device.objects.count() == Session.objects.count() == 5


def test_control_without_a_number_nobody_is_signed_out(
    five: list[Client], eve: Reader, settings: Settings
) -> None:
    settings.DEVICES = 0
    sign_in(eve)
    assert all(is_in(client) for client in five)


def test_the_devices_of_somebody_else_are_not_counted(five: list[Client], fay: Reader) -> None:
    assert is_in(sign_in(fay))
    assert all(is_in(client) for client in five)


def test_a_smaller_number_holds_from_the_next_sign_in_on(
    five: list[Client], eve: Reader, settings: Settings
) -> None:
    settings.DEVICES = 1
    assert all(is_in(client) for client in five)
    sixth = sign_in(eve)
    assert not any(is_in(client) for client in five)
    assert is_in(sixth)


def test_who_was_signed_out_is_told_why_once(five: list[Client], eve: Reader) -> None:
    sign_in(eve)
    sent_away = five[2].get(reverse("account"))
    page = five[2].get(sent_away.headers["Location"]).content.decode()
    assert SAID in page
    assert SAID not in five[2].get(reverse("account_login")).content.decode()


def test_who_goes_straight_to_the_sign_in_page_is_told_too(five: list[Client], eve: Reader) -> None:
    sign_in(eve)
    assert SAID in five[2].get(reverse("account_login")).content.decode()
    assert SAID not in five[2].get(reverse("account_login")).content.decode()


def test_nobody_else_is_told_anything(five: list[Client], eve: Reader, browser: Browser) -> None:
    sign_in(eve)
    for cookie, value in (("sessionid", "a" * 32), (COOKIE, "<b>forged</b>"), (COOKIE, "")):
        client = browser()
        client.cookies[cookie] = value
        page = client.get(reverse("account_login")).content.decode()
        assert "You were signed out here" not in page
        assert "forged" not in page


def test_the_reason_is_put_on_no_page_that_others_may_be_sent(
    five: list[Client], eve: Reader, gated: Article
) -> None:
    sign_in(eve)
    answer = five[2].get(gated.get_absolute_url())
    assert answer.cookies[COOKIE]["path"] == "/account/sign-in/"
    assert "public" not in answer.headers["Cache-Control"]


def test_the_reader_sees_devices_in_words_and_no_address(eve: Reader) -> None:
    here = sign_in(eve)
    sign_in(eve, IPHONE)
    page = here.get(PAGE).content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on an iPhone" in page
    assert page.count("This device") == 1
    assert page.count('name="end" value="') == 2, "the other one, and all others"
    for hidden in ("203.0.113", "Mozilla", "Gecko", *Session.objects.values_list("pk", flat=True)):
        assert hidden not in page


def test_a_device_is_ended_at_once_and_this_one_stays(eve: Reader) -> None:
    here, there, third = sign_in(eve), sign_in(eve, IPHONE), sign_in(eve)
    assert here.post(PAGE, {"end": str(device_of(there).pk)}).headers["Location"] == PAGE
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    said = there.get(reverse("account_login")).content.decode()
    assert "from another of your devices" in said


def test_all_others_are_ended_at_once(eve: Reader, fay: Reader) -> None:
    here, *others = [sign_in(eve) for _ in range(4)]
    somebody = sign_in(fay)
    here.post(PAGE, {"end": "others"})
    assert is_in(here)
    assert not any(is_in(client) for client in others)
    assert is_in(somebody)


def test_nobody_ends_the_device_of_another_reader(eve: Reader, fay: Reader) -> None:
    hers, others = sign_in(eve), sign_in(fay)
    assert others.post(PAGE, {"end": str(device_of(hers).pk)}).headers["Location"] == PAGE
    assert is_in(hers)


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 40, "²", "others "])
def test_what_makes_no_sense_ends_nothing(eve: Reader, given: str) -> None:
    here, there = sign_in(eve), sign_in(eve)
    assert here.post(PAGE, {"end": given}).status_code == 302
    here.post(PAGE, {"end": str(device_of(here).pk)})
    assert is_in(here)
    assert is_in(there)


def test_ending_needs_a_post_with_a_token(eve: Reader) -> None:
    there = sign_in(eve)
    here = Client(enforce_csrf_checks=True)
    here.force_login(eve)
    asked = {"end": str(device_of(there).pk)}
    assert here.get(PAGE, asked).status_code == 200
    assert here.post(PAGE, asked).status_code == 403
    assert is_in(there)


def test_a_request_under_way_does_not_bring_an_ended_session_back(eve: Reader) -> None:
    there = sign_in(eve)
    under_way = SessionStore(there.cookies["sessionid"].value)
    under_way["seen"] = "something"
    devices.end_others(eve, but="", now=timezone.now())
    with pytest.raises(UpdateError):
        under_way.save()
    assert not devices.remember(eve, there.cookies["sessionid"].value, "Firefox", timezone.now())
    assert not is_in(there)


@pytest.mark.django_db(transaction=True)
def test_sign_ins_at_the_same_instant_leave_no_more_than_allowed(settings: Settings) -> None:
    settings.DEVICES = 3
    reader = service.open_account("eve@example.org", PASSWORD)
    start, clients, strange = Barrier(8), [], []

    def arrive() -> None:
        try:
            start.wait()
            clients.append(sign_in(reader))
        except BaseException as problem:
            strange.append(problem)
        finally:
            connection.close()

    threads = [Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert strange == []
    assert Device.objects.count() == 3
    assert sum(is_in(client) for client in clients) == 3
    assert Session.objects.count() == 3


def writes(made: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in made.captured_queries if "readers_device" in q["sql"]]


def test_pages_in_a_row_write_nothing_about_the_device(eve: Reader) -> None:
    client = sign_in(eve)
    with CaptureQueriesContext(connection) as made:
        for _ in range(5):
            client.get("/help/")
            client.get(reverse("account_email"))
    assert writes(made) == []


def test_last_use_is_noted_after_a_few_minutes_once(eve: Reader) -> None:
    client = sign_in(eve)
    before = timezone.now() - timedelta(minutes=7)
    used(client, before)
    caches["devices"].clear()
    with CaptureQueriesContext(connection) as made:
        client.get(reverse("account_email"))
        client.get(reverse("account_email"))
    assert sum("UPDATE" in sql for sql in writes(made)) == 1
    assert device_of(client).used_at > before + timedelta(minutes=6)
    now = device_of(client).used_at
    caches["devices"].clear()
    client.get(reverse("account_email"))
    assert device_of(client).used_at == now, "another process had noted it a moment ago"


def test_a_changed_password_shuts_the_others_and_they_are_not_counted(eve: Reader) -> None:
    here, there = sign_in(eve), sign_in(eve, IPHONE)
    here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "a new lantern here"}
    )
    page = here.get(PAGE).content.decode()
    assert "This device" in page
    assert "iPhone" not in page
    assert not is_in(there)
    assert is_in(here)


def test_signing_out_leaves_no_device(eve: Reader) -> None:
    client = sign_in(eve)
    client.post(reverse("account_logout"))
    assert (Device.objects.count(), EndedDevice.objects.count()) == (0, 0)
    assert "You were signed out here" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("how", ["password", "code"])
def test_a_planted_session_is_worth_nothing_after_signing_in(eve: Reader, browser: Browser, how: str) -> None:
    client, stranger = browser(), browser()
    client.get(reverse("account_login"))
    planted = client.session
    planted["planted"] = "by somebody else"
    planted.save()
    key = planted.session_key or ""
    client.cookies["sessionid"] = stranger.cookies["sessionid"] = key
    if how == "password":
        client.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD})
    else:
        at = client.post(reverse("account_request_login_code"), {"email": eve.email}).headers["Location"]
        client.post(at, {"code": last_code(), "action": "verify"})
    assert is_in(client)
    assert client.cookies["sessionid"].value != key
    assert not Session.objects.filter(pk=key).exists()
    assert not is_in(stranger)


def test_why_a_session_ended_is_forgotten_when_no_browser_keeps_it(eve: Reader, settings: Settings) -> None:
    sign_in(eve)
    now = timezone.now()
    devices.end_others(eve, but="", now=now)
    kept = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert devices.forget_ended(now + kept) == 0
    assert devices.forget_ended(now + kept + timedelta(seconds=1)) == 1


def test_what_is_kept_of_an_ended_session_opens_nothing(eve: Reader) -> None:
    key = sign_in(eve).cookies["sessionid"].value
    devices.end_others(eve, but="", now=timezone.now())
    assert EndedDevice.objects.get().mark != key
    assert devices.why_ended(key) is EndedDevice.Because.READER


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on an iPhone"),
        (IPHONE.replace("Version/18.6", "CriOS/142.0"), "Chrome on an iPhone"),
        (IPHONE.replace("Version/18.6", "FxiOS/145.0"), "Firefox on an iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.6 Safari/605.1.15", "Safari on a Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/142.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0 Safari/537.36 OPR/120.0", "Opera on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Trident/7.0) like Gecko", "A browser on Windows"),
        ("<script>alert(1)</script>", UNKNOWN),
        ("", UNKNOWN),
    ],
)  # fmt: skip
def test_a_device_is_called_by_words_of_our_own(agent: str, name: str) -> None:
    assert device_name(agent) == name
