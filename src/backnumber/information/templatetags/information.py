"""What pages of other rooms say of the information pages."""

from typing import Any

from django import template

from backnumber.information.queries import PageLink

register = template.Library()


@register.inclusion_tag("information/for_buyers.html", takes_context=True)
def words_for_buyers(context: dict[str, Any]) -> dict[str, tuple[PageLink, ...]]:
    """Promise: links to the terms and what else one reads before one pays, those that are published; nothing when none is."""
    pages = context.get("information")
    return {"pages": pages.for_buyers if pages else ()}
