"""Pages as search engines read them (https://schema.org, JSON-LD); an article's from the page's own decision.

They tell no more of a text than its standfirst: no `articleBody`, gated or not.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from backnumber.access import Decision, is_free
from backnumber.archive.models import Article, Contributor, Issue, Title
from backnumber.archive.names import is_body, is_person
from backnumber.archive.readable import Readable
from backnumber.information.models import InformationPage, Purpose
from backnumber.syndication.printed_dates import as_printed

_PAGE_TYPES = {Purpose.ABOUT: "AboutPage", Purpose.CONTACT: "ContactPage"}
_ESCAPES = {
    ord("<"): "\\u003C",
    ord(">"): "\\u003E",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def structured_data(article: Article, decision: Decision, readable: Readable, address: str) -> dict[str, Any]:
    """Promise: the page as a schema.org Article; free only when anyone may read it now without an account.

    What a meter, a gift, a library or an account has opened is not free, though the page shows it whole: a search engine is to
    know of the gate that most will meet. A page with a gate names it by class; one that is whole has none to name.
    https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
    No query when the issue, title, volume, section and authorships are loaded.
    """
    gate = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": "Article",
            "@id": address,
            "url": address,
            "mainEntityOfPage": address,
            "headline": article.headline,
            "description": article.standfirst,
            "author": _authors(article),
            "datePublished": article.online_date.isoformat(),
            "dateModified": _changed(article),
            "inLanguage": article.language or article.issue.title.language,
            "articleSection": article.section.name if article.section else "",
            "pageStart": article.first_page,
            "pageEnd": article.last_page or article.first_page,
            "isAccessibleForFree": is_free(decision),
            "hasPart": None if readable.is_whole else gate,
            "isPartOf": _issue(article.issue),
            "publisher": _publisher(),
            "image": _card(),
        }
    )


def issue_data(issue: Issue, articles: Iterable[Article], cover: str = "") -> dict[str, Any]:
    """Promise: the issue in its periodical, with what stands in it by headline and address; `cover` is a picture's address. No
    query when its title and volume, and the articles' issue and title, are loaded.
    """
    pieces = [
        {"@type": "Article", "headline": one.headline, "url": settings.ADDRESS + one.get_absolute_url()}
        for one in articles
    ]
    return _filled(
        {
            "@context": "https://schema.org",
            **_issue(issue),
            "@id": settings.ADDRESS + issue.get_absolute_url(),
            "inLanguage": issue.title.language,
            "pageStart": issue.first_page,
            "pageEnd": issue.last_page,
            "publisher": _publisher(),
            "image": settings.ADDRESS + cover if cover else _card(),
            "hasPart": pieces,
        }
    )


def title_data(title: Title) -> dict[str, Any]:
    return _filled(
        {
            "@context": "https://schema.org",
            **_periodical(title),
            "@id": settings.ADDRESS + title.get_absolute_url(),
            "description": title.description or title.strapline,
            "inLanguage": title.language,
            "startDate": f"{title.founded:04}" if title.founded else "",
            "publisher": _publisher(),
            "image": _card(),
        }
    )


def contributor_data(contributor: Contributor) -> dict[str, Any]:
    """A society or a pen-name is no person: it is filed as it is written."""
    return _filled(
        {
            "@context": "https://schema.org",
            **_contributor(contributor),
            "@id": settings.ADDRESS + contributor.get_absolute_url(),
            "description": contributor.note,
            "alternateName": [line.strip() for line in contributor.variants.splitlines() if line.strip()],
        }
    )


def information_data(page: InformationPage) -> dict[str, Any]:
    """A page that staff wrote; one never published, which an editor looks at, has not changed for readers yet."""
    address = settings.ADDRESS + page.get_absolute_url()
    return _filled(
        {
            "@context": "https://schema.org",
            "@type": _PAGE_TYPES.get(Purpose(page.purpose), "WebPage"),
            "@id": address,
            "url": address,
            "name": page.title,
            "description": page.summary,
            "dateModified": page.last_published_at.isoformat() if page.last_published_at else "",
            "isPartOf": {"@type": "WebSite", "@id": settings.ADDRESS + "/"},
            "publisher": _publisher(),
        }
    )


def website_data() -> dict[str, Any]:
    """The front page: the site, whose it is, and where it is searched."""
    found = {"@type": "EntryPoint", "urlTemplate": settings.ADDRESS + reverse("search") + "?q={words}"}
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": settings.ADDRESS + "/",
        "url": settings.ADDRESS + "/",
        "name": settings.SITE_NAME,
        "publisher": _publisher(),
        "potentialAction": {"@type": "SearchAction", "target": found, "query-input": "required name=words"},
    }


def breadcrumbs(steps: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Promise: the way from the front page to this one, each step by its name and its path; this page is the last."""
    whole = [(settings.SITE_NAME, "/"), *steps]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": settings.ADDRESS + path}
            for at, (name, path) in enumerate(whole, 1)
        ],
    }


def _publisher() -> dict[str, Any]:
    return {
        "@type": "Organization",
        "name": settings.SITE_NAME,
        "url": settings.ADDRESS + "/",
        "logo": {"@type": "ImageObject", "url": settings.ADDRESS + static("website/touch-icon.png")},
    }


def _card() -> str:
    return settings.ADDRESS + static("website/card.png")


def _authors(article: Article) -> list[dict[str, Any]]:
    known = [_contributor(a.contributor) for a in article.authorships.all()]
    return known or (
        [{"@type": "Organization" if is_body(article.byline) else "Person", "name": article.byline}]
        if article.byline
        else []
    )


def _contributor(contributor: Contributor) -> dict[str, Any]:
    return {
        "@type": "Person" if is_person(contributor.name, contributor.sort_name) else "Organization",
        "name": contributor.name,
        "url": settings.ADDRESS + contributor.get_absolute_url(),
    }


def _periodical(title: Title) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Periodical",
            "name": title.name,
            "issn": title.issn,
            "url": settings.ADDRESS + title.get_absolute_url(),
        }
    )


def _issue(issue: Issue) -> dict[str, Any]:
    """The issue in its volume in its periodical; in the periodical itself when it has no volume."""
    title = issue.title
    periodical = _periodical(title)
    volume = (
        {"@type": "PublicationVolume", "volumeNumber": issue.volume.number, "isPartOf": periodical}
        if issue.volume
        else periodical
    )
    return _filled(
        {
            "@type": "PublicationIssue",
            "name": f"{title.name}, {issue.cover_date}",
            "issueNumber": issue.number,
            "datePublished": as_printed(issue.cover_date, issue.sort_date),
            "url": settings.ADDRESS + issue.get_absolute_url(),
            "isPartOf": volume,
        }
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """False is a value; nothing is not."""
    return {key: value for key, value in values.items() if value not in ("", None, [])}


def as_script_text(values: dict[str, Any]) -> str:
    """Promise: JSON that can stand in a script element: nothing in it ends the element or begins another."""
    return json.dumps(values, ensure_ascii=False).translate(_ESCAPES)


def _changed(article: Article) -> str:
    """An article that was never saved, which an editor looks at, has not come to readers yet."""
    appearance = getattr(article, "appearance", None)
    return appearance.changed_at.isoformat() if appearance else article.online_date.isoformat()
