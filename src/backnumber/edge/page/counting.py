"""What the meter counts: a person who opens a page. The rest neither spends a read nor earns one.

Who claims to be a crawler is believed, for that only takes away: what is not counted does not open a metered article.
"""

from collections.abc import Mapping
from functools import lru_cache

from crawleruseragents import is_crawler

# In lower case, anywhere in the name a program gives itself.
CRAWLERS = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "archiver",
    "externalhit",
    "preview",
    "-user/",
    "mediapartners",
)
FEED_READERS = ("feed", "rss", "newsblur", "inoreader", "netnewswire", "miniflux", "reeder/", "theoldreader")
PROGRAMS = (
    "curl",
    "wget",
    "python",
    "httpx",
    "go-http",
    "java/",
    "okhttp",
    "libwww-perl",
    "headless",
    "whatsapp",
)
NOT_A_PERSON = CRAWLERS + FEED_READERS + PROGRAMS
NOT_A_BOT = "cubot"  # a make of telephone
LONGEST_NAME = 512


def is_counted(method: str, headers: Mapping[str, str]) -> bool:
    """Promise: whether the request is a person's opening of a page. Names of headers are in lower case, or their case is no matter."""
    if method != "GET" or "range" in headers or _is_ahead_of_time(headers):
        return False
    if headers.get("sec-fetch-dest", "document").strip().lower() != "document":
        return False
    return is_a_person(headers.get("user-agent", ""))


def is_a_person(user_agent: str) -> bool:
    """Promise: whether a program of this name has a person before it, as far as it says. No name: no."""
    name = user_agent[:LONGEST_NAME].strip()
    ours = name.lower().replace(NOT_A_BOT, "")
    return bool(ours) and not any(word in ours for word in NOT_A_PERSON) and not _is_listed(name)


@lru_cache(maxsize=2_048)
def _is_listed(name: str) -> bool:
    """Our own words know what came yesterday; this list others keep up to date."""
    return is_crawler(name)


def _is_ahead_of_time(headers: Mapping[str, str]) -> bool:
    """A browser fetches what its reader may open next (https://wicg.github.io/nav-speculation/prefetch.html)."""
    return any("prefetch" in headers.get(name, "").lower() for name in ("sec-purpose", "purpose", "x-moz"))
