"""What a voucher takes off, and which vouchers there can be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from backnumber.checkout import service
from backnumber.checkout.models import new_key
from backnumber.money import Amount
from backnumber.products.forms import VoucherForm
from backnumber.products.models import Voucher
from backnumber.products.queries import voucher_named
from backnumber.products.rules import reduced
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.making import NOON

REFUSED: dict[str, dict[str, Any]] = {
    "nothing off": {},
    "an amount and a share": {"minor": 100, "share": 10},
    "an amount of nothing": {"minor": 0},
    "a share of nothing": {"share": 0},
    "more than all": {"share": 101},
    "over before it begins": {"share": 10, "valid_from": NOON, "valid_until": NOON - timedelta(days=1)},
    "for nobody": {"share": 10, "limit": 0},
}


@pytest.mark.parametrize(
    ("price", "minor", "share", "paid"),
    [
        (4800, 500, None, 4300),
        (4800, None, 20, 3840),
        (999, None, 50, 499),  # 499.5 off becomes 500
        (4800, 4800, None, 1),
        (4800, 9999, None, 1),
        (4800, None, 100, 1),
        (1, None, 1, 1),
    ],
)
def test_so_much_is_paid(price: int, minor: int | None, share: int | None, paid: int) -> None:
    assert reduced(Amount(price, "GBP"), minor, share) == Amount(paid, "GBP")


@given(price=st.integers(1, 10**7), share=st.integers(1, 100))
def test_a_share_never_raises_a_price_nor_brings_it_below_one_minor_unit(price: int, share: int) -> None:
    assert 1 <= reduced(Amount(price, "GBP"), None, share).minor <= price


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REFUSED)
def test_neither_the_form_nor_the_database_takes(kind: str) -> None:
    voucher = Voucher(code="IT", **REFUSED[kind])
    with pytest.raises(ValidationError):
        voucher.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        voucher.save()


@pytest.mark.django_db
def test_a_code_is_found_in_capitals_or_not_and_there_is_one_of_it() -> None:
    made = Voucher.objects.create(code="Spring-27", share=10)
    for typed in ("spring-27", " SPRING-27 ", "Spring-27"):
        assert voucher_named(typed) == made
    assert [voucher_named(typed) for typed in ("", "  ", "spring", "spring-27\0", "spring_27", "%")] == [
        None
    ] * 6
    with pytest.raises(ValidationError):
        Voucher(code="SPRING-27", share=10).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.create(code="SPRING-27", share=10)


@pytest.mark.django_db
def test_0003_vouchers_takes_an_amount_as_it_is_printed() -> None:
    """Of the migration `0003_vouchers` of products: a new table, whose rows the form of the admin writes."""
    typed = {"code": "five", "amount": "5.00", "currency": "gbp"}
    form = VoucherForm(typed)
    assert form.is_valid(), form.errors
    made = form.save()
    assert (made.minor, made.currency, made.off) == (500, "GBP", "£5 off")
    assert VoucherForm(instance=made).initial["amount"] == "5.00"
    assert "amount" in VoucherForm({**typed, "code": "six", "amount": "five"}).errors
    assert not VoucherForm({**typed, "code": "seven", "amount": ""}).is_valid(), "neither amount nor share"


@pytest.mark.django_db
def test_the_publisher_makes_and_changes_one_in_the_admin(staff: Reader) -> None:
    sold, desk = making.products()["online-yearly"], Client()
    desk.force_login(staff)
    typed = {"code": "Spring", "note": "", "amount": "5.00", "currency": "GBP", "share": "", "limit": "3"}
    typed |= {"products": [str(sold.pk)], "valid_from": "", "valid_until": ""}
    assert desk.post("/admin/snippets/products/voucher/add/", typed).status_code == 302
    made = Voucher.objects.get()
    assert (made.minor, made.limit, list(made.products.all())) == (500, 3, [sold])
    page = desk.get(f"/admin/snippets/products/voucher/edit/{made.pk}/").content.decode()
    assert 'value="5.00"' in page
    assert "given by staff, not by a voucher" in page
    changed = {**typed, "amount": "", "share": "20", "limit": ""}
    assert desk.post(f"/admin/snippets/products/voucher/edit/{made.pk}/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.minor, made.share, made.limit, made.off) == (None, 20, None, "20% off")
    assert "20% off" in desk.get("/admin/snippets/products/voucher/").content.decode()


@pytest.mark.django_db
def test_one_that_was_used_is_not_deleted(staff: Reader, dan: Reader) -> None:
    used = Voucher.objects.create(code="USED", share=10)
    service.place(dan, replace(steps.wish(), voucher=used), new_key(), NOON)
    desk = Client()
    desk.force_login(staff)
    address = f"/admin/snippets/products/voucher/delete/{used.pk}/"
    assert desk.get(address).status_code in {200, 302}
    desk.post(address)
    assert Voucher.objects.filter(pk=used.pk).exists()
