"""What is the same for everybody does not vary by cookie, so that one copy serves all; and whatever Django answers is compressed."""

import gzip

import pytest
from django.test import Client

from backnumber.archive.models import Article
from backnumber.readers.models import Reader

ALIKE = [
    "/robots.txt", "/llms.txt", "/sitemap.xml", "/sitemaps/1999.xml", "/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json",
    "/favicon.ico", "/opensearch.xml", "/site.webmanifest", "/.well-known/security.txt", "/covers/the-hourglass/1999/september.svg",
]  # fmt: skip


@pytest.mark.parametrize("address", ALIKE)
def test_what_is_the_same_for_everybody_does_not_vary_by_cookie(
    client: Client, gated: Article, ada: Reader, address: str
) -> None:
    subscriber = Client()
    subscriber.force_login(ada)
    for browser in (client, subscriber):
        answer = browser.get(address)
        assert "public" in answer.headers["Cache-Control"]
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert not answer.cookies
    assert client.get(address).content == subscriber.get(address).content


def test_control_what_a_cookie_changes_varies_by_it(client: Client, gated: Article) -> None:
    for ending in ("/", ".md", ".json"):
        answer = client.get(gated.get_absolute_url().rstrip("/") + ending)
        assert "public" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "address", ["/search/?q=wall", "/help/", "/feeds/articles.atom", "/account/sign-in/"]
)
def test_whatever_django_answers_is_compressed_for_who_asks(
    client: Client, gated: Article, address: str
) -> None:
    plain, packed = client.get(address), client.get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"<" in gzip.decompress(packed.content)
    assert "Content-Encoding" not in plain.headers
