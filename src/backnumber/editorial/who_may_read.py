"""The pages "Who may read this": what holds for an article, what each kind of reader sees, and the page as one sees it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from backnumber.archive.models import Article
from backnumber.archive.queries import any_article
from backnumber.editorial.answers import kind_named, rows, settings_of
from backnumber.editorial.forms import OnForm
from backnumber.editorial.roles import EDITS_ARTICLES

kept_by_nobody = cache_control(private=True, no_cache=True, no_store=True, max_age=0)


@kept_by_nobody
@require_safe
def who_may_read(request: HttpRequest, article: int) -> HttpResponse:
    """A day that is none gets a message beside its field; what holds now is shown all the same."""
    found = _article_for(request, article)
    form = OnForm(request.GET if "on" in request.GET else None)
    now, then = timezone.now(), form.moment()
    return render(
        request,
        "editorial/who_may_read.html",
        {
            "article": found,
            "is_published": found.live and found.issue.live,
            "settings": settings_of(found, min(now, then) if then else now),
            "rows": rows(found, now, then),
            "now": now,
            "then": then,
            "form": form,
            "on": then.date().isoformat() if then else "",
            "page_title": "Who may read this",
            "header_title": "Who may read this",
            "edit_address": reverse("wagtailsnippets_archive_article:edit", args=[found.pk]),
        },
    )


@kept_by_nobody
@require_safe
def seen_by(request: HttpRequest, article: int, kind: str) -> HttpResponse:
    """The article's page as a reader of this kind sees it, now or on a day. The website brings the template."""
    found = _article_for(request, article)
    form = OnForm(request.GET)
    if not form.is_valid():
        raise Http404
    at = form.moment() or timezone.now()
    reader = kind_named(found, kind, at)
    if reader is None:
        raise Http404
    return render(
        request, "website/preview.html", {"object": found, "preview_as": reader.asker, "preview_at": at}
    )


def _article_for(request: HttpRequest, key: int) -> Article:
    """Errors: PermissionDenied for who does not edit articles, whether there is one or not; Http404."""
    if not request.user.has_perm(EDITS_ARTICLES):
        raise PermissionDenied
    found = any_article(key)
    if found is None:
        raise Http404
    return found
