"""An article's page as search engines read it (https://schema.org, JSON-LD), from the page's own decision.

It tells no more of the text than the standfirst: no `articleBody`, gated or not.
"""

import json
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from backnumber.access import Decision, is_free
from backnumber.archive.models import Article, Issue
from backnumber.archive.names import is_body, is_person
from backnumber.archive.readable import Readable
from backnumber.syndication.printed_dates import as_printed

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
            "dateModified": article.last_published_at.isoformat() if article.last_published_at else "",
            "inLanguage": article.language or article.issue.title.language,
            "articleSection": article.section.name if article.section else "",
            "pageStart": article.first_page,
            "pageEnd": article.last_page or article.first_page,
            "isAccessibleForFree": is_free(decision),
            "hasPart": None if readable.is_whole else gate,
            "isPartOf": _issue(article.issue),
            "publisher": {
                "@type": "Organization",
                "name": settings.SITE_NAME,
                "url": settings.ADDRESS + "/",
                "logo": {"@type": "ImageObject", "url": settings.ADDRESS + static("website/touch-icon.png")},
            },
            "image": settings.ADDRESS + static("website/card.png"),
        }
    )


def _authors(article: Article) -> list[dict[str, Any]]:
    known = [
        {
            "@type": "Person" if is_person(a.contributor.name, a.contributor.sort_name) else "Organization",
            "name": a.contributor.name,
            "url": settings.ADDRESS + a.contributor.get_absolute_url(),
        }
        for a in article.authorships.all()
    ]
    return known or (
        [{"@type": "Organization" if is_body(article.byline) else "Person", "name": article.byline}]
        if article.byline
        else []
    )


def _issue(issue: Issue) -> dict[str, Any]:
    """The issue in its volume in its periodical; in the periodical itself when it has no volume."""
    title = issue.title
    periodical = _filled(
        {
            "@type": "Periodical",
            "name": title.name,
            "issn": title.issn,
            "url": settings.ADDRESS + title.get_absolute_url(),
        }
    )
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
