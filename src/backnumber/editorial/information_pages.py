"""The information pages in the admin: terms, privacy, who makes the magazine."""

from typing import Any, ClassVar

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel, TitleFieldPanel
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from backnumber.editorial.status import status_column, with_status
from backnumber.information.models import InformationPage


class InformationPageViewSet(SnippetViewSet):
    model = InformationPage
    icon = "info-circle"
    menu_label = "Information"
    menu_order = 220
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = (
        "title",
        Column("get_purpose_display", label="Purpose", sort_key="purpose"),
        Column("get_menu_display", label="Menu", sort_key="menu"),
        "position",
        status_column(),
        UpdatedAtColumn(),
    )
    list_filter = ("purpose", "menu", "live")
    search_fields = ("title", "summary")
    search_backend_name = None
    panels: ClassVar[list[Any]] = [
        TitleFieldPanel("title", targets=["slug"], classname="title", required_on_save=True),
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("purpose"),
                FieldRowPanel([FieldPanel("menu"), FieldPanel("position")]),
                FieldPanel("slug", required_on_save=True),
            ],
            heading="Place",
        ),
        PublishingPanel(),
    ]

    def get_queryset(self, request: Any) -> Any:
        return with_status(InformationPage.objects.defer("body"))


register_snippet(InformationPageViewSet)
