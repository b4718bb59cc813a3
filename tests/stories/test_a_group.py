"""A teacher buys seats for a class, invites a pupil, who takes one and reads, until it is taken back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backnumber.archive.models import Article
from backnumber.readers.models import Reader
from tests import making
from tests.renewals.groups import sold
from tests.sink import Sink, text_of
from tests.stories.test_reading_and_buying import Be, Work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Reads = Callable[[], None]


def test_seats_are_bought_invited_to_taken_and_taken_back(
    plain: Page, site: str, sink: Sink, work: Work, gated: Article, dan: Reader, be: Be
) -> None:
    sold()
    pupil = making.reader("pupil")
    be(plain, dan)
    plain.goto("/subscribe/")
    plain.get_by_role("link", name=re.compile("^Buy online access, class")).click()
    plain.get_by_label("Seats, from 2 to 30").fill("5")
    plain.get_by_role("button", name="Show what they cost").click()
    plain.get_by_role("button", name="Order and pay £10").last.click()
    plain.locator("button[value=approve]").click()
    expect(plain.get_by_role("heading", name="Receipt")).to_be_visible()
    plain.goto("/account/")
    plain.locator("#groups ~ ul a").first.click()
    expect(plain.get_by_text("0 of 5 seats")).to_be_visible()
    plain.get_by_label("E-mail addresses, one a line").fill("pupil@example.org\nnot an address")
    plain.get_by_role("button", name="Send invitations").click()
    expect(plain.get_by_role("alert")).to_contain_text("not an address")
    expect(plain.get_by_label("E-mail addresses, one a line")).to_have_value("not an address")
    work()
    invitation = next(text for text in map(text_of, sink.mails) if "/groups/join/" in text)
    link = re.findall(r"https?://\S+/groups/join/\S+", invitation)[0]
    be(plain, pupil)
    plain.goto(gated.get_absolute_url())
    expect(plain.get_by_text("lastcanary60")).to_have_count(0)
    plain.goto(link)
    plain.get_by_role("button", name="Take the seat").click()
    expect(plain.get_by_text("You have a seat in")).to_be_visible()
    plain.goto(gated.get_absolute_url())
    expect(plain.get_by_text("lastcanary60")).to_be_visible()
    be(plain, dan)
    plain.goto("/account/")
    plain.locator("#groups ~ ul a").first.click()
    plain.get_by_role("button", name=re.compile("^Take this seat back")).click()
    expect(plain.get_by_text("It is taken back")).to_be_visible()
    be(plain, pupil)
    plain.goto(gated.get_absolute_url())
    expect(plain.get_by_text("lastcanary60")).to_have_count(0)
