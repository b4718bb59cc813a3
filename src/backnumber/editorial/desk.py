"""The admin's furniture: what is no use to a magazine is put away, what an editor looks for stands first."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button

from backnumber.archive.models import Article
from backnumber.editorial import who_may_read
from backnumber.editorial.panels import LatelyEdited
from backnumber.editorial.roles import EDITS_ARTICLES

_OF_NO_USE = {
    "explorer",
    "documents",
    "snippets",
    "sites",
    "locales",
    "collections",
    "redirects",
    "aging-pages",
    "page-types-usage",
    "locked-pages",
    "editor-guide",
    "pages",
}


@hooks.register("construct_main_menu")
@hooks.register("construct_settings_menu")
@hooks.register("construct_reports_menu")
@hooks.register("construct_help_menu")
def put_away(request: HttpRequest, items: list[MenuItem]) -> None:
    """An archive is issues, not a page tree; what is left over of Wagtail's own is not shown."""
    items[:] = [
        item
        for item in items
        if item.name not in _OF_NO_USE
        and not item.name.startswith("whats-new")
        and not getattr(item, "url", "").startswith(reverse("wagtailadmin_reports:workflow").rstrip("/"))
    ]
    for item in items:
        if item.name == "images":
            item.label = "Pictures"


@hooks.register("insert_global_admin_css")
def colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/admin.css"))


@hooks.register("register_admin_urls")
def who_may_read_urls() -> list[URLPattern]:
    return [
        path("who-may-read/<int:article>/", who_may_read.who_may_read, name="who_may_read"),
        path("who-may-read/<int:article>/as/<slug:kind>/", who_may_read.seen_by, name="who_may_read_as"),
    ]


@hooks.register("register_snippet_listing_buttons")
def who_may_read_button(snippet: Any, user: Any, _next_url: str | None = None) -> Iterator[Button]:
    """In the list of articles, beside "Edit"."""
    if isinstance(snippet, Article) and user.has_perm(EDITS_ARTICLES):
        yield Button(
            "Who may read this", reverse("who_may_read", args=[snippet.pk]), icon_name="view", priority=30
        )


@hooks.register("construct_homepage_panels")
def front_page(request: HttpRequest, panels: list[Component]) -> None:
    panels[:] = [panel for panel in panels if "workflow" in getattr(panel, "name", "")]
    if request.user.has_perm(EDITS_ARTICLES):
        panels.append(LatelyEdited())


@hooks.register("construct_homepage_summary_items")
def no_counts(request: HttpRequest, items: list[Component]) -> None:
    items.clear()


class ArticleSearch(SearchArea):
    """What the box in the side bar searches."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(EDITS_ARTICLES))


@hooks.register("register_admin_search_area")
def articles_search() -> SearchArea:
    return ArticleSearch(
        "Articles",
        reverse("wagtailsnippets_archive_article:list"),
        name="articles",
        icon_name="doc-full",
        order=10,
    )


@hooks.register("construct_search")
def searched(request: HttpRequest, areas: list[Any]) -> None:
    areas[:] = [area for area in areas if area.name not in _OF_NO_USE]
