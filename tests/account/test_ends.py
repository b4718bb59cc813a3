"""One end, one day: every page, mail and desk that names it names the last day on which it holds."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from backnumber.access import Decision, Reason
from backnumber.archive.models import Article
from backnumber.circulation import claims
from backnumber.circulation.models import Claim
from backnumber.gate.why import why
from backnumber.grants.ends import end_in_words, last_day
from backnumber.grants.models import Grant
from backnumber.readers.models import Reader
from tests.checkout import steps
from tests.circulation.test_claims import printed


@pytest.mark.parametrize(
    ("until", "day"),
    [
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "31 December 2026"),
        (datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC), "1 January 2027"),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "30 June 2026"),  # midnight in London's summer
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), "30 June 2026"),
        (datetime(2028, 3, 1, 0, 0, tzinfo=UTC), "29 February 2028"),
    ],
)
def test_the_last_day_is_that_of_the_publishers_calendar(until: datetime, day: str) -> None:
    assert end_in_words(until - timedelta(days=30), until) == day
    assert f"{last_day(until):%-d %B %Y}" == day


def test_an_order_that_ends_at_midnight_has_one_last_day_everywhere(
    client: Client, dan: Reader, staff: Reader
) -> None:
    """Midnight is where a day is lost or gained."""
    today = timezone.localdate()
    paid_at = timezone.make_aware(datetime(today.year, today.month, 1))  # noqa: DTZ001  # made aware
    placed = steps.paid_order(dan, "online-yearly", now=paid_at)
    assert placed.until
    day = f"{timezone.localtime(placed.until) - timedelta(days=1):%-d %B %Y}"
    wrong = f"{timezone.localtime(placed.until):%-d %B %Y}"
    client.force_login(dan)
    page = client.get("/buy/online-yearly/").content.decode()
    assert f"a subscription that runs until {day}" in page
    held = {
        "receipt": client.get(placed.get_absolute_url()).content.decode(),
        "mail": str(mail.outbox[0].body),
        "html mail": str(mail.outbox[0].alternatives[0][0]),  # type: ignore[attr-defined]
        "account": client.get("/account/").content.decode(),
        "subscribe": client.get("/subscribe/").content.decode(),
    }
    client.force_login(staff)
    held["orders desk"] = client.get(f"/admin/orders/inspect/{placed.pk}/").content.decode()
    for where, text in held.items():
        assert day in text, where
        assert wrong not in text, where


def test_a_claimed_print_subscription_ends_on_the_bureaus_day_everywhere(
    client: Client, dan: Reader, staff: Reader, gated: Article
) -> None:
    today = timezone.localdate()
    subscription = printed(starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=60))
    case = Claim.objects.create(
        reader=dan, number="x", surname="x", state="pending", reference="C-1", made_at=timezone.now()
    )
    claims.accept(case, subscription, by=staff, take_over=False, answer="", now=timezone.now())
    day = f"{subscription.ends_on:%-d %B %Y}"
    grant = Grant.objects.get()
    client.force_login(dan)
    account = client.get("/account/").content.decode()
    assert account.count(day) == 2, "the right and the copies"
    assert day in str(mail.outbox[-1].body)
    exported = json.loads(client.get("/account/data/").content)
    assert exported["rights to read"][0]["last day"] == subscription.ends_on.isoformat()
    assert grant.until
    lapsed = Decision(False, Reason.LAPSED, ended=grant.until)
    assert f"ended on {day}." in why(lapsed, gated)
    client.force_login(staff)
    asked = {"reader": dan.email, "article": gated.get_absolute_url(), "reference": ""}
    assert day in client.post("/admin/why/", asked).content.decode()
