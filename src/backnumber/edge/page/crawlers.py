"""Programs that read the web for others, and what the publisher lets each kind of them do.

A crawler is known by what it calls itself, which anyone may claim: being let in gives nothing that anyone would not get.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from crawleruseragents import CRAWLER_USER_AGENTS_DATA

LONGEST_NAME = 512


class Purpose(StrEnum):
    """What a crawler reads for."""

    SEARCH = "search"
    TRAINING = "training"
    ANSWERS = "answers"


class Stance(StrEnum):
    """What the publisher says to a crawler: come in, stay out (robots.txt), or pay first (402 and the terms)."""

    WELCOME = "welcome"
    REFUSED = "refused"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Crawler:
    """One crawler, by the token that it reads robots.txt by. `comes` is False for a token that stands in robots.txt alone:
    no request is made under it, so that none can be answered with 402.
    """

    token: str
    company: str
    purpose: Purpose
    comes: bool = True


_OURS = (
    Crawler("Googlebot", "Google", Purpose.SEARCH),
    Crawler("Bingbot", "Microsoft", Purpose.SEARCH),
    Crawler("DuckDuckBot", "DuckDuckGo", Purpose.SEARCH),
    Crawler("Applebot", "Apple", Purpose.SEARCH),
    Crawler("YandexBot", "Yandex", Purpose.SEARCH),
    Crawler("MojeekBot", "Mojeek", Purpose.SEARCH),
    Crawler("Google-Extended", "Google", Purpose.TRAINING, comes=False),
    Crawler("Applebot-Extended", "Apple", Purpose.TRAINING, comes=False),
    Crawler("GPTBot", "OpenAI", Purpose.TRAINING),
    Crawler("ClaudeBot", "Anthropic", Purpose.TRAINING),
    Crawler("CCBot", "Common Crawl", Purpose.TRAINING),
    Crawler("meta-externalagent", "Meta", Purpose.TRAINING),
    Crawler("Bytespider", "ByteDance", Purpose.TRAINING),
    Crawler("Amazonbot", "Amazon", Purpose.TRAINING),
    Crawler("OAI-SearchBot", "OpenAI", Purpose.ANSWERS),
    Crawler("ChatGPT-User", "OpenAI", Purpose.ANSWERS),
    Crawler("Claude-SearchBot", "Anthropic", Purpose.ANSWERS),
    Crawler("Claude-User", "Anthropic", Purpose.ANSWERS),
    Crawler("PerplexityBot", "Perplexity", Purpose.ANSWERS),
    Crawler("Perplexity-User", "Perplexity", Purpose.ANSWERS),
    Crawler("DuckAssistBot", "DuckDuckGo", Purpose.ANSWERS),
    Crawler("MistralAI-User", "Mistral", Purpose.ANSWERS),
    Crawler("Amzn-SearchBot", "Amazon", Purpose.ANSWERS),
    Crawler("Amzn-User", "Amazon", Purpose.ANSWERS),
)
_TOKEN = re.compile(
    r"[A-Za-z0-9_-]{6,}"
)  # what may stand in robots.txt (RFC 9309, section 2.2.1), and is no common word


def _listed() -> Iterator[Crawler]:
    """The crawlers that collect for machines, of a list that others keep up to date, and that are none of those above."""
    ours = [crawler.token.lower() for crawler in _OURS]
    for entry in CRAWLER_USER_AGENTS_DATA:
        token, tags = entry["pattern"].removesuffix("\\/"), entry.get("tags", ())
        known = any(one in token.lower() or token.lower() in one for one in ours)
        if "ai-crawler" not in tags or known or not _TOKEN.fullmatch(token):
            continue
        answers = "search-engine" in tags or token.lower().endswith(("user", "searchbot"))
        yield Crawler(token, entry.get("description", ""), Purpose.ANSWERS if answers else Purpose.TRAINING)


KNOWN = (*_OURS, *_listed())
# The longer name first: "Applebot-Extended" is not "Applebot".
_BY_LENGTH = sorted(KNOWN, key=lambda crawler: -len(crawler.token))

# For a publisher who has said nothing yet. Search and answers name us and lead readers here. What a model is trained on
# leads nobody here and cannot be taken back, and who wants to allow it can do so any day.
DEFAULTS: Mapping[Purpose, Stance] = {
    Purpose.SEARCH: Stance.WELCOME,
    Purpose.ANSWERS: Stance.WELCOME,
    Purpose.TRAINING: Stance.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Stances:
    """The publisher's word to each crawler, by token, and what it costs. What is not named is welcome.

    `terms_path` is where the terms stand when that is on this site: who is to pay may read them there. `licence_address`
    is that of an RSL licence file.
    """

    by_token: Mapping[str, Stance] = field(default_factory=dict)
    terms: str = ""
    terms_address: str = ""
    terms_path: str = ""
    licence_address: str = ""

    def of(self, crawler: Crawler) -> Stance:
        return self.by_token.get(crawler.token, Stance.WELCOME)

    def towards(self, user_agent: str) -> Stance:
        found = crawler_of(user_agent)
        return self.of(found) if found else Stance.WELCOME

    def kept_out(self) -> tuple[Crawler, ...]:
        """Promise: whom robots.txt keeps out: the refused, and of those to pay the ones who never come to be told so."""
        return tuple(
            crawler
            for crawler in KNOWN
            if (stance := self.of(crawler)) is Stance.REFUSED or (stance is Stance.PAID and not crawler.comes)
        )

    def to_pay(self) -> tuple[Crawler, ...]:
        """Promise: who is told to pay, page by page."""
        return tuple(crawler for crawler in KNOWN if self.of(crawler) is Stance.PAID and crawler.comes)


def stances_of(
    said: Mapping[str, Stance], words: str, address: str, licence_address: str, *, site: str
) -> Stances:
    """Promise: a stance for every crawler that is known, and the terms; an address that is a path is one of this `site`."""
    whole = site + address if address.startswith("/") else address
    path = urlsplit(whole).path if whole.startswith(f"{site}/") else ""
    return Stances(filled(said), words, whole, path, licence_address)


def crawler_of(user_agent: str) -> Crawler | None:
    """Promise: the crawler that a program calls itself; None for a person's browser or one we do not know."""
    name = user_agent[:LONGEST_NAME].lower()
    return next((crawler for crawler in _BY_LENGTH if crawler.token.lower() in name), None)


def all_of(by_purpose: Mapping[Purpose, Stance]) -> dict[str, Stance]:
    """Promise: each known crawler with the stance of its purpose; one who never comes is refused where the others pay."""
    return {crawler.token: _possible(crawler, by_purpose[crawler.purpose]) for crawler in KNOWN}


def filled(said: Mapping[str, Stance]) -> dict[str, Stance]:
    """Promise: a stance for each known crawler, and for no other: what was said to it; else, for one that came with a later
    version, what is said to all others of its purpose; else the default.
    """
    return {
        crawler.token: _possible(crawler, said[crawler.token])
        if crawler.token in said
        else _like_the_others(crawler, said)
        for crawler in KNOWN
    }


def _like_the_others(crawler: Crawler, said: Mapping[str, Stance]) -> Stance:
    others = {
        said[other.token]
        for other in KNOWN
        if other.purpose is crawler.purpose and other.comes and other.token in said
    }
    return _possible(crawler, others.pop() if len(others) == 1 else DEFAULTS[crawler.purpose])


def _possible(crawler: Crawler, stance: Stance) -> Stance:
    return Stance.REFUSED if stance is Stance.PAID and not crawler.comes else stance
