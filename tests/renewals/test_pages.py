"""The pages of a subscription: seen by its reader only, changed in two clicks, true at each step."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.checkout import clock
from backnumber.checkout.models import Order
from backnumber.payments.till.models import TillCardPage, TillMandate
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from tests.renewals import renewing


@pytest.fixture
def as_dan(client: Client, dan: Reader) -> Client:
    client.force_login(dan)
    return client


@pytest.fixture
def as_ben(ben: Reader) -> Client:
    client = Client()
    client.force_login(ben)
    return client


@pytest.fixture
def held(dan: Reader) -> Subscription:
    return renewing.subscription(dan, now=timezone.now())


def text(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_account_says_when_it_renews_for_how_much_and_by_which_card(
    as_dan: Client, held: Subscription
) -> None:
    said = text(as_dan, "/account/")
    assert "Renews for £6" in said
    assert "Demo card ending 4242" in said
    assert held.get_absolute_url() in said


def test_it_is_cancelled_in_two_clicks_and_taken_up_again(as_dan: Client, held: Subscription) -> None:
    at = held.get_absolute_url()
    assert "Cancel the renewal" in text(as_dan, at)
    as_dan.post(at, {"do": "cancel"})
    assert Subscription.objects.get().state == Subscription.State.ENDING
    assert "It does not renew; nothing more is charged" in text(as_dan, at)
    as_dan.post(at, {"do": "resume"})
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def test_a_look_changes_nothing(as_dan: Client, held: Subscription) -> None:
    for more in ("?do=cancel", "pay/?do=cancel", "card/"):
        as_dan.get(held.get_absolute_url() + more, follow=True)
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


@pytest.mark.parametrize("sent", [{}, {"do": "nothing"}, {"do": "Cancel"}])
def test_what_no_button_sends_does_nothing(as_dan: Client, held: Subscription, sent: dict[str, str]) -> None:
    assert as_dan.post(held.get_absolute_url(), sent).status_code == 400
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


@pytest.mark.parametrize("months", ["", "0", "7", "-1", "x", "99999"])
def test_a_pause_of_no_length_is_refused_in_words(as_dan: Client, held: Subscription, months: str) -> None:
    answer = as_dan.post(held.get_absolute_url(), {"do": "pause", "months": months}, follow=True)
    assert "Choose a pause of 1 to 6 months" in answer.content.decode()
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def test_a_switch_to_what_is_not_offered_is_refused_in_words(as_dan: Client, held: Subscription) -> None:
    answer = as_dan.post(held.get_absolute_url(), {"do": "switch", "to": "forged"}, follow=True)
    assert "Choose what it should become" in answer.content.decode()
    renewing.product("yearly", 4800, 12)
    as_dan.post(held.get_absolute_url(), {"do": "switch", "to": "yearly"})
    assert "as Online access, yearly" in text(as_dan, held.get_absolute_url())


def test_another_card_is_given_on_the_providers_page(as_dan: Client, held: Subscription) -> None:
    away = as_dan.post(held.get_absolute_url(), {"do": "card"})
    page = TillCardPage.objects.get()
    assert page.key in away["Location"]
    as_dan.post(f"/till/{page.key}/card/", {"later": "goes-through", "button": "give"})
    page.refresh_from_db()
    assert page.mandate is not None
    as_dan.get(page.success_url.removeprefix("http://localhost:8000"), follow=True)
    assert Subscription.objects.get().mandate_key == page.mandate.key


def test_a_failed_payment_is_shown_and_paid(as_dan: Client, held: Subscription) -> None:
    TillMandate.objects.update(later="wants-confirmation")
    clock.act_on_all(held.paid_until - timedelta(hours=2))
    said = text(as_dan, held.get_absolute_url())
    assert "Your bank wants you to confirm it yourself" in said
    assert "Payment failed" in text(as_dan, "/account/")
    away = as_dan.post(f"{held.get_absolute_url()}pay/")
    assert "/till/" in away["Location"]
    renewal = Order.objects.get(term=2)
    renewing.pay(renewal, now=timezone.now())
    answer = as_dan.get(f"/checkout/{renewal.key}/done/", follow=True)
    assert "This is yours now" in answer.content.decode()
    assert Subscription.objects.get().state == Subscription.State.ACTIVE
    assert (
        "Nothing is left to pay"
        in as_dan.post(f"{held.get_absolute_url()}pay/", follow=True).content.decode()
    )


def test_it_is_its_readers_only(as_ben: Client, held: Subscription) -> None:
    for more in ("", "card/", "pay/"):
        at = held.get_absolute_url() + more
        assert as_ben.get(at).status_code == 404
        assert as_ben.post(at, {"do": "cancel"}).status_code in {404, 405}
        assert "/account/sign-in/" in Client().get(at)["Location"]
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


def test_who_has_it_is_led_to_it_and_not_to_the_till(as_dan: Client, held: Subscription) -> None:
    said = text(as_dan, "/buy/monthly/")
    assert "You have this already" in said
    assert held.get_absolute_url() in said


def test_the_buying_page_says_what_is_agreed_to(as_dan: Client, db: None) -> None:
    renewing.product("monthly")
    said = text(as_dan, "/buy/monthly/")
    assert "£6 a month, first on" in said
    assert "until you cancel" in said
    assert "By paying you agree that £6" in said


def test_a_deleted_account_stops_what_renews_at_the_provider_first(
    as_dan: Client, held: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object) -> None:
        raise clock.ProviderUnavailable

    monkeypatch.setattr("backnumber.payments.till.provider.Till.forget_mandate", down)
    monkeypatch.setattr("backnumber.website.account._proven", lambda *args: True)
    answer = as_dan.post("/account/delete/", {"proof": "x"}, follow=True)
    assert "Nothing was deleted" in answer.content.decode()
    assert Reader.objects.filter(email="dan@example.org").exists()
    monkeypatch.undo()
    monkeypatch.setattr("backnumber.website.account._proven", lambda *args: True)
    as_dan.post("/account/delete/", {"proof": "x"})
    assert not Reader.objects.filter(email="dan@example.org").exists()
    assert TillMandate.objects.get().forgotten_at is not None
