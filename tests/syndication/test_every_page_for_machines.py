"""What every kind of page says in its head: for who shares it (Open Graph), and for search engines (JSON-LD)."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import html

from backnumber.archive.models import Article, Authorship, Contributor, Rights
from backnumber.longread.models import LongRead
from backnumber.longread.rules import monday_of
from backnumber.readers.models import Reader
from backnumber.search import service as search
from tests import making
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db

ISSUE = "/archive/the-hourglass/1999/september/"
# Each page under the archive, and the names on the way to it.
BELOW = {
    "/archive/": ["The archive"],
    "/archive/decades/1990s/": ["The archive", "The 1990s"],
    "/archive/the-hourglass/": ["The archive", "The Hourglass"],
    "/archive/the-hourglass/1999/": ["The archive", "The Hourglass", "1999"],
    ISSUE: ["The archive", "The Hourglass", "1999", "September 1999"],
    f"{ISSUE}the-fortress/": ["The archive", "The Hourglass", "1999", "September 1999", "The Fortress"],
    "/sections/": ["Sections"],
    "/sections/war-and-strategy/": ["Sections", "War and Strategy"],
    "/contributors/": ["Contributors"],
    "/contributors/eleanor-marsh/": ["Contributors", "Eleanor Marsh"],
}
BESIDE = [
    "/", "/search/", "/search/?q=fortress", "/weekly/", "/weekly/sign-up/", "/subscribe/", "/claim/", "/help/", "/help/why/",
    "/feeds/", "/library/", "/account/sign-in/", "/account/sign-up/", "/account/password/reset/",
]  # fmt: skip
OF_A_READER = ["/account/", "/account/email/", "/account/devices/", "/account/gifts/"]


@pytest.fixture
def filled(ada: Reader) -> Article:
    making.products()
    found = making.article("The Fortress", of=making.issue(of=making.title(issn="1234-5679", founded=1951)))
    LongRead.objects.create(
        article=making.article("Long"), week=monday_of(timezone.localdate() - timedelta(weeks=1))
    )
    search.rebuild()
    return found


def head(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.fromstring(answer.content.decode()).find("head")


def said(page: Any, name: str) -> list[str]:
    return [str(found) for found in page.xpath(f'meta[@property="{name}"]/@content')]


def data(page: Any, kind: str) -> dict[str, Any]:
    """The one object of that type; every script of the page can be read."""
    every = [json.loads(text) for text in page.xpath('script[@type="application/ld+json"]/text()')]
    assert all(one["@context"] == "https://schema.org" for one in every)
    (found,) = [one for one in every if one["@type"] == kind]
    return dict(found)


def addresses_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from [one] if name in {"url", "item", "@id"} else addresses_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from addresses_in(one)


@pytest.mark.parametrize("address", [*BELOW, *BESIDE, *OF_A_READER])
def test_every_kind_of_page_can_be_shared(client: Client, filled: Article, ada: Reader, address: str) -> None:
    if address in OF_A_READER:
        client.force_login(ada)
    page = head(client, address)
    for name in ("og:type", "og:site_name", "og:title", "og:url", "og:image", "og:image:alt"):
        assert len(said(page, name)) == 1, name
        assert said(page, name)[0].strip(), name
    assert len(said(page, "og:description")) <= 1
    assert said(page, "og:url")[0] == settings.ADDRESS + address.partition("?")[0]
    assert said(page, "og:image")[0].startswith(settings.ADDRESS)
    title = page.findtext("title").removesuffix(f" · {settings.SITE_NAME}")
    if address not in {"/", ISSUE}:
        assert said(page, "og:title") == [title]


@pytest.mark.parametrize("address", BELOW)
def test_every_page_under_the_archive_says_the_way_to_it(
    client: Client, filled: Article, address: str
) -> None:
    steps = data(head(client, address), "BreadcrumbList")["itemListElement"]
    assert [step["name"] for step in steps] == [settings.SITE_NAME, *BELOW[address]]
    assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1]["item"] == settings.ADDRESS + address
    for step in steps:
        assert client.get(step["item"].removeprefix(settings.ADDRESS)).status_code == 200


@pytest.mark.parametrize("address", [*BELOW, "/"])
def test_every_address_in_structured_data_leads_somewhere(
    client: Client, filled: Article, address: str
) -> None:
    scripts = head(client, address).xpath('script[@type="application/ld+json"]/text()')
    assert scripts
    for found in {one for text in scripts for one in addresses_in(json.loads(text))}:
        path = found.removeprefix(settings.ADDRESS)
        assert path.startswith("/static/") or client.get(path).status_code == 200, found


def test_what_is_shared_of_a_page_is_escaped_once(client: Client, db: None) -> None:
    Article.objects.filter(pk=making.article("x").pk).update(headline='Cats & "Dogs" <b>', standfirst="A & B")
    making.issue(date(2001, 1, 1), of=making.title('Cats & "Dogs"', slug="cats"))
    for address, title in (
        (f"{ISSUE}x/", 'Cats & "Dogs" <b>'),
        ("/archive/cats/2001/", 'Cats & "Dogs", 2001'),
    ):
        assert said(head(client, address), "og:title") == [title]
    assert said(head(client, "/search/?q=%22a%26b%22%3Cb%3E"), "og:title") == ['Search: "a&b"<b>']
    assert said(head(client, f"{ISSUE}x/"), "og:description") == ["A & B"]


def test_an_article_is_shared_as_one(client: Client, filled: Article) -> None:
    page = head(client, filled.get_absolute_url())
    assert said(page, "og:type") == ["article"]
    assert said(page, "article:published_time") == [f"{filled.online_date:%Y-%m-%d}"]
    assert said(page, "article:section") == ["War and Strategy"]


def test_an_issue_is_an_issue_of_its_periodical_with_its_pieces(client: Client, filled: Article) -> None:
    making.article("A Draft", of=filled.issue, live=False)
    told = data(head(client, ISSUE), "PublicationIssue")
    assert told["name"] == "The Hourglass, September 1999"
    assert told["issueNumber"] == "9"
    assert told["isPartOf"]["@type"] == "PublicationVolume"
    assert told["isPartOf"]["isPartOf"]["@type"] == "Periodical"
    assert told["publisher"]["logo"]["@type"] == "ImageObject"
    assert [piece["headline"] for piece in told["hasPart"]] == ["The Fortress", "Long"]
    assert "canary" not in json.dumps(told)


def test_an_issue_with_a_cover_is_shared_with_it(client: Client, filled: Article) -> None:
    cover = a_picture(rights=Rights.CLEARED)
    filled.issue.cover = cover
    filled.issue.save()
    page = head(client, ISSUE)
    (shown,) = said(page, "og:image")
    assert shown.startswith(f"{settings.ADDRESS}/pictures/{cover.pk}/")
    assert data(page, "PublicationIssue")["image"] == shown
    assert client.get(shown.removeprefix(settings.ADDRESS)).status_code == 200
    cover.rights = Rights.PRINT_ONLY
    cover.save()
    assert said(head(client, ISSUE), "og:image")[0].startswith(f"{settings.ADDRESS}/static/")


def test_a_title_is_a_periodical(client: Client, filled: Article) -> None:
    told = data(head(client, "/archive/the-hourglass/"), "Periodical")
    assert (told["name"], told["issn"], told["startDate"]) == ("The Hourglass", "1234-5679", "1951")
    assert told["publisher"]["name"] == settings.SITE_NAME


@pytest.mark.parametrize(
    ("name", "filed", "kind"),
    [
        ("Eleanor Marsh", "Marsh, Eleanor", "Person"),
        ("The Royal Society", "Royal Society, The", "Organization"),
        ("Philomath", "Philomath", "Organization"),
    ],
)
def test_a_contributor_is_a_person_or_a_body(client: Client, name: str, filed: str, kind: str) -> None:
    one = Contributor.objects.create(
        name=name, sort_name=filed, slug="one", note="Of London.", variants="E. M.\nMarsh"
    )
    made = making.article("The Fortress", by="")
    Authorship.objects.create(article=made, contributor=one)
    told = data(head(client, "/contributors/one/"), kind)
    assert (told["name"], told["description"]) == (name, "Of London.")
    assert told["alternateName"] == ["E. M.", "Marsh"]
    assert told["url"] == f"{settings.ADDRESS}/contributors/one/"


def test_the_front_page_is_the_site_and_says_where_it_is_searched(client: Client, filled: Article) -> None:
    told = data(head(client, "/"), "WebSite")
    assert told["publisher"]["name"] == settings.SITE_NAME
    target = told["potentialAction"]["target"]["urlTemplate"].replace("{words}", "fortress")
    assert client.get(target.removeprefix(settings.ADDRESS)).status_code == 200
