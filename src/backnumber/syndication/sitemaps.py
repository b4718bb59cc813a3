"""Sitemaps (https://www.sitemaps.org/protocol.html): addresses and when they changed, nothing else. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

MOST_ADDRESSES = 50_000
_NAME = re.compile(r"(?P<of>pages|[0-9]{4})(-(?P<number>[2-9]|[1-9][0-9]{1,3}))?")
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class Location:
    """`changed_at` is None when nothing is known: then nothing is said."""

    address: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One file of at most MOST_ADDRESSES: "1999", "1999-2", "pages". Parts count from 1."""

    of: str
    number: int = 1

    @property
    def name(self) -> str:
        return self.of if self.number == 1 else f"{self.of}-{self.number}"

    @property
    def addresses(self) -> slice:
        return slice((self.number - 1) * MOST_ADDRESSES, self.number * MOST_ADDRESSES)


def part_named(name: str) -> Part | None:
    """Promise: the part of that name; None when no part is called so ("1999-1" and "1999-02" are none)."""
    found = _NAME.fullmatch(name)
    return Part(found["of"], int(found["number"] or 1)) if found else None


def parts(of: str, addresses: int) -> list[Part]:
    return [Part(of, number) for number in range(1, -(-addresses // MOST_ADDRESSES) + 1)]


def to_urlset(locations: Iterable[Location]) -> str:
    return _document("urlset", "url", locations)


def to_index(locations: Iterable[Location]) -> str:
    return _document("sitemapindex", "sitemap", locations)


def _document(root: str, element: str, locations: Iterable[Location]) -> str:
    lines = "\n".join(
        f"<{element}><loc>{escape(each.address)}</loc>{_lastmod(each)}</{element}>" for each in locations
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n{lines}\n</{root}>\n'


def _lastmod(location: Location) -> str:
    if location.changed_at is None:
        return ""
    return f"<lastmod>{location.changed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
