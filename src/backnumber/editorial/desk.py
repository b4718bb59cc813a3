"""The admin's furniture: what is no use to a magazine is put away, what an editor looks for stands first."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component

from backnumber.editorial.panels import LatelyEdited

EDITS_ARTICLES = "archive.change_article"
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
        item for item in items if item.name not in _OF_NO_USE and not item.name.startswith("whats-new")
    ]
    for item in items:
        if item.name == "images":
            item.label = "Pictures"


@hooks.register("insert_global_admin_css")
def colours() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("editorial/admin.css"))


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
