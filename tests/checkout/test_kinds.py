"""Everything that can be sold: what paying for it opens, for how long, what stays, and what a refund takes back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from backnumber.access import Reason, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.checkout import service
from backnumber.checkout.models import Order, new_key
from backnumber.gate import facts
from backnumber.grants.models import Grant
from backnumber.grants.queries import as_rule
from backnumber.payments import queries as payment_queries
from backnumber.payments.models import Payment
from backnumber.products.models import Product
from backnumber.readers.models import Reader
from tests import making
from tests.checkout import steps
from tests.checkout.forms import quote_in
from tests.making import NOON

YEAR_ON = datetime(2027, 11, 18, 12, tzinfo=UTC)
OF_THE_YEAR = Scope(ScopeKind.SPAN, first_date=date(2026, 11, 18), last_date=date(2027, 11, 17))
OLD = {"scope": "span", "last_date": date(1999, 12, 31), "term_months": 12}


@dataclass(frozen=True)
class Kind:
    """What is sold; what it opens, given the article the reader came from; until when; what stays."""

    sold: dict[str, Any]
    opens: Callable[[Article], Scope]
    until: datetime | None = YEAR_ON
    kept: Scope | None = field(default=None)


KINDS = {
    "the archive": Kind({"term_months": 12}, lambda a: Scope(ScopeKind.ARCHIVE)),
    "the archive, kept": Kind(
        {"term_months": 12, "keeps_term": True}, lambda a: Scope(ScopeKind.ARCHIVE), kept=OF_THE_YEAR
    ),
    "old issues": Kind(OLD, lambda a: Scope(ScopeKind.SPAN, last_date=date(1999, 12, 31))),
    "old issues, kept": Kind(
        {**OLD, "keeps_term": True}, lambda a: Scope(ScopeKind.SPAN, last_date=date(1999, 12, 31))
    ),
    "this year": Kind(
        {"scope": "recent", "years": 1, "term_months": 12, "keeps_term": True},
        lambda a: Scope(ScopeKind.RECENT, years=1),
        kept=OF_THE_YEAR,
    ),
    "from this day on": Kind(
        {"scope": "span", "first_date": date(2027, 1, 1), "term_months": 12, "keeps_term": True},
        lambda a: Scope(ScopeKind.SPAN, first_date=date(2027, 1, 1)),
        kept=Scope(ScopeKind.SPAN, first_date=date(2027, 1, 1), last_date=date(2027, 11, 17)),
    ),
    "an issue": Kind({"scope": "issue"}, lambda a: Scope(ScopeKind.ISSUE, issue=a.issue_id), until=None),
    "an article": Kind({"scope": "article"}, lambda a: Scope(ScopeKind.ARTICLE, article=a.pk), until=None),
    "an article for a week": Kind(
        {"scope": "article", "term_days": 7},
        lambda a: Scope(ScopeKind.ARTICLE, article=a.pk),
        until=NOON + timedelta(days=7),
    ),
    "a day": Kind({"term_days": 1}, lambda a: Scope(ScopeKind.ARCHIVE), until=NOON + timedelta(hours=24)),
}


def may_read(reader: Reader, article: Article, at: datetime) -> bool:
    return facts.decision_for(article, facts.asker(reader), at).reason is Reason.GRANT


@pytest.mark.parametrize("name", KINDS)
def test_paying_opens_what_was_sold_and_a_refund_takes_it_back(
    dan: Reader, gated: Article, name: str
) -> None:
    kind = KINDS[name]
    making.product("it", **kind.sold)
    placed = steps.paid_order(dan, "it", now=NOON, article=gated)
    assert (placed.state, placed.begins, placed.until) == (Order.State.PAID, NOON, kind.until)
    grant = Grant.objects.get(evidence_key=placed.key)
    assert (grant.starts, grant.until) == (NOON, kind.until)
    assert (as_rule(grant).scope, as_rule(grant).kept) == (kind.opens(gated), kind.kept)
    assert [m.subject.partition(":")[0] for m in mail.outbox] == ["Your receipt"]
    reads = may_read(dan, gated, NOON)
    assert reads is (name not in {"this year", "from this day on"})

    steps.refund(placed, NOON + timedelta(hours=1))
    assert service.settle(placed.key, NOON + timedelta(hours=1)).state == Order.State.REFUNDED
    assert not may_read(dan, gated, NOON + timedelta(hours=1))
    assert [m.subject.partition(":")[0] for m in mail.outbox] == ["Your receipt", "Refunded"]


@pytest.mark.parametrize(("name", "code"), [("an article", "article"), ("an issue", "issue")])
def test_a_piece_opens_itself_and_nothing_else(dan: Reader, gated: Article, name: str, code: str) -> None:
    making.product("it", **KINDS[name].sold)
    same_issue = making.article("The Siege", of=gated.issue)
    elsewhere = making.article("Elsewhere", of=making.issue(date(1951, 1, 1)))
    steps.paid_order(dan, "it", now=NOON, article=gated)
    years_later = NOON + timedelta(days=9000)
    assert may_read(dan, gated, years_later)
    assert may_read(dan, same_issue, years_later) is (code == "issue")
    assert not may_read(dan, elsewhere, years_later)


def test_a_day_ends_after_24_hours(dan: Reader, gated: Article) -> None:
    making.product("a-day", 400, term_days=1)
    steps.paid_order(dan, "a-day", now=NOON)
    assert may_read(dan, gated, NOON + timedelta(hours=24) - timedelta(microseconds=1))
    assert not may_read(dan, gated, NOON + timedelta(hours=24))


def test_a_second_day_begins_when_the_first_ends(dan: Reader) -> None:
    making.product("a-day", 400, term_days=1)
    first = steps.paid_order(dan, "a-day", now=NOON)
    second = steps.paid_order(dan, "a-day", now=NOON + timedelta(hours=3))
    assert second.begins == first.until


def test_a_day_waits_for_no_subscription_and_a_subscription_for_no_day(dan: Reader) -> None:
    making.product("a-day", 400, term_days=1)
    steps.paid_order(dan, now=NOON)
    a_day = steps.paid_order(dan, "a-day", now=NOON + timedelta(hours=1))
    again = steps.paid_order(dan, now=NOON + timedelta(hours=2))
    assert a_day.begins == NOON + timedelta(hours=1)
    assert again.begins == YEAR_ON


def test_terms_of_another_scope_are_not_extended(dan: Reader) -> None:
    making.product("old", **OLD)
    making.product("newer", **{**OLD, "last_date": None, "first_date": date(2000, 1, 1)})
    steps.paid_order(dan, "old", now=NOON)
    assert steps.paid_order(dan, "newer", now=NOON).begins == NOON
    assert steps.paid_order(dan, "old", now=NOON).begins == YEAR_ON


def test_issues_of_a_renewed_print_subscription_stay_without_a_gap(dan: Reader) -> None:
    making.products()
    Product.objects.filter(code="print-and-archive").update(keeps_term=True)
    first = steps.paid_order(dan, "print-and-archive", now=NOON)
    second = steps.paid_order(dan, "print-and-archive", now=NOON + timedelta(days=30))
    spans = [Grant.objects.get(evidence_key=o.key) for o in (first, second)]
    assert spans[0].kept_last_date == date(2027, 11, 17)
    assert spans[1].kept_first_date == date(2027, 11, 18)


def test_after_the_term_the_issues_of_the_term_are_read_and_the_archive_is_not(
    dan: Reader, gated: Article
) -> None:
    making.product("it", term_months=12, keeps_term=True)
    of_the_term = making.article("Of the term", of=making.issue(date(2027, 1, 1)))
    steps.paid_order(dan, "it", now=NOON)
    assert may_read(dan, gated, NOON)
    assert may_read(dan, of_the_term, YEAR_ON)
    assert not may_read(dan, gated, YEAR_ON)


def test_a_piece_that_may_be_read_is_refused_before_any_payment(dan: Reader, gated: Article) -> None:
    making.product("one", scope="article")
    steps.paid_order(dan, "one", now=NOON, article=gated)
    with pytest.raises(service.ReadsAlready):
        service.place(dan, steps.wish("one", article=gated), new_key(), NOON)
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_another_piece_is_another_order_and_the_old_page_still_buys_what_it_said(
    dan: Reader, gated: Article
) -> None:
    making.product("one", scope="article")
    other = making.article("The Siege", of=gated.issue)
    first = steps.order(dan, "one", now=NOON, article=gated)
    second = steps.order(dan, "one", now=NOON, article=other)
    assert first != second
    for placed in (first, second):
        steps.approve(placed, NOON)
        service.settle(placed.key, NOON)
    assert {g.article_id for g in Grant.objects.all()} == {gated.pk, other.pk}


def test_an_old_order_of_a_piece_is_not_begun_again_once_it_may_be_read(dan: Reader, gated: Article) -> None:
    making.product("one", scope="article")
    placed = steps.order(dan, "one", now=NOON, article=gated)
    steps.decline(placed)
    making.grant(dan)
    with pytest.raises(service.ReadsAlready):
        service.pay(placed.key, NOON)


def test_the_issue_is_still_sold_to_who_has_one_article_of_it(dan: Reader, gated: Article) -> None:
    making.product("one", scope="article")
    making.product("issue", 600, scope="issue")
    steps.paid_order(dan, "one", now=NOON, article=gated)
    steps.paid_order(dan, "issue", now=NOON, article=gated)
    with pytest.raises(service.ReadsAlready):
        service.place(dan, steps.wish("issue", article=gated), new_key(), NOON)


def test_what_is_open_to_anyone_is_not_sold(dan: Reader, gated: Article) -> None:
    making.product("one", scope="article")
    Article.objects.filter(pk=gated.pk).update(policy="open")
    gated.refresh_from_db()
    with pytest.raises(service.ReadsAlready):
        service.place(dan, steps.wish("one", article=gated), new_key(), NOON)


def test_a_piece_of_nothing_is_refused(dan: Reader) -> None:
    making.product("one", scope="article")
    with pytest.raises(service.NothingNamed):
        service.place(dan, steps.wish("one"), new_key(), NOON)
    assert not Order.objects.exists()


def test_money_for_a_piece_that_is_gone_is_told_to_staff(dan: Reader, gated: Article) -> None:
    making.product("one", scope="article")
    placed = steps.order(dan, "one", now=NOON, article=gated)
    steps.approve(placed, NOON)
    gated.delete()
    service.settle(placed.key, NOON)
    assert payment_queries.orders_with_problems() == [placed.key]
    assert not Grant.objects.exists()


@pytest.fixture
def as_dan(client: Client, dan: Reader) -> Client:
    making.products()
    making.product("one-article", scope="article")
    making.product("one-day-pass", 400, term_days=1)
    client.force_login(dan)
    return client


def buy(client: Client, code: str, article: Article) -> str:
    """From the form to where the reader stands after paying."""
    page = client.get(f"/buy/{code}/?article={article.pk}").content.decode()
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    typed = {"token": token[1], "article": str(article.pk), "quote": quote_in(page)}
    till = client.post(f"/buy/{code}/", typed)["Location"]
    back = client.post(till, {"button": "approve"})["Location"]
    return str(client.get(back)["Location"])


def test_a_reader_buys_one_article_and_stands_on_it(as_dan: Client, gated: Article) -> None:
    page = as_dan.get(f"/buy/one-article/?article={gated.pk}").content.decode()
    assert "One article: “The Fortress”" in page
    assert "stays open to you" in page
    assert "£2.50" in page
    assert buy(as_dan, "one-article", gated) == gated.get_absolute_url()
    page = as_dan.get(gated.get_absolute_url()).content.decode()
    assert "You may now read “The Fortress”. Your receipt" in page
    assert "lastcanary1" in page
    placed = Order.objects.get()
    for text in (as_dan.get(placed.get_absolute_url()).content.decode(), str(mail.outbox[0].body)):
        assert "One article: “The Fortress”" in text
        assert "without end" in text
        assert "None" not in text


def test_the_same_article_is_not_sold_twice(as_dan: Client, gated: Article) -> None:
    buy(as_dan, "one-article", gated)
    for answer in (
        as_dan.get(f"/buy/one-article/?article={gated.pk}"),
        as_dan.post("/buy/one-article/", {"token": "t2", "article": str(gated.pk)}),
    ):
        page = answer.content.decode()
        assert "You can already read this" in page
        assert f'href="{gated.get_absolute_url()}"' in page
        assert "Order and pay" not in page
    assert (Order.objects.count(), Payment.objects.count()) == (1, 1)


def test_buying_a_piece_without_saying_which_is_refused_politely(as_dan: Client) -> None:
    for answer in (
        as_dan.get("/buy/one-article/"),
        as_dan.get("/buy/one-article/?article=999999"),
        as_dan.post("/buy/one-article/", {"token": "t"}),
    ):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "we do not know which" in page
        assert "Order and pay" not in page
    assert not Order.objects.exists()


def test_a_day_pass_says_the_hour_it_ends(as_dan: Client, dan: Reader, gated: Article) -> None:
    assert "24 hours" in as_dan.get("/buy/one-day-pass/").content.decode()
    assert buy(as_dan, "one-day-pass", gated) == gated.get_absolute_url()
    placed = Order.objects.get()
    assert placed.until
    hour = f"{timezone.localtime(placed.until):%H:%M}"
    assert hour in as_dan.get(placed.get_absolute_url()).content.decode()
    assert hour in str(mail.outbox[0].body)
    assert hour in as_dan.get("/account/").content.decode()
    assert "not an hour is paid for twice" in as_dan.get("/buy/one-day-pass/").content.decode()


def test_the_buying_page_and_the_receipt_say_what_stays(as_dan: Client, dan: Reader) -> None:
    Product.objects.filter(code="online-yearly").update(keeps_term=True)
    assert "the issues of this term, after it ends" in as_dan.get("/buy/online-yearly/").content.decode()
    steps.paid_order(dan)
    assert "stay open to you" in str(mail.outbox[0].body)


def test_the_offers_page_sets_smaller_things_apart(as_dan: Client, gated: Article) -> None:
    page = as_dan.get(f"/subscribe/?article={gated.pk}").content.decode()
    smaller = page.partition("Less than a subscription")[2]
    assert "£2.50" in smaller
    assert f'href="/buy/one-article/?article={gated.pk}"' in smaller
    assert f'href="/buy/one-day-pass/?article={gated.pk}"' in smaller
    without = as_dan.get("/subscribe/").content.decode()
    assert "/buy/one-article/" not in without
    assert "Open the article first" in without


def test_an_old_order_is_tried_again_in_vain_and_in_words(
    as_dan: Client, dan: Reader, gated: Article
) -> None:
    placed = steps.order(dan, "one-article", article=gated)
    steps.decline(placed)
    making.grant(dan, starts=timezone.now() - timedelta(days=1), until=None)
    page = as_dan.get(f"/checkout/{placed.key}/stopped/").content.decode()
    answer = as_dan.post(f"/checkout/{placed.key}/again/", {"quote": quote_in(page)})
    assert answer["Location"] == gated.get_absolute_url()
    assert "You can already read this" in as_dan.get(answer["Location"]).content.decode()
