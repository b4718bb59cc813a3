"""What pages say to machines in their head."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from backnumber.access import Decision
from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article, Contributor, Issue, Title
from backnumber.archive.readable import Readable
from backnumber.information.models import InformationPage
from backnumber.syndication import citations, structured
from backnumber.syndication.citations import citation_of, meta_tags
from backnumber.syndication.subjects import Subject, everything

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
    return _script(structured.structured_data(article, decision, readable, address))


@register.simple_tag
def issue_data(issue: Issue, articles: Iterable[Article], cover: str = "") -> SafeString:
    return _script(structured.issue_data(issue, articles, cover))


@register.simple_tag
def title_data(title: Title) -> SafeString:
    return _script(structured.title_data(title))


@register.simple_tag
def contributor_data(contributor: Contributor) -> SafeString:
    return _script(structured.contributor_data(contributor))


@register.simple_tag
def information_data(page: InformationPage) -> SafeString:
    return _script(structured.information_data(page))


@register.simple_tag
def website_data() -> SafeString:
    return _script(structured.website_data())


@register.simple_tag
def breadcrumbs(*steps: str) -> SafeString:
    """Promise: the way to this page, as names and paths by turns; the front page stands before them."""
    return _script(structured.breadcrumbs(zip(steps[::2], steps[1::2], strict=True)))


def _script(values: dict[str, Any]) -> SafeString:
    text = structured.as_script_text(values)
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


@register.inclusion_tag("syndication/cite_list.html")
def cite_issue(issue: Issue, pieces: int) -> dict[str, Any]:
    """Promise: where all pieces of an issue are cited in one file, and how many of them are when there are more."""
    lists = [(address_of("cite_issue", issue.pk, form), name) for form, name in _CITED]
    return {"lists": lists, "of": pieces, "most": citations.MOST_LISTED}


@register.inclusion_tag("syndication/cite_list.html")
def cite_search(question: QueryDict, pieces: int) -> dict[str, Any]:
    """Promise: the same of what a search finds; `question` is that of its page."""
    asked = question.copy()
    asked.pop("page", None)
    lists = [(f"{address_of('search_cite', form)}?{asked.urlencode()}", name) for form, name in _CITED]
    return {"lists": lists, "of": pieces, "most": citations.MOST_LISTED}


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
    here = [Subject(kind, slug, name, "")] if kind else []
    return {
        "links": [
            (f"{of.name}, {label}", f"application/{media}", of.address(form))
            for of in (everything(), *here)
            for form, media, label in _FORMS
        ]
    }


_FORMS = (("atom", "atom+xml", "Atom"), ("rss", "rss+xml", "RSS"), ("json", "feed+json", "JSON Feed"))
_CITED = (("ris", "RIS"), ("bib", "BibTeX"), ("json", "CSL-JSON"))
_FOR_PROGRAMS = ((".md", "text/markdown"), (".json", "application/json"))
