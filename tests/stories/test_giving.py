"""From the page of offers to somebody else's reading. In a browser without JavaScript, at the till."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backnumber.archive.models import Article
from backnumber.checkout import presenting
from backnumber.grants.models import Grant
from backnumber.presents.models import Present
from backnumber.readers.models import Reader
from tests.presents import giving
from tests.sink import Sink, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Work = Callable[[], None]
Be = Callable[[Page, Reader], None]


def test_a_gift_is_bought_arrives_and_is_redeemed(
    plain: Page, sink: Sink, work: Work, gated: Article, dan: Reader, ben: Reader, be: Be
) -> None:
    giving.product()
    be(plain, dan)
    plain.goto("/subscribe/")
    plain.get_by_role("link", name=re.compile("^Give online access")).click()
    plain.get_by_label("From", exact=True).fill("Uncle Dan")
    plain.get_by_label("For", exact=True).fill("Ben")
    plain.get_by_label("Message").fill("For your birthday")
    plain.get_by_label("Their e-mail address").fill("ben@elsewhere.example")
    plain.get_by_role("button", name="Order and pay £48").click()
    plain.get_by_role("button", name="Pay £48").click()
    expect(plain.get_by_role("heading", name="Your gift for Ben")).to_be_visible()
    plain.get_by_role("link", name="See the card, and print it").click()
    expect(plain.get_by_text("For your birthday")).to_be_visible()
    presenting.send_due(timezone.now())
    work()
    assert "£48" in text_of(sink.last_to(dan.email))
    letter = text_of(sink.last_to("ben@elsewhere.example"))
    found = re.search(r"/redeem/[0-9A-Z-]{19}/", letter)
    assert found is not None
    plain.context.clear_cookies()
    plain.goto(found[0])
    expect(plain.get_by_role("heading", name="A gift from Uncle Dan")).to_be_visible()
    assert not Grant.objects.filter(evidence="gift").exists()
    be(plain, ben)
    plain.reload()
    plain.get_by_role("button", name="Redeem the gift").click()
    expect(plain.get_by_text("From Uncle Dan,")).to_be_visible()
    plain.goto(gated.get_absolute_url())
    expect(plain.get_by_text("lastcanary60")).to_be_visible()
    assert Present.objects.get().redeemed_by == ben
