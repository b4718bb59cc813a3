"""The pages of buying, as a browser without JavaScript meets them."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.checkout import queries
from backnumber.checkout.models import Order
from backnumber.grants.models import Grant
from backnumber.payments.models import Payment
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.checkout.forms import PRINT, quote_in, send, token_in


@pytest.fixture
def shop(db: None) -> dict[str, Product]:
    return making.products()


@pytest.fixture
def as_dan(client: Client, dan: Reader, shop: dict[str, Product]) -> Client:
    client.force_login(dan)
    return client


def test_the_page_says_that_nothing_is_taken_again_only_where_that_is_so(
    client: Client, shop: dict[str, Product]
) -> None:
    never = "A subscription ends by itself. Nothing is taken from your card again"
    assert never in client.get("/subscribe/").content.decode()
    Product.objects.filter(code="online-yearly").update(renews=True)
    page = client.get("/subscribe/").content.decode()
    assert never not in page
    assert "you stop it on your account page at any time" in page


def test_what_is_for_sale_is_set_out_with_its_prices(
    client: Client, shop: dict[str, Product], gated: Article
) -> None:
    page = client.get(f"/subscribe/?article={gated.pk}").content.decode()
    for price in ("£6", "£48", "£69", "£89", "£99"):
        assert price in page
    for code in shop:
        assert f'href="/buy/{code}/?article={gated.pk}"' in page
    assert gated.headline in page
    assert "?article=" not in client.get("/subscribe/?article=99999999999999999999x").content.decode()


def test_nobody_is_sent_to_make_an_account_and_back(client: Client, shop: dict[str, Product]) -> None:
    answer = client.get("/buy/online-yearly/?article=7")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/sign-up/?next=")
    assert unquote(answer["Location"]).endswith("next=/buy/online-yearly/?article=7")
    assert "First make an account" in client.get(answer["Location"]).content.decode()


def test_what_is_not_for_sale_is_not_there(as_dan: Client, shop: dict[str, Product]) -> None:
    Product.objects.filter(code="online-monthly").update(for_sale=False)
    assert as_dan.get("/buy/online-monthly/").status_code == 404
    assert as_dan.get("/buy/nothing/").status_code == 404
    assert as_dan.get("/buy/online-yearly/").status_code == 200


def test_a_reader_buys_and_stands_on_the_article(as_dan: Client, gated: Article) -> None:
    page = as_dan.get(f"/buy/online-yearly/?article={gated.pk}").content.decode()
    assert "£48" in page
    assert gated.headline in page
    status, till, _ = send(as_dan, "/buy/online-yearly/", token=token_in(page), article=str(gated.pk))
    assert status == 302
    assert "/till/" in till
    back = as_dan.post(till, {"button": "vanish"})["Location"]
    answer = as_dan.get(back)
    assert (answer.status_code, answer["Location"]) == (302, gated.get_absolute_url())
    assert Grant.objects.get().label == "Online access, yearly"
    assert [m.subject for m in mail.outbox] == ["Your receipt: Online access, yearly"]
    assert as_dan.get(back)["Location"] == gated.get_absolute_url()
    assert len(mail.outbox) == 1


def test_without_an_article_the_reader_stands_on_the_receipt(as_dan: Client) -> None:
    page = as_dan.get("/buy/online-monthly/").content.decode()
    _, till, _ = send(as_dan, "/buy/online-monthly/", token=token_in(page))
    answer = as_dan.get(as_dan.post(till, {"button": "approve"})["Location"], follow=True)
    page = answer.content.decode()
    assert "Receipt" in page
    assert "£6" in page
    assert "Thank you" in page


def test_a_withdrawn_article_is_not_returned_to(as_dan: Client, dan: Reader, gated: Article) -> None:
    placed = steps.paid_order(dan, article=gated)
    Article.objects.update(live=False)
    assert as_dan.get(f"/checkout/{placed.key}/done/")["Location"] == f"/account/orders/{placed.key}/"
    assert queries.article_to_return_to(str(gated.pk)) is None


def test_a_price_from_the_browser_is_not_believed(as_dan: Client) -> None:
    typed = {
        "token": "a",
        "price": "1",
        "minor": "1",
        "amount": "1",
        "currency": "JPY",
        "region": "uk",
        "product": "online-monthly",
    }
    send(as_dan, "/buy/online-yearly/", **typed)
    assert str(Order.objects.get().amount) == "£48"
    assert str(Payment.objects.get().amount) == "£48"


def test_a_double_click_is_one_order(as_dan: Client) -> None:
    token = token_in(as_dan.get("/buy/online-yearly/").content.decode())
    first, second = (
        send(as_dan, "/buy/online-yearly/", token=token),
        send(as_dan, "/buy/online-yearly/", token=token),
    )
    assert first[:2] == second[:2]
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_a_form_sent_again_after_it_was_paid_charges_nothing(as_dan: Client) -> None:
    token = token_in(as_dan.get("/buy/online-yearly/").content.decode())
    _, till, _ = send(as_dan, "/buy/online-yearly/", token=token)
    as_dan.get(as_dan.post(till, {"button": "approve"})["Location"])
    assert send(as_dan, "/buy/online-yearly/", token=token)[1].endswith("/done/")
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_the_country_is_asked_first_then_its_own_form(as_dan: Client) -> None:
    first = as_dan.get(PRINT).content.decode()
    assert 'name="country"' in first
    assert 'name="postal_code"' not in first
    irish = as_dan.get(f"{PRINT}?country=IE").content.decode()
    assert "Eircode" in irish
    assert "£89" in irish
    assert 'name="postal_code"' not in as_dan.get(f"{PRINT}?country=ZZ").content.decode()


def test_a_country_in_an_address_is_read_by_its_names_too(as_dan: Client) -> None:
    for named in ("Scotland", "uk", "GBR"):
        assert "£69" in as_dan.get(PRINT, {"country": named}).content.decode()


@pytest.mark.parametrize(
    ("country", "typed", "region", "minor"),
    [
        ("GB", steps.TYPED, "uk", 6900),
        ("JE", {**steps.TYPED, "city": "St Helier", "postal_code": "JE2 3XX"}, "uk", 6900),
        ("IE", {**steps.TYPED, "city": "Galway", "postal_code": ""}, "europe", 8900),
        ("DE", {**steps.TYPED, "city": "Berlin", "postal_code": "10117"}, "europe", 8900),
        (
            "US",
            {**steps.TYPED, "city": "Dayton", "country_area": "OH", "postal_code": "45402"},
            "world",
            9900,
        ),
        ("JP", {**steps.TYPED, "country_area": "東京都", "postal_code": "104-0061"}, "world", 9900),
    ],
)
def test_the_country_decides_the_price(
    as_dan: Client, country: str, typed: dict[str, str], region: str, minor: int
) -> None:
    status, till, page = send(
        as_dan, PRINT, **{**typed, "country": country, "shown_for": country, "token": "t"}
    )
    assert status == 302, page
    placed = Order.objects.get()
    assert (placed.region, placed.minor, (placed.address or {}).get("country_code")) == (
        region,
        minor,
        country,
    )
    assert str(placed.amount) in as_dan.get(till).content.decode()


def test_changing_the_country_keeps_what_was_typed_and_complains_of_nothing(as_dan: Client) -> None:
    typed = {**steps.TYPED, "country": "IE", "shown_for": "GB", "token": "t", "change-country": "yes"}
    status, _, page = send(as_dan, PRINT, **typed)
    assert status == 200
    assert "1 Crane Street" in page
    assert "Eircode" in page
    assert "£89" in page
    assert "errorlist" not in page
    assert Order.objects.count() == 0


def test_a_country_changed_without_its_button_is_asked_about_and_not_charged(as_dan: Client) -> None:
    """Chosen in the list, then straight on to pay: form and total are still the other country's."""
    status, _, page = send(as_dan, PRINT, **{**steps.TYPED, "country": "US", "shown_for": "GB", "token": "t"})
    assert (status, Order.objects.count()) == (200, 0)
    assert "what United States needs" in page
    assert "£99" in page


