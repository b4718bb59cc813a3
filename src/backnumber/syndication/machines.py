"""An article for programs: as Markdown and as JSON, by the decision that cuts its page. The shapes: docs/machine-readers.md.

What it shows of the text is a `Readable`; nothing else here comes from the text.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from backnumber.access import Decision, Offer, is_free
from backnumber.archive.inline_markdown import escaped, link, one_line
from backnumber.archive.markdown import to_markdown
from backnumber.archive.models import Article
from backnumber.archive.readable import Readable
from backnumber.archive.rendering import Pictures, to_html
from backnumber.gate.block import GateBlock
from backnumber.gate.offers import PriceLine
from backnumber.syndication.entries import with_whole_addresses

VERSION = 1


@dataclass(frozen=True, slots=True)
class MachinePage:
    """All that either form shows. `gate` is None when the whole text is shown; `pictures` are those that may be."""

    article: Article
    decision: Decision
    readable: Readable
    pictures: Pictures
    gate: GateBlock | None
    byline: str
    issue_line: str
    pages: str

    @property
    def address(self) -> str:
        return settings.ADDRESS + self.article.get_absolute_url()

    @property
    def withheld(self) -> int:
        return 0 if self.readable.is_whole else getattr(self.readable, "words_withheld", 0)


def as_markdown(page: MachinePage) -> str:
    """Promise: headline, standfirst, where it stood, how much of it this is, the text, and what opens the rest.

    No query when issue, title, corrections and authorships are loaded.
    """
    article = page.article
    parts = [
        f"# {one_line(article.headline)}",
        one_line(article.standfirst),
        "\n".join(f"- {line}" for line in _facts(page)),
        "---",
        to_markdown(page.readable, page.pictures, settings.ADDRESS),
        _corrections(page) if page.gate is None else f"---\n\n{_gate(page.gate)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(page: MachinePage) -> list[str]:
    place = ", ".join(part for part in (page.article.issue.title.name, page.issue_line, page.pages) if part)
    much = "This is the whole article."
    if page.gate is not None:
        much = f"This is the opening of the article. {page.withheld:,} words of it are withheld."
    by = [f"By {escaped(page.byline)}"] if page.byline else []
    return [*by, f"In {escaped(place)}", f"Address: <{page.address}>", much]


def _corrections(page: MachinePage) -> str:
    """They tell of the text, so they go with the whole of it."""
    made = [
        f"- {date_format(one.made_on, 'j F Y')}: {escaped(one.text.strip())}"
        for one in page.article.corrections.all()
    ]
    return "\n".join(["## Corrections", "", *made]) if made else ""


def _gate(gate: GateBlock) -> str:
    ways = [gate.first, *gate.ways] if gate.first else gate.ways
    lines = [
        *(f"{escaped(name)}: {_price(price)}" for name, price in _for_sale(gate)),
        *(link(escaped(way.text), _whole(way.address)) for way in ways),
        f"Something wrong? Write to {escaped(gate.help_email)} with the reference {gate.reference}",
    ]
    return "\n\n".join(
        [f"{escaped(gate.follows)} {escaped(gate.why)}", "\n".join(f"- {one}" for one in lines)]
    )


def _for_sale(gate: GateBlock) -> list[tuple[str, PriceLine]]:
    """What opens the rest, each with where it is bought."""
    cards = [(card.name, price) for card in gate.cards for price in card.prices]
    return [
        (name, price) for name, price in (*cards, *((s.text, s.price) for s in gate.small)) if price.address
    ]


def _price(price: PriceLine) -> str:
    words = " ".join(part for part in ("from" if price.is_from else "", price.amount, price.term) if part)
    return link(escaped(words), _whole(price.address))


def as_json(page: MachinePage) -> str:
    """Promise: the shape that docs/machine-readers.md describes; `text` is there only when all of it is."""
    told = {**_of_the_article(page), **_of_the_text(page), "gate": _gate_facts(page)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _of_the_article(page: MachinePage) -> dict[str, Any]:
    article, issue = page.article, page.article.issue
    section = article.section
    return {
        "version": VERSION,
        "address": page.address,
        "headline": article.headline,
        "standfirst": article.standfirst,
        "byline": page.byline,
        "contributors": [
            {"name": one.contributor.name, "address": _whole(one.contributor.get_absolute_url())}
            for one in article.authorships.all()
        ],
        "section": {"name": section.name, "address": _whole(section.get_absolute_url())} if section else None,
        "title": {
            "name": issue.title.name,
            "issn": issue.title.issn,
            "address": _whole(issue.title.get_absolute_url()),
        },
        "issue": {
            "volume": issue.volume.number if issue.volume else "",
            "number": issue.number,
            "cover_date": issue.cover_date,
            "date": issue.sort_date.isoformat(),
            "address": _whole(issue.get_absolute_url()),
        },
        "first_page": article.first_page,
        "last_page": article.last_page,
        "language": article.language or issue.title.language,
        "published": article.online_date.isoformat(),
        "changed": article.appearance.changed_at.isoformat(),
    }


def _of_the_text(page: MachinePage) -> dict[str, Any]:
    text = {
        "markdown": to_markdown(page.readable, page.pictures, settings.ADDRESS),
        "html": with_whole_addresses(to_html(page.readable, page.pictures), page.address),
    }
    whole = page.readable.is_whole
    return {
        "isAccessibleForFree": is_free(page.decision),
        "is_whole": whole,
        "words_withheld": page.withheld,
        "text" if whole else "lead_in": text,
        "corrections": [
            {"day": one.made_on.isoformat(), "text": one.text} for one in page.article.corrections.all()
        ]
        if whole
        else [],
    }


def _gate_facts(page: MachinePage) -> dict[str, Any] | None:
    gate = page.gate
    if gate is None:
        return None
    return {
        "reason": page.decision.reason.value,
        "why": gate.why,
        "follows": gate.follows,
        "offers": [
            {
                "name": name,
                "price": price.amount,
                "is_from": price.is_from,
                "term": price.term,
                "address": _whole(price.address),
            }
            for name, price in _for_sale(gate)
        ],
        "sign_in": _sign_in(page),
        "help": gate.help_email,
        "reference": gate.reference,
    }


def _sign_in(page: MachinePage) -> str | None:
    """Who has signed in already is not told to."""
    if Offer.SIGN_IN not in page.decision.offers:
        return None
    return _whole(f"{reverse('account_login')}?{urlencode({'next': page.article.get_absolute_url()})}")


def _whole(address: str) -> str:
    return settings.ADDRESS + address if address.startswith("/") else address
