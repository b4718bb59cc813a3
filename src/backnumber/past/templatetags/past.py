"""For the templates of the past: its own menu, years in words, and what of a list is free to its reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article
from backnumber.past.models import PLURALS
from backnumber.past.words import of_span, of_year

register = template.Library()
register.filter("year_in_words", of_year)


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the menu. `here`: the page is this one, or one below it."""

    name: str
    address: str
    here: bool
    is_page: bool


@register.simple_tag(takes_context=True)
def past_ways(context: Mapping[str, Any]) -> list[Way]:
    path = context["request"].path
    names = [
        ("Timeline", address_of("past_timeline")),
        ("Map", address_of("past_map")),
        *((plural.capitalize(), address_of("past_index", plural)) for plural in PLURALS.values()),
        ("On this day", address_of("past_today")),
        ("Questions", address_of("past_questions")),
    ]
    return [Way(name, address, path.startswith(address), path == address) for name, address in names]


@register.filter
def of_article(marks: Mapping[int, str] | str, article: Article) -> str:
    """Promise: the mark of an article, empty without one."""
    return marks.get(article.pk, "") if isinstance(marks, Mapping) else ""


@register.filter
def span_in_words(unit: int, start: int) -> str:
    return of_span(unit, start)
