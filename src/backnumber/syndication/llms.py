"""llms.txt (https://llmstxt.org): what the archive is, how a program reads it, and on what terms. Addresses, and no text."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from backnumber.archive.inline_markdown import escaped, link, one_line
from backnumber.edge.page.crawlers import KNOWN, Crawler, Stance, Stances
from backnumber.syndication.subjects import Subject

_ABOUT = (
    "Anyone may read the opening of every article. The whole text is open to subscribers and other readers with a right to it, "
    "and for some articles to anyone. A program that reads it with a reader’s right gets what that reader gets; any other gets what "
    "anybody gets, whatever it calls itself."
)
_HOW = (
    "Each article’s address ends with a slash. With `.md` in its place it is Markdown, with `.json` JSON. Both say how many words "
    "are withheld and what opens them."
)


def llms_txt(titles: Iterable[Subject], stances: Stances) -> str:
    """The form allows prose before the first heading alone, and below a heading nothing but links.

    Promise: titles that have something published, the ways to read, and the publisher's word to crawlers."""
    parts = [
        f"# {one_line(settings.SITE_NAME)}",
        f"> The archive of {escaped(settings.SITE_NAME)}, by issue: every article with its title, date and pages.",
        _ABOUT,
        _HOW,
        *_policy(stances),
        *_terms(stances),
        _section("Titles", [link(escaped(title.name), settings.ADDRESS + title.home) for title in titles]),
        _section("How to read it", _ways()),
        _section("Terms", _addresses_of_terms(stances)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(heading: str, items: Iterable[str]) -> str:
    lines = [f"- {item}" for item in items]
    return "\n".join([f"## {heading}", "", *lines]) if lines else ""


def _ways() -> list[str]:
    named = (
        ("Sitemap", "sitemap_index", "every article and issue, by year"),
        (
            "Feeds",
            "feeds",
            "Atom, RSS and JSON, of everything, the weekly long reads, a title, a section or a contributor",
        ),
        ("Archive", "archive", "the issues by decade"),
        ("robots.txt", "robots", "the same word to crawlers, as they read it"),
    )
    return [
        f"{link(escaped(text), settings.ADDRESS + reverse(name))}: {about}" for text, name, about in named
    ]


def _policy(stances: Stances) -> list[str]:
    kept_out, to_pay = stances.kept_out(), stances.to_pay()
    welcome = [crawler for crawler in KNOWN if stances.of(crawler) is Stance.WELCOME]
    said = (
        ("Crawlers that are welcome, as anybody who is not named here", welcome),
        ("Crawlers that are kept out, by robots.txt", kept_out),
        ("Crawlers that are to pay: every page is answered with 402 and the terms", to_pay),
    )
    return [f"{what}: {_names(crawlers)}" for what, crawlers in said if crawlers]


def _names(crawlers: Iterable[Crawler]) -> str:
    return ", ".join(escaped(crawler.token) for crawler in crawlers)


def _terms(stances: Stances) -> list[str]:
    return [escaped(line.strip()) for line in stances.terms.splitlines() if line.strip()]


def _addresses_of_terms(stances: Stances) -> list[str]:
    named = (("Terms", stances.terms_address), ("Licence file, RSL 1.0", stances.licence_address))
    return [link(text, address) for text, address in named if address]
