"""What pages say to machines in their head."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from backnumber.access import Decision
from backnumber.archive.models import Article
from backnumber.archive.readable import Readable
from backnumber.syndication import structured
from backnumber.syndication.citations import citation_of, meta_tags
from backnumber.syndication.queries import Subject, everything

register = template.Library()
_PREFIXES = {
    "z": "http://www.zotero.org/namespaces/export#",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
}


@register.simple_tag
def structured_data(article: Article, decision: Decision, readable: Readable, address: str) -> SafeString:
    """Promise: the script element. It holds data, no program, so a content security policy does not refuse
    it.
    """
    text = structured.as_script_text(structured.structured_data(article, decision, readable, address))
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.simple_tag
def citation_tags(article: Article, address: str) -> SafeString:
    """Promise: the meta tags reference managers read, one a line."""
    return format_html_join(
        "\n  ", "{}", ((_tag(name, content),) for name, content in meta_tags(citation_of(article, address)))
    )


def _tag(name: str, content: str) -> SafeString:
    prefix = name.partition(":")[0]
    if prefix in _PREFIXES and ":" in name:
        return format_html(
            '<meta prefix="{}: {}" property="{}" content="{}">', prefix, _PREFIXES[prefix], name, content
        )
    return format_html('<meta name="{}" content="{}">', name, content)


@register.simple_tag
def machine_links(article: Article) -> SafeString:
    """Promise: where the same article stands for programs."""
    path = article.get_absolute_url().removesuffix("/")
    forms = ((path + ending, media_type) for ending, media_type in _FOR_PROGRAMS)
    return format_html_join("\n  ", '<link rel="alternate" type="{1}" href="{0}">', forms)


@register.inclusion_tag("syndication/feed_links.html")
def feed_links(kind: str = "", slug: str = "", name: str = "") -> dict[str, Any]:
    """Promise: the feed of everything, and of what the page is about when it says so, for feed readers to
    find.
    """
    here = [Subject(kind, slug, name, "")] if kind and slug else []
    return {
        "links": [
            (f"{of.name}, {label}", f"application/{media}", of.address(form))
            for of in (everything(), *here)
            for form, media, label in _FORMS
        ]
    }


_FORMS = (("atom", "atom+xml", "Atom"), ("rss", "rss+xml", "RSS"), ("json", "feed+json", "JSON Feed"))
_FOR_PROGRAMS = ((".md", "text/markdown"), (".json", "application/json"))
