"""Which policy holds for an article: the most specific that is set. Pure."""

from collections.abc import Iterable, Iterator

from backnumber.access import Policy


def effective_policy(article: str, issue: str, section: str, title: str) -> Policy | None:
    """Promise: the first that is set of article, issue, section, title; None when that one is no known policy."""
    named = next(_set((article, issue, section, title)), "")
    return Policy(named) if named in set(Policy) else None


def _set(policies: Iterable[str]) -> Iterator[str]:
    return iter([policy for policy in policies if policy])
