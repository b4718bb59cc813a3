"""Wrong gift tokens are limited by network, by the wider one around it and in all; a right one is let in whatever was tried."""

from collections.abc import Iterable

import pytest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.edge.page.tokens import GIFT_COOKIE
from backnumber.gifts.opening import open_gift
from backnumber.readers.models import Reader
from tests.gifts.links import token_of

pytestmark = pytest.mark.django_db
FEW = {"wrong_gift": "3/m/key", "wrong_gift_around": "6/m/key", "wrong_gift_in_all": "9/m/key"}


@pytest.fixture(autouse=True)
def few_are_enough(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **FEW}


def tried(article: Article, token: str, address: str) -> int:
    request = RequestFactory().get(article.get_absolute_url(), {"gift": token}, REMOTE_ADDR=address)
    answer = open_gift(request, article, timezone.now())
    assert answer is not None
    return 200 if GIFT_COOKIE in answer.cookies else answer.status_code


def guesses(article: Article, addresses: Iterable[str]) -> list[int]:
    return [tried(article, f"guess{n}", address) for n, address in enumerate(addresses)]


@pytest.mark.parametrize("form", ["198.51.100.{}", "2001:db8:5:{}::1"])
def test_whoever_has_many_networks_has_a_limit_of_their_own(gated: Article, form: str) -> None:
    answers = guesses(gated, [form.format(n // 2) for n in range(7)])
    assert answers == [303] * 6 + [429]
    assert tried(gated, "guess", "203.0.113.1") == 303


def test_all_wrong_tokens_together_have_a_limit(gated: Article) -> None:
    assert guesses(gated, [f"198.51.{n}.1" for n in range(10)]) == [303] * 9 + [429]


def test_who_is_refused_uses_up_nothing_of_the_others(gated: Article) -> None:
    assert guesses(gated, ["198.51.100.1"] * 20) == [303] * 3 + [429] * 17
    assert guesses(gated, [f"203.0.{n}.1" for n in range(6)]) == [303] * 6


def test_a_right_token_is_let_in_whoever_tried_wrong_ones(ada: Reader, gated: Article) -> None:
    token = token_of(ada, gated, timezone.now())
    tries = guesses(gated, [f"198.51.{n // 3}.1" for n in range(40)])
    assert tries[-1] == 429, "the limit of all is reached"
    for address in ("198.51.0.1", "203.0.113.1", "2001:db8::1", "unknown"):
        assert tried(gated, "wrong", address) == 429
        assert tried(gated, token, address) == 200
