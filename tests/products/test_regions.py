"""Which price a country pays, and the publisher's desk for prices."""

import pytest
from django.test import Client

from backnumber.checkout.postal import countries
from backnumber.products.models import Price, Product, Region
from backnumber.products.queries import price_for, product_for_sale
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("GB", "uk"),
        ("IM", "uk"),
        ("IE", "europe"),
        ("DE", "europe"),
        ("UA", "europe"),
        ("US", "world"),
        ("JP", "world"),
        ("??", "world"),
    ],
)
def test_a_country_is_in_one_region(country: str, region: str) -> None:
    assert region_of(country) == region


def test_every_region_is_somebodys() -> None:
    assert {region_of(code) for code, _ in countries()} == {Region.UK, Region.EUROPE, Region.WORLD}


@pytest.mark.django_db
def test_the_regions_own_price_goes_before_the_one_for_anywhere() -> None:
    product = making.products()["print-and-archive"]
    assert price_for(product, Region.EUROPE) == Price.objects.get(product=product, region="europe")
    Price.objects.create(product=product, region="anywhere", minor=5000, currency="GBP")
    product.prices.filter(region="europe").delete()
    found = product_for_sale("print-and-archive")
    assert found
    assert str(price_for(found, Region.EUROPE)) == "£50 (Anywhere)"
    found.prices.filter(region="anywhere").delete()
    left = product_for_sale("print-and-archive")
    assert left
    assert price_for(left, Region.EUROPE) is None


@pytest.mark.django_db
def test_a_product_without_a_price_is_not_for_sale() -> None:
    Product.objects.create(code="free", name="Free", term_months=1)
    assert product_for_sale("free") is None


def test_staff_change_a_price_in_the_admin_and_orders_placed_keep_theirs(
    client: Client, staff: Reader, dan: Reader
) -> None:
    placed = steps.order(dan)
    product = Product.objects.get(code="online-yearly")
    client.force_login(staff)
    address = f"/admin/snippets/products/product/edit/{product.pk}/"
    assert "Prices" in client.get(address).content.decode()
    price = product.prices.get()
    form = {
        "name": product.name,
        "code": product.code,
        "scope": "archive",
        "given": "no",
        "term_months": "12",
        "position": "2",
        "for_sale": "on",
        "prices-TOTAL_FORMS": "1",
        "prices-INITIAL_FORMS": "1",
        "prices-MIN_NUM_FORMS": "1",
        "prices-MAX_NUM_FORMS": "1000",
        "prices-0-id": str(price.pk),
        "prices-0-region": "anywhere",
        "prices-0-amount": "52.00",
        "prices-0-currency": "GBP",
    }
    assert client.post(address, {**form, "prices-0-currency": "gb"}).status_code == 200
    assert client.post(address, {**form, "scope": "title"}).status_code == 200
    assert client.post(address, form).status_code == 302
    assert Price.objects.get(pk=price.pk).minor == 5200
    placed.refresh_from_db()
    assert placed.minor == 4800
