"""Citations over HTTP: of an article, and of all the pieces of an issue. What they say is public of each piece."""

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from backnumber.archive.models import Article, Issue
from backnumber.archive.queries import articles_for_lists
from backnumber.syndication import citations

KEPT = "public, max-age=60"


@require_safe
def cite(request: HttpRequest, article: int, form: str) -> HttpResponse:
    """What is no published article has no citation."""
    found = articles_for_lists().filter(pk=article).first()
    if found is None:
        raise Http404
    return citation_file([found], form, found.slug, KEPT)


@require_safe
def cite_issue(request: HttpRequest, issue: int, form: str) -> HttpResponse:
    """In the running order. What is no published issue, and one of which nothing is published, has no list."""
    found = Issue.objects.select_related("title").filter(pk=issue, live=True).first()
    if found is None:
        raise Http404
    order = articles_for_lists().filter(issue=found).order_by("position", "id")
    articles = list(order[: citations.MOST_LISTED + 1])
    if not articles:
        raise Http404
    name = f"{found.title.slug}-{found.year}-{found.slug}"
    return citation_file(articles, form, name, KEPT)


def citation_file(articles: Sequence[Article], form: str, name: str, kept: str) -> HttpResponse:
    """Promise: a file of the first MOST_LISTED articles to save under a name that says when there are more; `kept` is for caches.
    No query when issue, title, volume and authorships are loaded.
    """
    most = citations.MOST_LISTED
    shown = articles[:most]
    cited = [citations.citation_of(one, settings.ADDRESS + one.get_absolute_url()) for one in shown]
    called = name if len(articles) <= most else f"{name}-first-{most}"
    return HttpResponse(
        citations.to_list(cited, form),
        content_type=f"{citations.MEDIA_TYPES[form]}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{called}.{form}"',
            "Cache-Control": kept,
            "X-Robots-Tag": "noindex",
        },
    )
