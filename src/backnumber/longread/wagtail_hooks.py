"""The editor's desk for the long read: pick an article and a week; see who asked."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet, SnippetViewSetGroup

from backnumber.longread import desk
from backnumber.longread.models import LongRead, Recipient
from backnumber.longread.queries import recipient_status, status


def _status(pick: LongRead) -> str:
    return status(pick, timezone.now())


class PickView(CreateView):
    """The form of a new week begins with the week and the article that the calendar’s link names."""

    def get_initial_form_instance(self) -> LongRead:
        return LongRead(**desk.picked(self.request.GET.get("week", ""), self.request.GET.get("article", "")))

    def get_success_url(self) -> str:
        return reverse("longread_week", args=[self.object.pk])


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
    add_view_class = PickView
    panels = [
        FieldPanel("week"),
        FieldPanel("article"),
        FieldPanel("introduction"),
        FieldPanel("links"),
        MultiFieldPanel([FieldPanel("sponsor"), FieldPanel("sponsor_address")], heading="Sponsor"),
        FieldPanel("sends_at"),
    ]

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


class _CalendarItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.CHANGE))


@hooks.register("register_admin_menu_item")
def calendar_item() -> MenuItem:
    return _CalendarItem("Weekly calendar", reverse("longread_calendar"), icon_name="date", order=209)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("long-read/", desk.calendar, name="longread_calendar"),
        path("long-read/<int:pk>/", desk.week, name="longread_week"),
        path("long-read/<int:pk>/mail/", desk.mail, name="longread_mail"),
        path("long-read/<int:pk>/act/", desk.act, name="longread_act"),
    ]


class LongReadGroup(SnippetViewSetGroup):
    items = (LongReadViewSet, RecipientViewSet)
    menu_label = "Long read"
    menu_icon = "openquote"
    menu_order = 210


register_snippet(LongReadGroup)
