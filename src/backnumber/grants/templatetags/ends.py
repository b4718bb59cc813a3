"""`{{ until|last_day }}`: an end as people read it."""

from datetime import datetime

from django import template

from backnumber.grants.ends import last_day_in_words

register = template.Library()


@register.filter(name="last_day")
def last_day_of(until: datetime | None) -> str:
    """Promise: "31 December 2026"; nothing for what has no end."""
    return last_day_in_words(until) if until else ""
