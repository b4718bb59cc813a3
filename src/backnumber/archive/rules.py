"""Which policy holds for an article: the most specific that is set. Pure."""

from backnumber.access import Policy


def policy_and_source(article: str, issue: str, section: str, title: str) -> tuple[Policy | None, str]:
    """Promise: the first that is set of article, issue, section, title, and which that is; None when it is no known policy."""
    levels = (("article", article), ("issue", issue), ("section", section), ("title", title))
    source, named = next(((level, policy) for level, policy in levels if policy), ("title", ""))
    return (Policy(named) if named in set(Policy) else None), source


def effective_policy(article: str, issue: str, section: str, title: str) -> Policy | None:
    return policy_and_source(article, issue, section, title)[0]
