"""The editor's desk for the long read: pick an article and a week; see who asked."""

from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from backnumber.longread.models import LongRead, Recipient


class LongReadViewSet(SnippetViewSet):
    model = LongRead
    copy_view_enabled = False
    menu_label = "Weeks"
    icon = "date"
    list_display = ("week", "article")
    panels = [FieldPanel("week"), FieldPanel("article"), FieldPanel("introduction")]


class RecipientViewSet(SnippetViewSet):
    model = Recipient
    copy_view_enabled = False
    menu_label = "Recipients"
    icon = "mail"
    list_display = (
        "email",
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
