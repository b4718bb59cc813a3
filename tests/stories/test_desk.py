"""The desk in a browser: each role does what is its own, and the wrong one is refused."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from backnumber.checkout.models import Order
from backnumber.circulation.models import PrintSubscription
from backnumber.editorial.roles import make_roles
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.stories.test_reading_and_buying import Be

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_role(name: str, role: str) -> Reader:
    make_roles()
    reader = making.reader(name, is_staff=True)
    reader.groups.add(Group.objects.get(name=role))
    return reader


def find(page: Page, typed: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Find a person").fill(typed)
    page.get_by_role("button", name="Find", exact=True).click()


def does(page: Page, act: str, **typed: str) -> None:
    page.get_by_role("link", name=act, exact=True).first.click()
    for label, value in typed.items():
        page.get_by_label(label.replace("_", " ")).first.fill(value)
    page.get_by_role("button", name=act, exact=True).click()


def test_the_help_desk_finds_a_reader_by_postcode_and_helps(
    page: Page, site: str, be: Be, dan: Reader
) -> None:
    steps.paid_order(dan, "print-and-archive")
    refused: list[str] = []
    page.on(
        "console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None
    )
    be(page, with_role("hugo", "Help desk"))
    find(page, "se109np")
    expect(page.get_by_text("Print subscription W-").first).to_be_visible()
    does(page, "Write a note", Note="Rang about a copy.")
    expect(page.get_by_text("Rang about a copy.").first).to_be_visible()
    does(page, "Give a right", Last_day="2030-01-31", Case="M-17", Reason="A copy was lost.")
    expect(page.get_by_text("Right: A copy was lost.")).to_be_visible()
    does(page, "Change the postal address", Address="2 Quay Street", Reason="They moved.")
    expect(page.get_by_text("Copies go to the new address")).to_be_visible()
    does(page, "Change the e-mail address", New="dan.new@example.org", Reason="A new provider.")
    expect(page.get_by_text("dan.new@example.org").first).to_be_visible()
    find(page, "dan@example.org")
    expect(page.get_by_text("until then dan@example.org")).to_be_visible()
    assert PrintSubscription.objects.get(reader=dan).address == "2 Quay Street"
    assert Grant.objects.filter(reader=dan, evidence_key="M-17").exists()
    assert page.get_by_role("link", name="Take an order by post").count() == 0
    assert page.goto(f"/admin/people/{dan.pk}/post-order/").status == 403  # type: ignore[union-attr]
    assert not refused


def test_finance_takes_a_cheque_and_circulation_marks_a_death(
    page: Page, site: str, be: Be, dan: Reader
) -> None:
    product = making.products()["online-yearly"]
    price = product.prices.all()[0]
    be(page, with_role("flora", "Finance"))
    find(page, "dan")
    page.get_by_role("link", name="Take an order by post", exact=True).click()
    page.get_by_label("What is ordered").select_option(str(product.pk))
    for label, value in {
        "Amount on the cheque": f"{price.minor / 100:.2f}", "Number of the cheque": "17", "Date on the cheque": "2026-11-20",
        "Reason": "A letter of 20 November",
    }.items():  # fmt: skip
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Take an order by post", exact=True).click()
    expect(page.get_by_text("is paid, and its receipt on its way")).to_be_visible()
    assert Order.objects.get(reader=dan).state == Order.State.PAID
    assert page.goto(f"/admin/people/{dan.pk}/deceased/").status == 403  # type: ignore[union-attr]

    be(page, with_role("cyril", "Circulation"))
    find(page, "dan@example.org")
    assert page.get_by_text("Order 0").count() == 0
    page.get_by_role("link", name="Mark as deceased", exact=True).click()
    page.get_by_label("Who told us").fill("His daughter, by letter")
    page.get_by_role("button", name="Mark as deceased", exact=True).click()
    expect(page.get_by_text("His daughter, by letter").first).to_be_visible()
    dan.refresh_from_db()
    assert not dan.is_active
