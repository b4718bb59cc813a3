"""Programs that read the web for others, and what the publisher lets each kind of them do.

A crawler is known by what it calls itself, which anyone may claim: being let in gives nothing that anyone would not get.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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
    """One crawler, by the token that it reads robots.txt by."""

    token: str
    company: str
    purpose: Purpose


KNOWN = (
    Crawler("Googlebot", "Google", Purpose.SEARCH),
    Crawler("Bingbot", "Microsoft", Purpose.SEARCH),
    Crawler("DuckDuckBot", "DuckDuckGo", Purpose.SEARCH),
    Crawler("Applebot", "Apple", Purpose.SEARCH),
    Crawler("YandexBot", "Yandex", Purpose.SEARCH),
    Crawler("MojeekBot", "Mojeek", Purpose.SEARCH),
    Crawler("Google-Extended", "Google", Purpose.TRAINING),
    Crawler("Applebot-Extended", "Apple", Purpose.TRAINING),
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
)
# The longer name first: "Applebot-Extended" is not "Applebot".
_BY_LENGTH = sorted(KNOWN, key=lambda crawler: -len(crawler.token))


@dataclass(frozen=True, slots=True)
class Stances:
    """The publisher's word to each crawler, by token, and what it costs. What is not named is welcome."""

    by_token: Mapping[str, Stance] = field(default_factory=dict)
    terms: str = ""
    terms_address: str = ""

    def towards(self, user_agent: str) -> Stance:
        found = crawler_of(user_agent)
        return self.by_token.get(found.token, Stance.WELCOME) if found else Stance.WELCOME


def crawler_of(user_agent: str) -> Crawler | None:
    """Promise: the crawler that a program calls itself; None for a person's browser or one we do not know."""
    name = user_agent[:LONGEST_NAME].lower()
    return next((crawler for crawler in _BY_LENGTH if crawler.token.lower() in name), None)
