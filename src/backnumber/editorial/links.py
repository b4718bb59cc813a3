"""The link button of the editor: an article, an issue, a contributor or an information page of our own, another site, an e-mail address, a note on the page.

A link of our own is kept as an address; when what it leads to is renamed or moved, its old address leads on (archive/addresses.py).
"""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse, reverse_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.rich_text.editors.draftail import features as draftail

from backnumber.archive.models import Article, Contributor, Issue
from backnumber.editorial.choosers import articles_for, issues_for
from backnumber.editorial.roles import EDITS_ARTICLES
from backnumber.information.models import InformationPage

MOST_OF_A_KIND = 10
KINDS: dict[str, Any] = {
    "article": Article,
    "issue": Issue,
    "contributor": Contributor,
    "page": InformationPage,
}


@hooks.register("register_rich_text_features", order=10)
def link_button(features: Any) -> None:
    """Wagtail's own button offers its page tree, which this site does not have."""
    choosers = {
        "pageChooser": "choose_own_link",
        "externalLinkChooser": "wagtailadmin_choose_page_external_link",
        "emailLinkChooser": "wagtailadmin_choose_page_email_link",
        "phoneLinkChooser": "wagtailadmin_choose_page_phone_link",
        "anchorLinkChooser": "wagtailadmin_choose_page_anchor_link",
    }
    button = {
        "type": "LINK",
        "icon": "link",
        "description": "Link",
        "attributes": ["url"],
        "allowlist": {"href": "^(http:|https:|mailto:|/|#|undefined$)"},
        "chooserUrls": {name: reverse_lazy(route) for name, route in choosers.items()},
    }
    features.register_editor_plugin(
        "draftail", "link", draftail.EntityFeature(button, js=["wagtailadmin/js/page-chooser-modal.js"])
    )


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("choose-own-link/", choose, name="choose_own_link")]


@permission_required(EDITS_ARTICLES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """One form: what is looked for, and, once something is found, which one of it. A new search is sent by itself."""
    asked = request.POST.get("words", "").strip()
    before = request.POST.get("words_before", "").strip()
    chosen = _chosen(request.POST.get("choice", "")) if asked == before else None
    if chosen is not None:
        result = {
            "url": chosen.get_absolute_url(),
            "title": str(chosen),
            "prefer_this_title_as_link_text": False,
        }
        return render_modal_workflow(
            request, None, None, None, json_data={"step": "external_link_chosen", "result": result}
        )
    known = {
        "words": asked,
        "found": list(_found(asked, request.user)) if asked else [],
        "here": reverse("choose_own_link"),
        "unchosen": bool(request.POST) and asked == before,
    }
    return render_modal_workflow(
        request, "editorial/choose_own_link.html", None, known, json_data={"step": "external_link"}
    )


def _found(words: str, user: Any) -> Iterator[dict[str, str]]:
    """Drafts too: an editor links from one piece of an issue to another before it comes out."""
    articles = _with(words, articles_for(user), "headline", "byline", "issue__cover_date")
    issues = _with(words, issues_for(user), "cover_date", "number", "title__name")
    contributors = _with(words, Contributor.objects.all(), "name", "sort_name", "variants")
    pages = _with(words, InformationPage.objects.defer("body"), "title", "summary")
    for kind, rows in (
        ("article", articles.order_by("-issue__sort_date", "position")),
        ("issue", issues.order_by("-sort_date")),
        ("contributor", contributors.order_by("sort_name")),
        ("page", pages.order_by("title")),
    ):
        for one in rows[:MOST_OF_A_KIND]:
            beside = str(one.issue) if isinstance(one, Article) else ""
            yield {"value": f"{kind}:{one.pk}", "kind": kind, "name": str(one), "beside": beside}


def _with(words: str, rows: "QuerySet[Any]", *fields: str) -> "QuerySet[Any]":
    """Every word stands in one of the fields."""
    for word in words.split():
        rows = rows.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
    return rows


def _chosen(value: str) -> Any:
    kind, _, key = value.partition(":")
    model = KINDS.get(kind)
    if model is None or not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return model.objects.filter(pk=int(key)).first()
