"""Sign up, confirm, receive, and leave by one POST: through a real browser and a real mail server."""

import re
import urllib.request
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backnumber.archive.models import Article
from backnumber.longread import editions, service
from backnumber.longread.models import Recipient
from backnumber.longread.rules import monday_of
from tests.sink import Sink, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visitor_signs_up_confirms_receives_and_leaves_by_one_post(
    plain: Page, site: str, sink: Sink, work: Callable[[], None], gated: Article
) -> None:
    service.pick(gated, monday_of(timezone.localdate()))
    plain.goto("/")
    plain.locator("footer").get_by_label("Your e-mail address").fill("wilma@example.org")
    plain.get_by_role("button", name="Send it to me").last.click()
    expect(plain.get_by_role("heading", name="Look in your letter box")).to_be_visible()
    work()
    link = re.search(r"https?://\S+/weekly/confirm/\S+", text_of(sink.last_to("wilma@example.org")))
    assert link
    plain.goto(link[0])
    assert not Recipient.objects.get().is_on_the_list
    plain.get_by_role("button", name="Yes, send it to me").click()
    expect(plain.get_by_role("heading", name="You are on the list")).to_be_visible()

    assert editions.send_this_week(timezone.now).handed_over == 1
    mail = sink.last_to("wilma@example.org")
    assert "lastcanary60" in text_of(mail)

    way_out = mail["List-Unsubscribe"].strip().strip("<>")
    request = urllib.request.Request(way_out, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    assert not Recipient.objects.get().is_on_the_list
    assert editions.send_this_week(timezone.now).handed_over == 1
    assert len(sink.mails) == 2
