"""From a link to reading on. Every one of these is done in a browser without JavaScript."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backnumber.archive.models import Article
from backnumber.checkout.models import Order
from backnumber.circulation.models import PrintSubscription
from backnumber.grants.models import Grant
from backnumber.longread import service as longread
from backnumber.longread.rules import monday_of
from backnumber.readers.models import Reader
from backnumber.readers.service import open_account
from tests import making
from tests.sink import Sink, code_in, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Work = Callable[[], None]
Be = Callable[[Page, Reader], None]


def meets_the_gate(page: Page, article: Article) -> None:
    page.goto(article.get_absolute_url())
    expect(page.get_by_text("opencanary1 ")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("The rest of this article"))).to_be_visible()
    assert "firstcanary" not in page.content()


def reads_on(page: Page, site: str, article: Article) -> None:
    expect(page).to_have_url(re.compile(re.escape(site + article.get_absolute_url())))
    expect(page.get_by_text("lastcanary60")).to_be_visible()


def signs_up(page: Page, sink: Sink, work: Work, email: str) -> None:
    page.get_by_label("E-mail address", exact=True).fill(email)
    page.get_by_label("Password").fill("seven lanterns in a row")
    page.get_by_role("button", name="Make the account").click()
    work()
    page.get_by_label("Code").fill(code_in(sink.last_to(email)))
    page.get_by_role("button", name="Confirm the address").click()


def test_nobody_reads_the_lead_in_buys_online_access_and_reads_on(
    plain: Page, site: str, sink: Sink, work: Work, gated: Article
) -> None:
    making.products()
    meets_the_gate(plain, gated)
    plain.locator(".offers a", has_text="Read on").click()
    signs_up(plain, sink, work, "nell@example.org")
    plain.get_by_role("button", name="Order and pay £48").last.click()
    plain.get_by_role("button", name="Pay £48").click()
    reads_on(plain, site, gated)
    work()
    assert "£48" in text_of(sink.last_to("nell@example.org"))
    assert Grant.objects.count() == 1
    plain.reload()
    reads_on(plain, site, gated)


def test_a_print_buyer_gives_an_address_and_reads_on(
    plain: Page, site: str, sink: Sink, work: Work, gated: Article, dan: Reader, be: Be
) -> None:
    making.products()
    be(plain, dan)
    meets_the_gate(plain, gated)
    plain.locator(".offers a", has_text="Subscribe").click()
    plain.get_by_label("Country").select_option("GB")
    plain.get_by_role("button", name="Go on to the address").click()
    plain.get_by_label("Full name").fill("Dan Whitlock")
    plain.get_by_label("Address", exact=True).fill("12 Saddler Street")
    plain.get_by_label("Town or city").fill("Durham")
    plain.get_by_label("Postcode").fill("dh1 3np")
    plain.get_by_role("button", name="Order and pay £69").last.click()
    plain.get_by_role("button", name="Pay £69").click()
    reads_on(plain, site, gated)
    copies = PrintSubscription.objects.get(reader=dan)
    assert (copies.postcode, copies.country) == ("DH1 3NP", "GB")


def test_a_declined_card_loses_nothing(plain: Page, site: str, gated: Article, dan: Reader, be: Be) -> None:
    making.products()
    be(plain, dan)
    meets_the_gate(plain, gated)
    plain.locator(".offers a", has_text="Read on").click()
    plain.get_by_role("button", name="Order and pay").last.click()
    plain.get_by_role("button", name="Decline").click()
    assert not Grant.objects.exists()
    plain.get_by_role("button", name=re.compile("Try again|again")).click()
    plain.get_by_role("button", name="Pay £48").click()
    reads_on(plain, site, gated)
    assert Order.objects.filter(state=Order.State.PAID).count() == 1


def test_a_lapsed_reader_renews_and_reads_on(
    plain: Page, site: str, gated: Article, ben: Reader, be: Be
) -> None:
    making.products()
    be(plain, ben)
    meets_the_gate(plain, gated)
    expect(plain.get_by_text("Your access ended on")).to_be_visible()
    expect(plain.get_by_role("link", name=re.compile("^Sign in"))).to_have_count(0)
    plain.locator(".gate a", has_text="Renew").first.click()
    plain.get_by_role("button", name="Order and pay").last.click()
    plain.get_by_role("button", name="Pay £48").click()
    reads_on(plain, site, gated)


def test_a_reader_signs_in_by_a_code_and_reads_on(
    plain: Page, site: str, sink: Sink, work: Work, gated: Article, ada: Reader
) -> None:
    open_account(ada.email)
    meets_the_gate(plain, gated)
    plain.locator(".gate a", has_text="Sign in").click()
    plain.get_by_role("link", name=re.compile("code")).first.click()
    plain.get_by_label("E-mail address", exact=True).fill(ada.email)
    plain.get_by_role("button", name=re.compile("code")).first.click()
    work()
    plain.get_by_label("Code").fill(code_in(sink.last_to(ada.email)))
    plain.get_by_role("button", name="Sign in").click()
    reads_on(plain, site, gated)


def test_a_reader_signs_in_by_password_and_reads_on(
    plain: Page, site: str, gated: Article, ada: Reader
) -> None:
    open_account(ada.email)
    meets_the_gate(plain, gated)
    plain.locator(".gate a", has_text="Sign in").click()
    plain.get_by_label("E-mail address", exact=True).fill(ada.email)
    plain.get_by_label("Password").fill(making.PASSWORD)
    plain.get_by_role("button", name="Sign in").click()
    reads_on(plain, site, gated)


def test_this_weeks_long_read_is_open_and_last_weeks_is_not(plain: Page, site: str) -> None:
    this_week, last_week = making.article("This Week’s"), making.article("Last Week’s")
    monday = monday_of(timezone.localdate())
    longread.pick(this_week, monday)
    longread.pick(last_week, monday - timedelta(days=7))
    plain.goto("/")
    plain.get_by_role("link", name="This Week’s").first.click()
    reads_on(plain, site, this_week)
    expect(plain.get_by_text("Free this week", exact=False).first).to_be_visible()
    meets_the_gate(plain, last_week)