def test_a_faulty_address_says_so_beside_the_field_and_keeps_the_rest(as_dan: Client) -> None:
    typed = {**steps.TYPED, "postal_code": "10117", "country": "GB", "shown_for": "GB", "token": "t"}
    status, _, page = send(as_dan, PRINT, **typed)
    assert (status, Order.objects.count()) == (200, 0)
    assert "Check the postcode" in page
    assert 'value="10117"' in page
    assert "1 Crane Street" in page
    assert 'value="t"' in page


def test_a_region_without_a_price_is_said_to_be_unserved(as_dan: Client, shop: dict[str, Product]) -> None:
    shop["print-and-archive"].prices.filter(region="world").delete()
    page = as_dan.get(f"{PRINT}?country=US").content.decode()
    assert "We do not post to United States" in page
    typed = {**steps.TYPED, "city": "Dayton", "country_area": "OH", "postal_code": "45402"}
    send(as_dan, PRINT, **{**typed, "country": "US", "shown_for": "US", "token": "t"})
    assert Order.objects.count() == 0


def test_the_address_is_there_again_next_time(as_dan: Client, dan: Reader) -> None:
    steps.order(dan, "print-and-archive", to=steps.GALWAY)
    page = as_dan.get(PRINT).content.decode()
    assert "4 Quay Street" in page
    assert "£89" in page


