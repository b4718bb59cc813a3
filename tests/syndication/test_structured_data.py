"""Structured data comes from the decision that cuts the page, and never carries the text."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import html

from backnumber.access import Asker, Evidence, Gift, Grant, Place, Scope, ScopeKind, decide
from backnumber.archive import queries as archive
from backnumber.archive.models import Article, FreeWindow
from backnumber.readers.models import Reader
from backnumber.syndication.structured import structured_data
from tests import making


def told(client: Client, article: Article) -> dict[str, Any]:
    page = html.fromstring(client.get(article.get_absolute_url()).content)
    scripts = page.xpath('//head/script[@type="application/ld+json"]/text()')
    (found,) = [one for one in map(json.loads, scripts) if one["@type"] == "Article"]
    return dict(found)


def test_a_gated_page_says_so_and_names_its_gate(client: Client, gated: Article) -> None:
    data = told(client, gated)
    assert data["isAccessibleForFree"] is False
    assert data["hasPart"] == {
        "@type": "WebPageElement",
        "isAccessibleForFree": False,
        "cssSelector": ".paywall",
    }
    page = html.fromstring(client.get(gated.get_absolute_url()).content)
    assert len(page.xpath('//*[contains(concat(" ", @class, " "), " paywall ")]')) == 1


def test_an_open_page_and_a_free_one_are_free_and_have_no_gate(client: Client, gated: Article) -> None:
    now = timezone.now()
    FreeWindow.objects.create(
        article=gated, starts=now - timedelta(days=1), until=now + timedelta(days=1), why="free"
    )
    for article in (gated, making.article("An Open Piece", policy="open")):
        data = told(client, article)
        assert data["isAccessibleForFree"] is True
        assert "hasPart" not in data


def test_what_a_subscription_opens_is_not_called_free(client: Client, gated: Article, ada: Reader) -> None:
    client.force_login(ada)
    data = told(client, gated)
    assert data["isAccessibleForFree"] is False
    assert "hasPart" not in data


PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_what_a_meter_opens_is_not_called_free_and_a_crawler_is_told_of_the_gate(
    client: Client, gated: Article
) -> None:
    """As Google asks of metered articles: what most will meet at some time is marked as what it is."""
    Article.objects.update(policy="metered")
    client.defaults["HTTP_USER_AGENT"] = PERSON
    page = client.get(gated.get_absolute_url()).content.decode()
    assert "lastcanary" in page
    assert '"isAccessibleForFree": false' in page
    assert "hasPart" not in page
    data = told(Client(HTTP_USER_AGENT="Googlebot/2.1"), gated)
    assert (data["isAccessibleForFree"], data["hasPart"]["cssSelector"]) == (False, ".paywall")


def test_what_an_account_opens_is_not_called_free(client: Client, dan: Reader, gated: Article) -> None:
    Article.objects.update(policy="sign-in")
    client.force_login(dan)
    assert "lastcanary" in client.get(gated.get_absolute_url()).content.decode()
    assert told(client, gated)["isAccessibleForFree"] is False


def test_what_a_gift_or_a_library_opens_is_not_called_free(gated: Article) -> None:
    now = timezone.now()
    asked = archive.asked([gated], now)[gated.pk]
    whole_archive = Grant(1, Scope(ScopeKind.ARCHIVE), now - timedelta(days=1), None, Evidence.LICENCE)
    for asker in (
        Asker(gift=Gift(1, gated.pk, now + timedelta(days=1))),
        Asker(place=Place(1, "The Grammar School", (whole_archive,))),
    ):
        decision = decide(asked, asker, now)
        assert decision.allowed
        data = structured_data(
            gated, decision, archive.readable(gated, decision), "https://archive.example/x/"
        )
        assert data["isAccessibleForFree"] is False
        assert "hasPart" not in data


@pytest.mark.parametrize("wall", [{"free_after_years": 10}, {"paid_after_weeks": 52 * 100}])
def test_what_a_moving_wall_has_opened_is_free(client: Client, gated: Article, wall: dict[str, int]) -> None:
    Article.objects.update(**wall)
    data = told(client, gated)
    assert data["isAccessibleForFree"] is True
    assert "hasPart" not in data


@pytest.mark.parametrize("policy", ["open", "subscribers"])
def test_no_word_of_the_text_is_in_it(client: Client, policy: str, db: None) -> None:
    article = making.article("The Fortress", policy=policy)
    data = told(client, article)
    assert "canary" not in json.dumps(data)
    assert data["description"] == article.standfirst


def test_the_article_stands_in_its_issue_its_volume_and_its_periodical(client: Client, db: None) -> None:
    title = making.title(issn="1234-5679")
    article = making.article("The Fortress", of=making.issue(of=title), first_page="12", last_page="19")
    data = told(client, article)
    issue = data["isPartOf"]
    assert [issue["@type"], issue["isPartOf"]["@type"]] == ["PublicationIssue", "PublicationVolume"]
    assert issue["isPartOf"]["isPartOf"]["@type"] == "Periodical"
    assert issue["isPartOf"]["isPartOf"]["issn"] == "1234-5679"
    assert (issue["issueNumber"], issue["isPartOf"]["volumeNumber"]) == ("9", "49")
    assert (data["pageStart"], data["pageEnd"], data["headline"]) == ("12", "19", "The Fortress")
    assert data["author"][0]["name"] == "Eleanor Marsh"
    assert data["url"] == settings.ADDRESS + article.get_absolute_url()


def test_what_is_not_known_is_left_out(client: Client, db: None) -> None:
    article = making.article("The Fortress", of=making.issue(volume=None), by="", section=None, standfirst="")
    data = told(client, article)
    assert not {"pageStart", "author", "articleSection", "description"} & set(data)
    assert data["isPartOf"]["isPartOf"]["@type"] == "Periodical"


def test_a_headline_cannot_end_the_script_element(client: Client, db: None) -> None:
    article = making.article("</script><script>alert(1)</script> & <!--", slug="x")
    raw = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in raw
    assert told(client, article)["headline"] == "</script><script>alert(1)</script> & <!--"


def test_the_page_keeps_its_content_security_policy(client: Client, gated: Article) -> None:
    """Data is not run, so nothing had to be allowed for it."""
    assert "unsafe-inline" not in client.get(gated.get_absolute_url())["Content-Security-Policy"]
