"""What was shown is what is ordered: price, beginning and end; and an address once typed is not lost with the session."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.checkout import quotes, service
from backnumber.checkout.models import Order, new_key
from backnumber.circulation.models import PrintSubscription
from backnumber.payments.models import Payment
from backnumber.products.models import Price, Product
from backnumber.readers import typed as kept_fields
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account
from tests import making
from tests.checkout import steps
from tests.checkout.forms import quote_in
from tests.circulation.test_claims import printed

YEARLY, PRINT = "/buy/online-yearly/", "/buy/print-and-archive/"
ADDRESS = {**steps.TYPED, "country": "GB", "shown_for": "GB"}


@pytest.fixture
def as_dan(client: Client, dan: Reader) -> Client:
    making.products()
    client.force_login(dan)
    return client


def form_of(client: Client, address: str = YEARLY, **typed: str) -> dict[str, str]:
    """The form as the page shows it now, with what is typed into it."""
    page = client.get(address).content.decode()
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    return {"token": token[1], "quote": quote_in(page), **typed}


def comes_back(client: Client, address: str, form: dict[str, str]) -> str:
    """The page that is shown again, nothing begun; sent once more as it is then, it goes through."""
    before = (Order.objects.count(), Payment.objects.count())
    answer = client.post(address, form)
    assert answer.status_code == 200
    assert (Order.objects.count(), Payment.objects.count()) == before
    page = answer.content.decode()
    assert client.post(address, {**form, "quote": quote_in(page)}).status_code == 302
    return page


def test_a_form_sent_as_it_was_shown_goes_through(as_dan: Client) -> None:
    assert as_dan.post(YEARLY, form_of(as_dan)).status_code == 302
    assert Order.objects.count() == 1


def test_a_price_that_changed_meanwhile_comes_back_with_both(as_dan: Client) -> None:
    form = form_of(as_dan)
    Price.objects.filter(product__code="online-yearly").update(minor=5200)
    assert "To pay: £52; before it was £48." in comes_back(as_dan, YEARLY, form)


def test_another_term_bought_in_another_tab_comes_back_with_the_new_days(as_dan: Client, dan: Reader) -> None:
    form = form_of(as_dan)
    held = steps.paid_order(dan, "online-monthly")
    assert held.until
    page = comes_back(as_dan, YEARLY, form)
    assert "before it was as soon as it is paid" in page
    assert f"{timezone.localtime(held.until):%-d %B %Y}, where your present subscription ends" in page


def test_a_refund_meanwhile_comes_back_too(as_dan: Client, dan: Reader) -> None:
    held = steps.paid_order(dan, "online-monthly")
    form = form_of(as_dan)
    steps.refund(held, timezone.now())
    service.settle(held.key, timezone.now())
    assert "Begins: as soon as it is paid; before it was" in comes_back(as_dan, YEARLY, form)


def test_a_form_left_open_over_midnight_comes_back(as_dan: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form = form_of(as_dan)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    answer = as_dan.post(YEARLY, form)
    assert answer.status_code == 200
    assert "Ends: " in answer.content.decode()
    assert not Order.objects.exists()


def test_another_length_or_name_of_the_product_comes_back(as_dan: Client) -> None:
    form = form_of(as_dan)
    Product.objects.filter(code="online-yearly").update(term_months=6)
    page = comes_back(as_dan, YEARLY, form)
    assert "What: Online access, 6 months; before it was Online access, yearly." in page
    assert "Ends: " in page


def test_another_price_for_the_country_comes_back_and_keeps_the_address(as_dan: Client) -> None:
    form = form_of(as_dan, f"{PRINT}?country=GB", **ADDRESS)
    Price.objects.filter(region="uk").update(minor=7900)
    page = comes_back(as_dan, PRINT, form)
    assert "To pay: £79; before it was £69." in page
    assert "1 Crane Street" in page


def test_a_day_pass_does_not_come_back_because_a_minute_passed(
    as_dan: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.product("one-day-pass", 400, term_days=1)
    form = form_of(as_dan, "/buy/one-day-pass/")
    later = timezone.now() + timedelta(minutes=7)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert as_dan.post("/buy/one-day-pass/", form).status_code == 302


@pytest.mark.parametrize("forged", ["", "x", "e30:1:2"])
def test_a_form_without_what_it_showed_comes_back_and_orders_nothing(as_dan: Client, forged: str) -> None:
    page = comes_back(as_dan, YEARLY, {**form_of(as_dan), "quote": forged})
    assert "Look at your order once more" in page


def test_what_another_reader_or_another_form_showed_counts_for_nothing(as_dan: Client, ben: Reader) -> None:
    monthly = form_of(as_dan, "/buy/online-monthly/")["quote"]
    other = Client()
    other.force_login(ben)
    for quote in (monthly, form_of(other)["quote"]):
        assert as_dan.post(YEARLY, {**form_of(as_dan), "quote": quote}).status_code == 200
    assert not Order.objects.exists()


def test_a_form_sent_again_after_paying_leads_to_its_order_whatever_would_be_shown_now(
    as_dan: Client,
) -> None:
    form, second_tab = form_of(as_dan), form_of(as_dan)
    till = as_dan.post(YEARLY, form)["Location"]
    assert as_dan.post(YEARLY, second_tab)["Location"] == till
    done = as_dan.post(till, {"button": "approve"})["Location"]
    as_dan.get(done)
    for tab in (second_tab, form):
        assert done.endswith(as_dan.post(YEARLY, tab)["Location"])
    assert Order.objects.count() == 1


def test_what_changed_between_the_look_and_the_order_is_seen_under_the_lock(dan: Reader) -> None:
    """Two tabs at the very same moment: the form was looked at before the other order was settled."""
    wish, now = steps.wish(), timezone.now()
    lines = quotes.term_lines(0, service.rules.first_term(now, 12, service.ZoneInfo("Europe/London")), now)
    shown = quotes.Quote(dan.pk, wish.product.pk, lines)
    wish = service.Wish(wish.product, wish.price, wish.region, shown=shown)
    steps.paid_order(dan, "online-monthly", now=now)
    with pytest.raises(service.ShownOtherwise):
        service.place(dan, wish, new_key(), now)


def test_an_old_order_is_tried_again_only_as_its_page_shows_it(as_dan: Client, dan: Reader) -> None:
    placed = steps.order(dan)
    steps.decline(placed)
    stopped, again = f"/checkout/{placed.key}/stopped/", f"/checkout/{placed.key}/again/"
    form = {"quote": quote_in(as_dan.get(stopped).content.decode())}
    steps.paid_order(dan, "online-monthly")
    assert as_dan.post(again, form)["Location"] == stopped
    page = as_dan.get(stopped).content.decode()
    assert "Look at the order once more" in page
    assert Payment.objects.filter(order_key=placed.key).count() == 1
    assert "/till/" in as_dan.post(again, {"quote": quote_in(page)})["Location"]


def signed_out_while_typing(client: Client, address: str, form: dict[str, str]) -> str:
    """The session ends on the server; the form is sent; where the reader is led."""
    client.session.flush()
    answer = client.post(address, form)
    assert answer.status_code == 302
    return str(answer["Location"])


def sign_in(client: Client, reader: Reader, back: str) -> Any:
    typed = {"login": reader.email, "password": making.PASSWORD, "next": back}
    return client.post("/account/sign-in/", typed)


def test_a_typed_address_outlives_the_session(client: Client, db: None) -> None:
    making.products()
    dan = open_account("dan@example.org", making.PASSWORD)
    client.force_login(dan)
    form = form_of(client, f"{PRINT}?country=GB", **{**ADDRESS, "street_address": "7 Quiet Lane"})
    to = signed_out_while_typing(client, PRINT, form)
    assert to.startswith("/account/sign-in/")
    assert "what you typed is kept for you" in client.get(to).content.decode()
    back = sign_in(client, dan, unquote(to.partition("next=")[2]))["Location"]
    page = client.get(back).content.decode()
    assert "7 Quiet Lane" in page
    assert not Order.objects.exists()
    again = {**form, "quote": quote_in(page)}
    assert client.post(PRINT, again).status_code == 302


def test_what_one_reader_typed_is_not_shown_to_the_next_at_the_same_browser(client: Client, db: None) -> None:
    making.products()
    dan, ben = (open_account(f"{name}@example.org", making.PASSWORD) for name in ("dan", "ben"))
    client.force_login(dan)
    form = form_of(client, f"{PRINT}?country=GB", **{**ADDRESS, "street_address": "7 Quiet Lane"})
    signed_out_while_typing(client, PRINT, form)
    sign_in(client, ben, PRINT)
    assert "7 Quiet Lane" not in client.get(f"{PRINT}?country=GB").content.decode()
    client.post("/account/sign-out/")
    sign_in(client, dan, PRINT)
    assert "7 Quiet Lane" not in client.get(f"{PRINT}?country=GB").content.decode(), "signing out ends it"


def test_an_address_changed_after_the_session_ended_is_there_again(client: Client, db: None) -> None:
    dan = open_account("dan@example.org", making.PASSWORD)
    mine: PrintSubscription = printed(reader=dan)
    client.force_login(dan)
    address = f"/account/address/{mine.pk}/"
    page = client.get(address).content.decode()
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark
    typed = {"mark": mark[1], "address": "7 Quiet Lane\nYork", "postcode": "YO1 7HH", "country": "GB"}
    signed_out_while_typing(client, address, typed)
    sign_in(client, dan, address)
    assert "7 Quiet Lane" in client.get(address).content.decode()
    mine.refresh_from_db()
    assert "Quiet" not in mine.address


def test_what_is_kept_is_kept_for_two_hours_and_is_little(client: Client, db: None, rf: Any) -> None:
    dan, now = making.reader("dan"), timezone.now()
    request = rf.get("/")
    request.session, request.user = client.session, dan
    for n in range(9):
        kept_fields.keep(request, f"form {n}", {"street": "x" * 9000}, owner=dan.pk, now=now)
    assert len(request.session["typed"]) == 3
    assert len(kept_fields.kept_for(request, "form 8", dan, now)["street"]) == 2000
    assert kept_fields.kept_for(request, "form 8", dan, now + timedelta(hours=3)) == {}
    assert kept_fields.kept_by(request, "form 8", "", now) == {}
