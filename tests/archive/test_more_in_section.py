"""More of an article's section: other issues' pieces, the latest before it first, for many articles at once."""

import random
from datetime import date

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from backnumber.archive import more
from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article
from backnumber.archive.more import more_in_section
from tests import making

pytestmark = pytest.mark.django_db


def named(article: Article) -> list[str]:
    return [piece.headline for piece in more_in_section([article])[article.pk]]


def test_the_latest_before_it_come_first_and_then_the_latest_after_it() -> None:
    made = {
        year: making.article(f"Of {year}", of=making.issue(date(year, 9, 1))) for year in range(1960, 1966)
    }
    assert named(made[1964]) == ["Of 1963", "Of 1962", "Of 1961"]
    assert named(made[1961]) == ["Of 1960", "Of 1965", "Of 1964"]
    assert named(made[1960]) == ["Of 1965", "Of 1964", "Of 1963"]


def test_no_piece_of_its_own_issue_of_another_section_or_that_is_a_draft() -> None:
    article = making.article("It", of=making.issue(date(1970, 1, 1)))
    making.article("Beside it", of=article.issue)
    making.article("Of places", of=making.issue(date(1969, 1, 1)), section=making.section("Places"))
    making.article("A draft", of=making.issue(date(1968, 1, 1)), live=False)
    making.article("Of a draft issue", of=making.issue(date(1967, 1, 1), live=False))
    making.article("Found", of=making.issue(date(1966, 1, 1)))
    assert named(article) == ["Found"]
    assert named(making.article("Alone", section=None)) == []


@pytest.mark.parametrize("through", [1, 2, 60])
def test_many_have_what_each_should_wherever_it_is_found(
    monkeypatch: pytest.MonkeyPatch, through: int
) -> None:
    """Against a naive reading of the promise; two titles, so that issues share their days."""
    monkeypatch.setattr(more, "LOOKED_THROUGH", through)
    others = (making.title("The Hourglass"), making.title("The Lantern"))
    issues = [making.issue(date(1960 + n // 2, 9, 1), of=others[n % 2]) for n in range(8)]
    chance = random.Random(through)
    made = [
        making.article(f"Piece {n}", of=issue, section=making.section(chance.choice(("Places", "Places", "War"))), position=n)
        for issue in issues
        for n in range(chance.randrange(7))
    ]  # fmt: skip
    found = more_in_section(made)
    assert {article.pk: [piece.pk for piece in found[article.pk]] for article in made} == {
        article.pk: naive(article, made) for article in made
    }
    addresses = {article.pk: article.get_absolute_url() for article in made}
    assert {piece.address == addresses[piece.pk] for pieces in found.values() for piece in pieces} == {True}


def naive(article: Article, among: list[Article]) -> list[int]:
    day = article.issue.sort_date
    others = [
        one for one in among if one.section_id == article.section_id and one.issue_id != article.issue_id
    ]
    others.sort(
        key=lambda one: (one.issue.sort_date >= day, -one.issue.sort_date.toordinal(), one.position, one.pk)
    )
    return [one.pk for one in others[:3]]


def test_however_many_it_is_one_query() -> None:
    made = [making.article("Piece", of=making.issue(date(year, 9, 1))) for year in range(1960, 1970)]
    for articles, queries in ((made, 1), ([making.article("Alone", section=None)], 0)):
        with CaptureQueriesContext(connection) as asked:
            more_in_section(articles)
        assert len(asked) == queries


def test_an_address_that_was_worked_out_belongs_to_its_set_of_addresses() -> None:
    assert address_of("issue", "the-hourglass", 1999, "september") == reverse(
        "issue", args=["the-hourglass", 1999, "september"]
    )
    with override_settings(ROOT_URLCONF="backnumber.website.account_urls"), pytest.raises(NoReverseMatch):
        address_of("issue", "the-hourglass", 1999, "september")
    assert address_of("home") == "/"
