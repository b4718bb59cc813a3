"""What can be sold, what cannot, and how it is called."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from backnumber.access import Asked, Evidence, Fit, Grant
from backnumber.access.scopes import fit
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from tests.making import NOON

SOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a month": ({"term_months": 1}, "a month", "It, monthly"),
    "a year": ({"term_months": 12}, "a year", "It, yearly"),
    "half a year": ({"term_months": 6}, "for 6 months", "It, 6 months"),
    "a day": ({"term_days": 1}, "a day", "It, one day"),
    "three days": ({"term_days": 3}, "for 3 days", "It, 3 days"),
    "an article for good": ({"scope": "article"}, "this article", "It"),
    "an issue for good": ({"scope": "issue"}, "this issue", "It"),
    "an article for a week": ({"scope": "article", "term_days": 7}, "for 7 days", "It, 7 days"),
    "the old issues": ({"scope": "span", "last_date": date(1999, 12, 31), "term_months": 12}, "a year", "It, yearly"),
    "this year": ({"scope": "recent", "years": 1, "term_months": 12}, "a year", "It, yearly"),
    "print that keeps": ({"term_months": 12, "is_print": True, "keeps_term": True}, "a year", "It, yearly"),
}  # fmt: skip
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "the archive without an end": ({}, "term_months"),
    "months and days": ({"term_months": 1, "term_days": 1}, "term_days"),
    "no months": ({"term_months": 0}, "term_months"),
    "no days": ({"term_days": 0}, "term_days"),
    "a title, and not which": ({"scope": "title", "term_months": 1}, "title"),
    "a span without a date": ({"scope": "span", "term_months": 1}, "first_date"),
    "a span the wrong way round": (
        {"scope": "span", "term_months": 1, "first_date": date(2000, 1, 1), "last_date": date(1999, 1, 1)},
        "last_date",
    ),
    "years, and not how many": ({"scope": "recent", "term_months": 1}, "years"),
    "no years": ({"scope": "recent", "years": 0, "term_months": 1}, "years"),
    "a day that keeps its issues": ({"term_days": 1, "keeps_term": True}, "keeps_term"),
    "an article that keeps issues": (
        {"scope": "article", "term_months": 1, "keeps_term": True},
        "keeps_term",
    ),
    "copies for a day": ({"term_days": 1, "is_print": True}, "is_print"),
    "copies of an article": ({"scope": "article", "term_months": 12, "is_print": True}, "is_print"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SOLD)
def test_it_can_be_sold_and_is_called(kind: str) -> None:
    fields, term, label = SOLD[kind]
    product = Product(code="it", name="It", **fields)
    product.full_clean()
    product.save()
    assert (product.term, product.label) == (term, label)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REFUSED)
def test_it_cannot_be_sold_and_the_form_says_where_and_the_database_too(kind: str) -> None:
    fields, field = REFUSED[kind]
    product = Product(code="it", name="It", **fields)
    with pytest.raises(ValidationError) as found:
        product.full_clean()
    assert field in found.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        product.save()


def opens(
    product: Product, *, article: int = 7, issue: int = 3, title: int = 1, day: date = date(2026, 11, 18)
) -> bool:
    """Whether who bought it on article 7 of issue 3 may read another."""
    scope = product.scope_on(article=7, issue=3)
    asked = Asked(article=article, issue=issue, title=title, cover_date=day, policy=None)
    return fit(Grant(1, scope, NOON, None, Evidence.PAYMENT), asked, NOON) is Fit.FITS


def test_what_each_kind_opens() -> None:
    old, this_year = Product(scope="span", last_date=date(1999, 12, 31)), Product(scope="recent", years=1)
    article, issue = Product(scope="article"), Product(scope="issue")
    assert opens(Product(scope="archive"), article=1, issue=1, title=9, day=date(1951, 1, 1))
    assert opens(Product(scope="title", title_id=1))
    assert not opens(Product(scope="title", title_id=1), title=2)
    assert opens(old, day=date(1999, 12, 31))
    assert not opens(old, day=date(2000, 1, 1))
    assert opens(this_year, day=date(2026, 1, 1))
    assert not opens(this_year, day=date(2025, 12, 31))
    assert opens(article)
    assert not opens(article, article=8)
    assert opens(issue, article=8)
    assert not opens(issue, article=8, issue=4)


def test_a_single_piece_of_nothing_opens_nothing() -> None:
    asked = Asked(article=7, issue=3, title=1, cover_date=date(1999, 9, 1), policy=None)
    for kind in ("article", "issue"):
        scope = Product(scope=kind).scope_on(article=None, issue=None)
        assert fit(Grant(1, scope, NOON, None, Evidence.PAYMENT), asked, NOON) is Fit.MALFORMED


def form(**typed: str) -> dict[str, str]:
    return {
        "name": "One-day pass", "code": "one-day-pass", "description": "", "position": "9", "for_sale": "on", "scope": "archive", "given": "no",
        "title": "", "first_date": "", "last_date": "", "years": "", "term_months": "", "term_days": "1",
        "prices-TOTAL_FORMS": "1", "prices-INITIAL_FORMS": "0", "prices-MIN_NUM_FORMS": "1", "prices-MAX_NUM_FORMS": "1000",
        "prices-0-region": "anywhere", "prices-0-amount": "4.00", "prices-0-currency": "GBP", "prices-0-id": "", **typed,
    }  # fmt: skip


def test_the_publisher_puts_a_day_pass_up_for_sale(client: Client, staff: Reader) -> None:
    client.force_login(staff)
    address = reverse("wagtailsnippets_products_product:add")
    answer = client.post(address, form(), follow=True)
    assert answer.status_code == 200
    made = Product.objects.get()
    assert (made.term, str(made.prices.get().amount)) == ("a day", "£4")


def test_the_desk_says_beside_the_field_what_is_wrong(client: Client, staff: Reader) -> None:
    client.force_login(staff)
    address = reverse("wagtailsnippets_products_product:add")
    page = client.post(address, form(term_days="", term_months="")).content.decode()
    assert "Only a single issue or article may be without one." in page
    page = client.post(address, form(scope="recent")).content.decode()
    assert "Say how many years it opens" in page
    assert not Product.objects.exists()