def test_buying_again_says_that_it_extends(as_dan: Client, dan: Reader) -> None:
    assert "extends" not in as_dan.get("/buy/online-yearly/").content.decode()
    held = steps.paid_order(dan)
    assert held.until
    page = as_dan.get("/buy/online-yearly/").content.decode()
    assert "This extends it" in page
    assert f"{timezone.localtime(held.until):%-d %B %Y}" in page


def test_who_reads_already_by_other_means_is_told(as_dan: Client, dan: Reader) -> None:
    making.grant(dan, until=timezone.now() + timedelta(days=50))
    assert "You may read the whole archive already" in as_dan.get("/buy/online-yearly/").content.decode()


@pytest.mark.parametrize(("button", "says"), [("decline", "was declined"), ("cancel", "was cancelled")])
def test_a_stopped_payment_loses_nothing_and_may_be_tried_again(
    as_dan: Client, dan: Reader, button: str, says: str
) -> None:
    placed = steps.order(dan, "print-and-archive")
    back = as_dan.post(f"/till/{steps.at_the_till(placed).key}/", {"button": button})["Location"]
    page = as_dan.get(back).content.decode()
    assert says in page
    assert "Nothing has been charged" in page
    assert "1 Crane Street" in page
    again = as_dan.post(f"/checkout/{placed.key}/again/", {"quote": quote_in(page)})["Location"]
    assert again.endswith(f"/till/{steps.at_the_till(placed).key}/")
    answer = as_dan.get(as_dan.post(again, {"button": "approve"})["Location"])
    assert answer.status_code == 302
    assert Grant.objects.count() == 1
    assert as_dan.get(back).status_code == 302


def test_a_payment_on_its_way_is_looked_for_again_a_bounded_number_of_times(
    as_dan: Client, dan: Reader
) -> None:
    placed = steps.order(dan)
    steps.approve(placed, timezone.now() + timedelta(minutes=1))
    address, looks = f"/checkout/{placed.key}/done/", 0
    page = as_dan.get(address).content.decode()
    while match := re.search(r'http-equiv="refresh" content="\d+; url=(\?look=\d+)"', page):
        looks += 1
        assert looks < 20
        page = as_dan.get(address + match.group(1)).content.decode()
    assert looks == 8
    assert "You may close this page" in page
    for bad in ("-1", "x", "9" * 40, "²"):
        assert as_dan.get(address, {"look": bad}).status_code == 200


def test_the_success_page_without_a_payment_gives_nothing(as_dan: Client, dan: Reader) -> None:
    placed = steps.order(dan)
    assert as_dan.get(f"/checkout/{placed.key}/done/").status_code == 200
    assert Grant.objects.count() == 0


