"""On a campus search knows what the article page knows: what may be read there is shown, and nothing is said to be shut."""

import pytest
from django.test import Client

from backnumber.archive.models import Article
from backnumber.search import service
from tests.institutions.campus import at

PHRASE = '"middlecanary7 middlecanary8 middlecanary9"'
SHUT = "Found in the part for subscribers"


def results(browser: Client) -> str:
    page = (
        browser.get("/search/", {"q": PHRASE}).content.decode().replace("<mark>", "").replace("</mark>", "")
    )
    return page.partition("results-heading")[2]


def test_a_phrase_behind_the_gate_is_shown_on_a_campus_and_not_outside(gated: Article, cleo: Client) -> None:
    on_campus, outside = results(cleo), results(at("203.0.113.9"))
    assert "middlecanary6 middlecanary7" in on_campus
    assert SHUT not in on_campus
    assert "middlecanary6 middlecanary7" not in outside, "the control"
    assert SHUT in outside


def test_a_campus_may_search_more_often_than_a_stranger(
    gated: Article, cleo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ALLOWED", {service.DAY: 1})
    monkeypatch.setattr(service, "OF_A_CAMPUS", 3)
    outside = at("203.0.113.9")
    assert [outside.get("/search/", {"q": "wall"}).status_code for _ in range(2)] == [200, 429]
    assert [cleo.get("/search/", {"q": "wall"}).status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize("where", ["/archive/the-hourglass/1999/september/", "/sections/war-and-strategy/"])
def test_a_list_on_a_campus_is_the_list_outside(gated: Article, cleo: Client, where: str) -> None:
    answers = [browser.get(where) for browser in (cleo, at("203.0.113.9"))]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
