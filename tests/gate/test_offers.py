"""Two things to subscribe to; what is smaller stands below them, in a line."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from backnumber.access import Evidence, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.gate import facts
from backnumber.gate.offers import cards, small_offers
from backnumber.products.models import Product
from backnumber.products.queries import for_sale
from backnumber.readers.models import Reader
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db


def names(article: Article, reader: Reader | None = None, now: datetime = NOON) -> list[str]:
    decision = facts.decision_for(article, facts.asker(reader), now)
    return [card.name for card in cards(decision, for_sale(), article, now)]


def small(article: Article, reader: Reader | None = None) -> list[tuple[str, str]]:
    decision = facts.decision_for(article, facts.asker(reader), NOON)
    return [(o.text, o.price.amount) for o in small_offers(decision, for_sale(), article, NOON)]


@pytest.fixture
def eve(db: None) -> Reader:
    return making.reader("eve")


@pytest.fixture
def shop() -> None:
    making.products()
    making.product("one-article", scope="article", position=4)
    making.product("one-day-pass", 400, term_days=1, position=5)


def test_smaller_things_are_no_cards(shop: None, gated: Article) -> None:
    assert names(gated) == ["Online access", "Print & archive subscription"]
    assert small(gated) == [("this article only", "£2.50"), ("the whole archive for a day", "£4")]


def test_the_page_shows_them_below_the_cards(shop: None, gated: Article, client: Client) -> None:
    page = client.get(gated.get_absolute_url()).content.decode()
    below = page.partition('class="gate-small"')[2]
    assert page.count('<li class="offer">') == 2
    assert f'<a href="/buy/one-article/?article={gated.pk}">this article only, £2.50</a>' in below
    assert f'<a href="/buy/one-day-pass/?article={gated.pk}">the whole archive for a day, £4</a>' in below


def test_they_are_not_offered_where_nothing_is(shop: None, gated: Article, dan: Reader) -> None:
    making.grant(dan, starts=datetime(2026, 12, 1, tzinfo=UTC), until=None, evidence=Evidence.GIFT)
    assert small(gated, dan) == []
    Article.objects.filter(pk=gated.pk).update(policy="sign-in")
    gated.refresh_from_db()
    assert small(gated) == []


def test_an_issue_and_days_are_named(gated: Article) -> None:
    making.product("issue", 600, scope="issue")
    making.product("week", 900, scope="article", term_days=7, position=1)
    making.product("three", 800, term_days=3, position=2)
    assert [text for text, _ in small(gated)] == [
        "this issue only",
        "this article only for 7 days",
        "the whole archive for 3 days",
    ]


def test_what_would_not_open_this_article_is_not_offered(gated: Article) -> None:
    """The fortress is of September 1999 and of one title."""
    student = making.title("Hourglass Student")
    making.product("Until 1999", scope="span", last_date=date(1999, 12, 31), term_months=12)
    making.product("From 2000", scope="span", first_date=date(2000, 1, 1), term_months=12)
    making.product("This year", scope="recent", years=1, term_months=12)
    making.product("Thirty years", scope="recent", years=30, term_months=12)
    making.product("Student", scope="title", title=student, term_months=12)
    making.product("Student pieces", scope="article", title=student)
    assert names(gated) == ["Thirty years", "Until 1999"]
    assert small(gated) == []


def test_the_last_years_are_counted_from_now(gated: Article) -> None:
    making.product("Thirty years", scope="recent", years=30, term_months=12)
    assert names(gated, now=datetime(2028, 12, 31, 23, 59, tzinfo=UTC)) == ["Thirty years"]
    assert names(gated, now=datetime(2029, 1, 1, tzinfo=UTC)) == []


def test_who_bought_another_article_is_offered_this_one(shop: None, gated: Article, dan: Reader) -> None:
    other = making.article("The Siege", of=gated.issue)
    making.grant(dan, scope=Scope(ScopeKind.ARTICLE, article=other.pk), until=None)
    assert ("this article only", "£2.50") in small(gated, dan)


def test_each_product_is_offered_for_the_reasons_its_publisher_ticked(
    gated: Article, dan: Reader, ben: Reader, eve: Reader
) -> None:
    """Nobody; who has an account; who has lapsed; who has a right to one other piece."""
    for audience in ("strangers", "readers", "lapsed", "narrower"):
        making.product(f"for-{audience}", term_months=1, offered_to=[audience])
    making.product("for-all", term_months=1)
    other = making.article("The Siege", of=gated.issue)
    making.grant(eve, scope=Scope(ScopeKind.ARTICLE, article=other.pk), until=None)
    offered = [names(gated, who, datetime.now(UTC)) for who in (None, dan, ben, eve)]
    assert [sorted(one) for one in offered] == [
        ["For all", f"For {audience}"] for audience in ("strangers", "readers", "lapsed", "narrower")
    ]


def test_a_smaller_thing_is_offered_by_reason_too(shop: None, gated: Article, dan: Reader) -> None:
    Product.objects.filter(code="one-day-pass").update(offered_to=["metered", "readers"])
    assert ("the whole archive for a day", "£4") not in small(gated)
    assert ("the whole archive for a day", "£4") in small(gated, dan)


def test_what_is_for_certain_addresses_stands_in_the_line_and_says_for_whom(
    shop: None, gated: Article
) -> None:
    making.product("student", 300, name="Student access", term_months=1, renews=True, only_for="ac.uk")
    assert "Student access" not in names(gated)
    assert ("student access a month for addresses in ac.uk", "£3") in small(gated)


def test_staff_tick_whom_it_is_offered_to(staff: Reader, client: Client) -> None:
    sold = making.products()["online-yearly"]
    client.force_login(staff)
    page = client.get(f"/admin/snippets/products/product/edit/{sold.pk}/").content.decode()
    assert "Whose right has ended" in page
    assert "to everybody whom the gate offers something to buy" in page


def test_0008_offered_to_offers_what_is_sold_already_to_everybody() -> None:
    """Of the migration `0008_offered_to` of products: a new column, an empty list."""
    assert making.products()["online-yearly"].offered_to == []


def test_it_costs_no_query(shop: None, gated: Article, django_assert_num_queries: object) -> None:
    found = Article.objects.select_related("issue__title").get(pk=gated.pk)
    decision, products = facts.decision_for(found, facts.asker(None), NOON), for_sale()
    with django_assert_num_queries(0):  # type: ignore[operator]
        cards(decision, products, found, NOON)
        small_offers(decision, products, found, NOON)
