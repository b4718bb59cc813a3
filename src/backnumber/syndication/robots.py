"""robots.txt (RFC 9309) as the publisher's word to crawlers makes it. Pure.

Of what has been proposed beside it, only the licence line of RSL 1.0 (https://rslstandard.org/rsl) is written, and only for a
publisher who has such a file. Why nothing else is: docs/machine-readers.md.
"""

from collections.abc import Iterable

from backnumber.edge.page.crawlers import Crawler, Stances

NOT_WORTH_THE_TIME = (
    "/admin/",
    "/account/",
    "/buy/",
    "/checkout/",
    "/till/",
    "/search",
    "/weekly/confirm/",
    "/weekly/leave/",
    "/weekly/preferences/",
    "/weekly/move/",
)
POLICY = (
    "/llms.txt",
)  # whoever is kept out may read why; robots.txt itself is always open (RFC 9309, 2.2.2)


def robots_txt(stances: Stances, sitemap: str) -> str:
    """Promise: groups for whom it keeps out and for everybody else, what is said to who is to pay, and where more stands.

    It keeps nothing secret: that is the gate's work.
    """
    parts = [
        _group(["*"], (f"Disallow: {path}" for path in NOT_WORTH_THE_TIME)),
        _kept_out(stances.kept_out()),
        _to_pay(stances),
        f"License: {_line(stances.licence_address)}" if stances.licence_address else "",
        f"Sitemap: {sitemap}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _kept_out(crawlers: tuple[Crawler, ...]) -> str:
    if not crawlers:
        return ""
    rules = (*(f"Allow: {path}" for path in POLICY), "Disallow: /")
    return _group([crawler.token for crawler in crawlers], rules)


def _group(agents: Iterable[str], rules: Iterable[str]) -> str:
    return "\n".join([*(f"User-agent: {agent}" for agent in agents), *rules])


def _to_pay(stances: Stances) -> str:
    """They are not kept out: each page answers them with 402 and says the same, which they would not see otherwise."""
    crawlers = stances.to_pay()
    if not crawlers:
        return ""
    names = ", ".join(crawler.token for crawler in crawlers)
    said = [
        f"To be paid for, page by page (402): {names}",
        *stances.terms.splitlines(),
        stances.terms_address,
    ]
    return "\n".join(f"# {_line(one)}" for one in said if one.strip())


def _line(text: str) -> str:
    """A line that was typed stays one line: what follows it would be a rule."""
    return " ".join(text.split())
