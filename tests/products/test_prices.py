"""Prices as staff type them: as printed, never nothing, and a slip of the finger is asked about."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from backnumber.money import Amount
from backnumber.products.models import Price, Product
from backnumber.products.queries import lowest_price, product_for_sale
from backnumber.products.rules import unusual
from backnumber.readers.models import Reader
from tests import making
from tests.products.test_products import form


@pytest.fixture
def yearly(client: Client, staff: Reader) -> Product:
    client.force_login(staff)
    return making.products()["online-yearly"]


def sent(product: Product, **typed: str) -> dict[str, str]:
    fields = {"name": product.name, "code": product.code, "term_months": "12", "term_days": ""}
    price = {"prices-INITIAL_FORMS": "1", "prices-0-id": str(product.prices.get().pk)}
    return form(**fields, **price, **typed)


def edit(client: Client, product: Product, **typed: str) -> tuple[int, str]:
    address = reverse("wagtailsnippets_products_product:edit", args=[product.pk])
    answer = client.post(address, sent(product, **typed))
    return answer.status_code, answer.content.decode()


def test_the_form_shows_the_price_as_it_is_printed(client: Client, yearly: Product) -> None:
    page = client.get(reverse("wagtailsnippets_products_product:edit", args=[yearly.pk])).content.decode()
    assert 'value="48.00"' in page
    assert "4800" not in page
    assert "minor" not in page


@pytest.mark.parametrize("typed", ["0", "0.00", "-1", "52.005", "5e1", "free", ""])
def test_what_is_no_price_is_refused_beside_the_field(client: Client, yearly: Product, typed: str) -> None:
    status, page = edit(client, yearly, **{"prices-0-amount": typed})
    assert status == 200
    assert "required" in page or "more than nothing" in page or "after the point" in page
    assert yearly.prices.get().minor == 4800


def test_a_currency_without_smaller_units_is_typed_in_whole_figures(client: Client, yearly: Product) -> None:
    typed = {"prices-0-amount": "30,000", "prices-0-currency": "xof", "prices-0-sure": "on"}
    assert edit(client, yearly, **typed)[0] == 302
    assert yearly.prices.get().amount == Amount(30000, "XOF")
    page = client.get("/subscribe/").content.decode()
    assert "F\u202fCFA\u00a030,000" in page


def test_an_unusual_change_asks_again_and_keeps_what_was_typed(client: Client, yearly: Product) -> None:
    status, page = edit(client, yearly, **{"prices-0-amount": "4800"})
    assert status == 200
    assert "This would be £4,800, where it was £48." in page
    assert 'value="4800"' in page
    assert yearly.prices.get().minor == 4800
    assert edit(client, yearly, **{"prices-0-amount": "4800", "prices-0-sure": "on"})[0] == 302
    assert yearly.prices.get().minor == 480000


def test_a_price_removed_and_typed_anew_is_a_change_of_that_price(client: Client, yearly: Product) -> None:
    anew = {
        "prices-TOTAL_FORMS": "2",
        "prices-0-amount": "48.00",
        "prices-0-DELETE": "on",
        "prices-1-region": "anywhere",
        "prices-1-amount": "4800",
        "prices-1-currency": "GBP",
        "prices-1-id": "",
    }
    status, page = edit(client, yearly, **anew)
    assert status == 200
    assert "where it was £48" in page


def test_a_first_price_far_above_all_others_asks(client: Client, yearly: Product) -> None:
    address = reverse("wagtailsnippets_products_product:add")
    page = client.post(address, form(**{"prices-0-amount": "4800"})).content.decode()
    assert "the dearest that is sold now is £99" in page
    assert not Product.objects.filter(code="one-day-pass").exists()


@pytest.mark.parametrize(
    ("before", "new", "asks"),
    [
        (Amount(4800, "GBP"), Amount(5200, "GBP"), False),
        (Amount(4800, "GBP"), Amount(7200, "GBP"), False),
        (Amount(4800, "GBP"), Amount(7201, "GBP"), True),
        (Amount(4800, "GBP"), Amount(2400, "GBP"), False),
        (Amount(4800, "GBP"), Amount(2399, "GBP"), True),
        (Amount(4800, "GBP"), Amount(48, "GBP"), True),
        (Amount(4800, "GBP"), Amount(4800, "EUR"), True),
        (None, Amount(480000, "GBP"), True),
        (None, Amount(5000, "GBP"), False),
    ],
)
def test_which_change_is_unusual(before: Amount | None, new: Amount, asks: bool) -> None:
    assert bool(unusual(before, new, Amount(9900, "GBP"))) is asks


def test_the_log_keeps_from_and_to_and_who(client: Client, yearly: Product, staff: Reader) -> None:
    edit(client, yearly, **{"prices-0-amount": "52.00"})
    entry = ModelLogEntry.objects.get(action="products.price")
    assert entry.data == {"region": "Anywhere", "from": "£48", "to": "£52"}
    assert entry.user == staff
    edit(client, yearly, **{"prices-0-amount": "52.00"})
    assert ModelLogEntry.objects.filter(action="products.price").count() == 1, "nothing changed"
    page = client.get(reverse("wagtailsnippets_products_product:history", args=[yearly.pk])).content.decode()
    assert "from £48 to £52" in page


def test_the_database_takes_no_price_of_nothing(yearly: Product) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(product=yearly, region="uk", minor=0, currency="GBP")


def test_amounts_of_two_currencies_are_not_compared(yearly: Product) -> None:
    """Nine hundred yen are not dearer than forty-eight pounds because the number is greater."""
    Price.objects.create(product=yearly, region="world", minor=900, currency="JPY")
    found = product_for_sale("online-yearly")
    assert found
    assert str(lowest_price(found).amount) == "£48"
