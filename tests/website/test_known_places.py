"""What browsers look for at addresses of their own, and what every page says of itself."""

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from lxml import etree, html
from PIL import Image

from backnumber.archive.models import Article, Issue, Title
from backnumber.website import icons
from backnumber.website.directions import is_right_to_left
from tests import making

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/favicon.ico", "/static/website/favicon.ico"),
        ("/apple-touch-icon.png", "/static/website/touch-icon.png"),
        ("/.well-known/change-password", "/account/password/change/"),
    ],
)
def test_an_address_that_browsers_know_leads_to_what_it_is_for(client: Client, address: str, to: str) -> None:
    assert client.get(address)["Location"] == to


@pytest.mark.parametrize("path", sorted(icons.PICTURES))
def test_every_icon_is_a_picture_that_collectstatic_finds(path: str) -> None:
    found = finders.find(path)
    assert isinstance(found, str)
    with Image.open(found) as picture:
        assert picture.size == {
            "card.png": (1200, 630),
            "touch-icon.png": (180, 180),
            "icon-512.png": (512, 512),
        }.get(path.split("/")[1], (48, 48))


def test_the_manifest_names_icons_that_are_there(client: Client) -> None:
    answer = client.get("/site.webmanifest")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert told["name"] == settings.SITE_NAME
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in told["icons"])


def test_the_search_describes_itself(client: Client) -> None:
    root = etree.parse(BytesIO(client.get("/opensearch.xml").content)).getroot()
    (url,) = root.iter("{*}Url")
    assert url.get("template") == f"{settings.ADDRESS}/search/?q={{searchTerms}}"


def test_security_txt_says_whom_to_tell_and_has_not_expired(client: Client) -> None:
    text = client.get("/.well-known/security.txt").content.decode()
    told = dict(line.split(": ", 1) for line in text.splitlines())
    assert told["Contact"] == f"mailto:{settings.HELP_EMAIL}"
    until = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert 30 < (until - timezone.now()).days < 365


@pytest.mark.parametrize("kind", ["home", "article", "issue", "title", "section", "contributor", "search"])
def test_every_kind_of_page_has_a_picture_for_who_shares_it(
    client: Client, gated: Article, kind: str
) -> None:
    section = making.section()
    Article.objects.filter(pk=gated.pk).update(section=section)
    address = {
        "home": "/",
        "article": gated.get_absolute_url(),
        "issue": gated.issue.get_absolute_url(),
        "title": gated.issue.title.get_absolute_url(),
        "section": section.get_absolute_url(),
        "contributor": making.contributor().get_absolute_url(),
        "search": "/search/",
    }[kind]
    page = html.fromstring(client.get(address).content)
    (picture,) = page.xpath('//meta[@property="og:image"]/@content')
    assert picture.startswith(f"{settings.ADDRESS}/static/")
    assert page.xpath('//meta[@property="og:title"]/@content')[0]


@pytest.mark.parametrize("address", ["/", "/search/?q=a%26b&page=2", "/archive/"])
def test_signing_in_comes_back_to_the_page(client: Client, address: str) -> None:
    page = html.fromstring(client.get(address).content)
    (to,) = page.xpath('//nav[@aria-label="Your account"]//a[text()="Sign in"]/@href')
    form = html.fromstring(client.get(to).content)
    assert form.xpath('//main//input[@name="next"]/@value') == [address]


def test_no_page_comes_back_to_a_page_of_signing_in(client: Client) -> None:
    for address in ("/account/sign-in/", "/account/sign-up/"):
        assert b"next=%2Faccount" not in client.get(address).content


def test_only_the_article_has_the_articles_language_and_direction(client: Client, gated: Article) -> None:
    Article.objects.filter(pk=gated.pk).update(language="ar")
    page = html.fromstring(client.get(gated.get_absolute_url()).content)
    assert page.get("lang") == "en-GB"
    assert {(one.get("id") or one.tag, one.get("dir")) for one in page.xpath('//*[@lang="ar"]')} == {
        ("h1", "rtl"),
        ("p", "rtl"),
        ("text", "rtl"),
    }


@pytest.mark.parametrize(
    ("tag", "is_so"), [("he", True), ("az-Arab", True), ("ar-Latn", False), ("fa-IR", True), ("fr", False)]
)
def test_the_script_decides_before_the_language(tag: str, is_so: bool) -> None:
    assert is_right_to_left(tag) is is_so


def test_a_spine_has_the_name_of_the_title_whose_issues_it_holds(client: Client, gated: Article) -> None:
    def spines() -> list[str]:
        page = html.fromstring(client.get("/").content)
        return [str(one.text_content()) for one in page.xpath('//*[@class="spine-name"]')]

    Title.objects.update(name="The Sandglass")
    assert spines() == ["The Sandglass"]
    making.issue(of=making.title("The Sundial"))
    assert spines() == [settings.SITE_NAME]


def test_a_cover_has_its_date_beneath_it(client: Client, gated: Article) -> None:
    for address in ("/archive/", "/archive/decades/1990s/", f"{gated.issue.title.get_absolute_url()}1999/"):
        page = html.fromstring(client.get(address).content)
        assert page.xpath('//*[@class="cover-caption"]/text()') == [Issue.objects.get().cover_date], address
