"""The editor's desk for the long read: pick an article and a week; see who asked."""

from typing import Any

from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from backnumber.longread.models import LongRead, Recipient
from backnumber.longread.queries import recipient_status, status


def _status(pick: LongRead) -> str:
    return status(pick, timezone.now())


class LongReadViewSet(SnippetViewSet):
    model = LongRead
    copy_view_enabled = False
    menu_label = "Weeks"
    icon = "date"
    list_display = (
        "week",
        "article",
        StatusTagColumn(
            "status", label="Status", accessor=_status, primary=lambda pick: _status(pick) == "open now"
        ),
    )
    panels = [FieldPanel("week"), FieldPanel("article"), FieldPanel("introduction")]

    def get_queryset(self, request: Any) -> Any:
        picks = LongRead.objects.select_related("article__issue__title", "window")
        return picks.defer("article__body")


class RecipientViewSet(SnippetViewSet):
    model = Recipient
    copy_view_enabled = False
    menu_label = "Recipients"
    icon = "mail"
    list_display = (
        "email",
        StatusTagColumn(
            "status",
            label="Status",
            accessor=recipient_status,
            primary=lambda one: recipient_status(one) == "gets the mail",
        ),
        "asked_at",
        "confirmed_at",
        "left_at",
        Column("last_refusal", label="Last mail refused because"),
    )
    search_fields = ("email",)
    search_backend_name = None
    list_export = ("email", "confirmed_at")
    panels = [FieldPanel("email"), FieldPanel("asked_at"), FieldPanel("confirmed_at"), FieldPanel("left_at")]


class LongReadGroup(SnippetViewSetGroup):
    items = (LongReadViewSet, RecipientViewSet)
    menu_label = "Long read"
    menu_icon = "openquote"
    menu_order = 210


register_snippet(LongReadGroup)