def test_only_its_reader_sees_an_order(client: Client, dan: Reader, ben: Reader, staff: Reader) -> None:
    placed = steps.paid_order(dan, "print-and-archive")
    pages = [
        f"/checkout/{placed.key}/done/",
        f"/checkout/{placed.key}/stopped/",
        f"/account/orders/{placed.key}/",
    ]
    for address in pages:
        assert client.get(address)["Location"].startswith("/account/sign-in/?next=")
    for other in (ben, staff):
        client.force_login(other)
        assert [client.get(address).status_code for address in pages] == [404, 404, 404]
        assert client.post(f"/checkout/{placed.key}/again/").status_code == 404
    client.force_login(dan)
    assert "1 Crane Street" in client.get(pages[2]).content.decode()
    assert "no-store" in client.get(pages[2])["Cache-Control"]
    assert client.get("/account/orders/guessed/").status_code == 404


def test_changes_are_posted_with_a_token(dan: Reader, shop: dict[str, Product]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dan)
    placed = steps.order(dan)
    assert client.post("/buy/online-yearly/", {"token": "t"}).status_code == 403
    assert client.post(f"/checkout/{placed.key}/again/").status_code == 403
    assert client.post(f"/till/{steps.at_the_till(placed).key}/", {"button": "approve"}).status_code == 403
    assert client.get(f"/checkout/{placed.key}/again/").status_code == 405


def test_nothing_is_sold_where_no_provider_is_set_up(as_dan: Client, settings: Settings) -> None:
    settings.PAYMENTS = "none"
    assert "Nothing can be bought here" in as_dan.get("/subscribe/").content.decode()
    assert send(as_dan, "/buy/online-yearly/", token="t")[0] == 200
    assert Order.objects.count() == 0


def test_the_receipt_says_what_when_and_how_much(as_dan: Client, dan: Reader, gated: Article) -> None:
    placed = steps.paid_order(dan, "print-and-archive", to=steps.OHIO, article=gated)
    page = as_dan.get(f"/account/orders/{placed.key}/").content.decode()
    (sent,) = mail.outbox
    assert sent.to == [dan.email]
    assert isinstance(sent, EmailMultiAlternatives)
    for text in (page, str(sent.body), str(sent.alternatives[0][0])):
        for said in (
            placed.number,
            "Print &",
            "£99",
            "Dayton, OH 45402",
            "United States",
            f"{timezone.localtime():%-d %B %Y}",
        ):
            assert said in text
    assert f"/account/orders/{placed.key}/" in sent.body
    assert "&amp;" not in sent.body


def test_a_refund_is_said_on_the_receipt_and_by_mail(as_dan: Client, dan: Reader) -> None:
    placed = steps.paid_order(dan)
    steps.refund(placed, timezone.now())
    assert steps.hear(placed, "payment.refunded").status_code == 200
    assert "refunded on" in as_dan.get(f"/account/orders/{placed.key}/").content.decode()
    assert as_dan.get(f"/checkout/{placed.key}/done/")["Location"] == f"/account/orders/{placed.key}/"
    assert [m.subject.partition(":")[0] for m in mail.outbox] == ["Your receipt", "Refunded"]


def test_orders_of_a_reader_are_those_that_were_paid(dan: Reader, ben: Reader) -> None:
    steps.order(dan, "online-monthly")
    placed = steps.paid_order(dan)
    steps.paid_order(ben)
    (line,) = queries.orders_of(dan)
    assert (line.label, line.amount, line.address) == (
        "Online access, yearly",
        "£48",
        f"/account/orders/{placed.key}/",
    )


@pytest.mark.parametrize("address", ["/subscribe/", "/buy/online-yearly/", f"{PRINT}?country=GB"])
def test_pages_make_few_queries(
    as_dan: Client,
    dan: Reader,
    gated: Article,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        steps.paid_order(dan, "print-and-archive")
        steps.paid_order(dan)
    with django_assert_max_num_queries(12):
        as_dan.get(address, {"article": gated.pk, "country": "GB"})


def test_pages_of_an_order_make_few_queries(
    as_dan: Client, dan: Reader, gated: Article, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    waiting = steps.order(dan, article=gated)
    settled = steps.paid_order(dan, "print-and-archive", article=gated)
    for address in (
        f"/checkout/{waiting.key}/done/",
        f"/checkout/{waiting.key}/stopped/",
        f"/account/orders/{settled.key}/",
    ):
        as_dan.get(address)  # the first page brings a pass
        with django_assert_max_num_queries(12):
            assert as_dan.get(address).status_code == 200
