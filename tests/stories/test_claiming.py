"""A print subscriber claims; a wrong claim becomes a case that staff resolve."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from backnumber.archive.models import Article
from backnumber.circulation.models import Claim, PrintSubscription
from backnumber.circulation.rules import number_key
from backnumber.editorial.roles import make_roles
from backnumber.readers.models import Reader
from tests import making
from tests.sink import Sink, text_of
from tests.stories.test_reading_and_buying import Be, Work, meets_the_gate, reads_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def in_print(db: None) -> PrintSubscription:
    today = timezone.localdate()
    return PrintSubscription.objects.create(
        number="HG-20417",
        claim_number=number_key("HG-20417"),
        name="Mr Percy O’Hara",
        surname="O’Hara",
        postcode="YO1 7HH",
        country="GB",
        starts_on=today - timedelta(days=100),
        ends_on=today + timedelta(days=265),
    )


def claims(page: Page, number: str, surname: str, postcode: str) -> None:
    page.get_by_label(re.compile("[Nn]umber")).fill(number)
    page.get_by_label(re.compile("[Ss]urname")).fill(surname)
    page.get_by_label(re.compile("[Pp]ostcode")).fill(postcode)
    page.get_by_role("button", name="Open the archive").click()


def test_a_print_subscriber_claims_and_reads_on(
    plain: Page, site: str, gated: Article, dan: Reader, in_print: PrintSubscription, be: Be
) -> None:
    be(plain, dan)
    meets_the_gate(plain, gated)
    plain.locator(".gate a", has_text="Claim").first.click()
    claims(plain, "hg 2O417", "ohara", "yo17hh")
    reads_on(plain, site, gated)


def test_a_wrong_claim_becomes_a_case_that_staff_resolve(
    plain: Page,
    page: Page,
    site: str,
    sink: Sink,
    work: Work,
    gated: Article,
    dan: Reader,
    in_print: PrintSubscription,
    be: Be,
) -> None:
    be(plain, dan)
    meets_the_gate(plain, gated)
    plain.locator(".gate a", has_text="Claim").first.click()
    claims(plain, "HG-20471", "O’Hara", "YO1 7HH")
    reference = Claim.objects.get().reference
    expect(plain.get_by_text(reference)).to_be_visible()
    meets_the_gate(plain, gated)
    expect(plain.get_by_text("We are looking at your claim")).to_be_visible()

    make_roles()
    hugo = making.reader("hugo", is_staff=True)
    hugo.groups.add(Group.objects.get(name="Help desk"))
    be(page, hugo)
    page.goto("/admin/claims/")
    page.get_by_role("link", name=re.compile(reference)).first.click()
    expect(page.get_by_text("HG-20417").first).to_be_visible()
    page.get_by_label("Subscriber number").fill("HG-20417")
    page.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile("/admin/claims/$"))
    assert Claim.objects.get().state == Claim.State.ACCEPTED

    work()
    assert reference in text_of(sink.last_to(dan.email)) or "archive" in text_of(sink.last_to(dan.email))
    plain.goto(gated.get_absolute_url())
    reads_on(plain, site, gated)
