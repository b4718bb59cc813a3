"""Whoever may read everything is not told to subscribe, by Django or by the door; anybody else is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backnumber.access import Decision, Reason
from backnumber.archive.models import Article
from backnumber.edge.page.slots import CHOSEN, EMPTY
from backnumber.readers.models import Reader
from tests import making
from tests.institutions.campus import ASHDOWN, CLEOS_ADDRESS, at, institution, licence

TOLD = 'class="subscribe"'
LIST = "/sections/war-and-strategy/"


def of(reader: Reader | None) -> Client:
    """A browser that has seen a page already, and so has its pass."""
    browser = Client()
    if reader is not None:
        browser.force_login(reader)
        browser.get("/help/")
    return browser


def is_told(browser: Client, where: str) -> bool:
    answer = browser.get(where)
    assert answer.status_code == 200
    return TOLD in answer.content.decode()


@pytest.mark.parametrize("where", ["article", LIST, "/search/?q=wall", "/account/"])
def test_a_subscriber_is_not_told_to_subscribe(gated: Article, ada: Reader, where: str) -> None:
    assert not is_told(of(ada), gated.get_absolute_url() if where == "article" else where)


@pytest.mark.parametrize("where", ["article", LIST, "/search/?q=wall"])
def test_nobody_and_a_lapsed_reader_are(gated: Article, ben: Reader, where: str) -> None:
    where = gated.get_absolute_url() if where == "article" else where
    assert is_told(of(None), where)
    assert is_told(of(ben), where)


def test_a_reader_of_a_licensed_library_is_not_told_at_an_article(gated: Article) -> None:
    now = timezone.now()
    licence(institution("Ashdown", ASHDOWN), starts=now - timedelta(days=1), until=now + timedelta(days=1))
    assert not is_told(at(CLEOS_ADDRESS), gated.get_absolute_url())
    assert is_told(at("203.0.113.9"), gated.get_absolute_url())


@pytest.mark.parametrize("reason", list(Reason))
def test_only_a_right_or_a_licence_says_nothing(reason: Reason) -> None:
    says_nothing = CHOSEN["subscribe"](Decision(True, reason), False) == EMPTY
    assert says_nothing is (reason in (Reason.GRANT, Reason.LICENCE))
    assert CHOSEN["subscribe"](Decision(False, reason), True) != EMPTY
    assert CHOSEN["subscribe"](None, True) != EMPTY


def test_one_article_is_not_everything(gated: Article, dan: Reader) -> None:
    making.grant(
        dan,
        starts=timezone.now() - timedelta(days=1),
        scope=making.Scope(making.ScopeKind.ARTICLE, article=gated.pk),
    )
    assert is_told(of(dan), LIST)
