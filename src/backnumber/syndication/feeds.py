"""A feed as Atom 1.0, RSS 2.0 and JSON Feed 1.1. Pure: values in, bytes out.

https://www.rfc-editor.org/rfc/rfc4287, https://www.rssboard.org/rss-specification, https://www.jsonfeed.org/version/1.1/
Which articles and which of their words are in it is decided before; here is only form.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from lxml import etree

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# https://www.w3.org/TR/xml/#charsets: what no XML document may hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Person:
    """`address` is the page of a contributor we know; else empty."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as a feed tells of it. `html` is its lead-in; `free`, when not empty, says why all of it is
    open now, and `mark` says it in two words: "Free this week". `title` is the magazine's, where a feed has several.
    """

    id: str
    address: str
    headline: str
    summary: str
    html: str
    authors: tuple[Person, ...]
    section: str
    published: datetime
    updated: datetime
    language: str
    free: str = ""
    mark: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """The addresses of the pages about one of a feed's (RFC 5005, section 3); empty where there is none."""

    first: str
    last: str
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed: `home` is the page it follows, `address` its own."""

    id: str
    title: str
    description: str
    home: str
    address: str
    language: str
    about: About
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NEVER)


MEDIA_TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


def to_bytes(feed: Feed, form: str) -> bytes:
    """Promise: the feed in UTF-8. Errors: KeyError for a form that is not in MEDIA_TYPES."""
    return {"atom": to_atom, "rss": to_rss, "json": to_json}[form](feed)


def to_atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]  # None: the default namespace
    root.set(_XML_LANG, feed.language)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "updated", _rfc3339(feed.updated))
    _add(_add(root, "author"), "name", feed.title)
    _add(root, "link", rel="self", type=MEDIA_TYPES["atom"], href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    _links_about(root, feed, "atom")
    for entry in feed.entries:
        _atom_entry(_add(root, "entry"), entry)
    return _document(root)


def _links_about(node: Any, feed: Feed, form: str) -> None:
    about = feed.about
    for rel, address in (
        ("first", about.first),
        ("previous", about.previous),
        ("next", about.next),
        ("last", about.last),
    ):
        if address:
            _add(node, "link", rel=rel, type=MEDIA_TYPES[form], href=address)


def _atom_entry(node: Any, entry: Entry) -> None:
    node.set(_XML_LANG, entry.language)
    _add(node, "id", entry.id)
    _add(node, "title", entry.headline)
    _add(node, "link", rel="alternate", type="text/html", href=entry.address)
    _add(node, "published", _rfc3339(entry.published))
    _add(node, "updated", _rfc3339(entry.updated))
    for person in entry.authors:
        author = _add(node, "author")
        _add(author, "name", person.name)
        if person.address:
            _add(author, "uri", person.address)
    for term in _terms(entry):
        _add(node, "category", term=term)
    if entry.summary:
        _add(node, "summary", entry.summary, type="text")
    _add(node, "content", _content(entry), type="html")


def to_rss(feed: Feed) -> bytes:
    root = etree.Element("rss", version="2.0", nsmap={"atom": _ATOM, "dc": _DC})
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title, space="")
    _add(channel, "link", feed.home, space="")
    _add(channel, "description", feed.description, space="")
    _add(channel, "language", feed.language, space="")
    _add(channel, "lastBuildDate", _rfc5322(feed.updated), space="")
    _add(channel, "link", rel="self", type=MEDIA_TYPES["rss"], href=feed.address)
    _links_about(channel, feed, "rss")
    for entry in feed.entries:
        _rss_item(_add(channel, "item", space=""), entry)
    return _document(root)


def _rss_item(node: Any, entry: Entry) -> None:
    _add(node, "title", entry.headline, space="")
    _add(node, "link", entry.address, space="")
    _add(node, "guid", entry.id, space="", isPermaLink="false")
    _add(node, "pubDate", _rfc5322(entry.published), space="")
    for person in entry.authors:
        _add(node, "creator", person.name, space=_DC)
    for term in _terms(entry):
        _add(node, "category", term, space="")
    summary = f"<p>{escape(entry.summary)}</p>" if entry.summary else ""
    _add(node, "description", summary + _content(entry), space="")


def to_json(feed: Feed) -> bytes:
    """`feed_url` is what the feed is known by, and so the same on all of its pages."""
    shown = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.about.first,
        **({"next_url": feed.about.next} if feed.about.next else {}),
        "language": feed.language,
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1).encode()


def _json_item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.address,
        "title": entry.headline,
        "summary": entry.summary,
        "content_html": _content(entry),
        "date_published": _rfc3339(entry.published),
        "date_modified": _rfc3339(entry.updated),
        "authors": [
            {"name": p.name, "url": p.address} if p.address else {"name": p.name} for p in entry.authors
        ],
        "tags": _terms(entry),
        "language": entry.language,
    }
    return {key: value for key, value in item.items() if value}


def _terms(entry: Entry) -> list[str]:
    return [term for term in (entry.title, entry.section, entry.mark if entry.free else "") if term]


def _content(entry: Entry) -> str:
    """The lead-in between what is said of it: its magazine, that it is free, where it goes on."""
    title = f"<p>From <cite>{escape(entry.title)}</cite></p>" if entry.title else ""
    free = f"<p><strong>{escape(entry.mark)}.</strong> {escape(entry.free)}</p>" if entry.free else ""
    return f'{title}{free}{entry.html}<p><a href="{escape(entry.address)}">Read on</a></p>'


def _rfc5322(moment: datetime) -> str:
    """A day of the year begins by the publisher's clock, not in UTC."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _rfc3339(moment: datetime) -> str:
    """To the second, or to its thousandth where it has any: two changes within one second are two."""
    exact = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=exact).replace("+00:00", "Z")


def _add(parent: Any, name: str, text: str = "", *, space: str = _ATOM, **attributes: str) -> Any:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    node = etree.SubElement(parent, f"{{{space}}}{name}" if space else name, clean)
    node.text = _NOT_XML.sub("", text) or None
    return node


def _document(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
