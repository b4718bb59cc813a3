"""Cards and covers in templates: what they look like stands in `website.cards`."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from backnumber.archive.models import Issue
from backnumber.website import cards, issue_covers
from backnumber.website.cards import Card, Cover, Part
from backnumber.website.issue_covers import CoveredIssue

register = template.Library()


@register.filter
def face(issue: Issue) -> Cover:
    """Promise: the cover of `issue`; no query when its title, volume and cover were fetched with it."""
    return issue_covers.cover_of(issue_covers.covered_issue(issue), timezone.now())


@register.simple_tag
def cover(issue: Issue | CoveredIssue, size: str = "", *, eager: bool = False) -> SafeString:
    one = issue if isinstance(issue, CoveredIssue) else issue_covers.covered_issue(issue)
    return mark_safe(cards.cover(issue_covers.cover_of(one, timezone.now()), size=size, eager=eager))


@register.simple_tag
def covers_of(issues: Iterable[CoveredIssue], titles: Sequence[object] = ()) -> SafeString:
    """Promise: the covers of a list, linked, each with its date; with its title too where there are several titles."""
    return mark_safe(issue_covers.in_list(issues, names_titles=len(titles) > 1))


@register.simple_tag
def index_entries(contributors: Iterable[Any]) -> SafeString:
    """Promise: each name as an index has it, linked. `contributors` have `pieces`: how many are published."""
    entries = (cards.index_entry(c.get_absolute_url(), c.sort_name, c.pieces) for c in contributors)
    return mark_safe("".join(entries))


@register.simple_tag
def article_card(
    card: Card, heading: str = "h3", headline: Sequence[Part] = (), snippet: Sequence[Part] = ()
) -> SafeString:
    return mark_safe(cards.article_card(card, heading, headline, snippet))
