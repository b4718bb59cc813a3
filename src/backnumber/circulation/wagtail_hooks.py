"""Circulation in the admin's menu: claims, print subscriptions, the bureau's file."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from backnumber.circulation import desk
from backnumber.circulation.claims import CLAIM_CLOSED
from backnumber.circulation.finding import matching
from backnumber.circulation.importing import FILE_DISCARDED, FILE_TAKEN_IN
from backnumber.circulation.models import PrintSubscription
from backnumber.circulation.queries import status_of
from backnumber.circulation.service import follow_term


def _status(subscription: PrintSubscription) -> str:
    return status_of(subscription, timezone.localdate())


class PrintSubscriptionIndex(SnippetViewSet.index_view_class):
    def search_queryset(self, queryset: "QuerySet[PrintSubscription]") -> "QuerySet[PrintSubscription]":
        """By what the label bears: the number and the postcode in any spelling, the name, a line of the address."""
        fields = ("number", "name", "postcode", "email", "address", "reader__email", "reader__last_name")
        return matching(
            queryset, self.search_query or "", fields=fields, squeezed=("number", "postcode", "name")
        )


class PrintSubscriptionViewSet(SnippetViewSet):
    """No export here: the admin's own CSV does not guard against formulas."""

    model = PrintSubscription
    index_view_class = PrintSubscriptionIndex
    copy_view_enabled = False
    menu_label = "Print subscriptions"
    menu_order = 220
    icon = "mail"
    add_to_admin_menu = True
    list_display = (
        "number",
        "name",
        "postcode",
        "ends_on",
        StatusTagColumn(
            "status",
            label="Status",
            accessor=_status,
            primary=lambda one: _status(one) == "runs",
            sort_key="status",
        ),
        "source",
    )
    list_filter = ("status", "source", "country")
    search_fields = ("number", "name", "postcode", "email")
    search_backend_name = None
    panels = [
        FieldPanel("number"),
        FieldPanel("name"),
        FieldPanel("surname"),
        FieldPanel("email"),
        FieldPanel("address"),
        FieldPanel("postcode"),
        FieldPanel("country"),
        FieldPanel("starts_on"),
        FieldPanel("ends_on"),
        FieldPanel("status"),
        FieldPanel("title"),
        FieldPanel("copies"),
        FieldPanel("issues"),
        FieldPanel("given_by"),
        FieldPanel("paid_region"),
        FieldPanel("source", read_only=True),
        FieldPanel("reader", read_only=True),
    ]


register_snippet(PrintSubscriptionViewSet)


class _PermittedItem(MenuItem):
    def __init__(self, label: str, url: str, *, permission: str, icon_name: str, order: int) -> None:
        super().__init__(label, url, icon_name=icon_name, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_admin_menu_item")
def claims_item() -> MenuItem:
    return _PermittedItem(
        "Claims", reverse("circulation_claims"), permission=desk.CLAIMS, icon_name="clipboard-list", order=215
    )


@hooks.register("register_admin_menu_item")
def bureau_item() -> MenuItem:
    return _PermittedItem(
        "Bureau file", reverse("circulation_bureau"), permission=desk.FILES, icon_name="upload", order=225
    )


@hooks.register("after_edit_snippet")
def follow_edited_term(request: HttpRequest, instance: Model) -> None:
    """A term put right by hand reaches the claimant's grants at once, as the bureau's file does."""
    if isinstance(instance, PrintSubscription):
        follow_term(instance, timezone.now())


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("claims/", desk.claims_list, name="circulation_claims"),
        path("claims/<str:reference>/", desk.claim_case, name="circulation_claim"),
        path("bureau/", desk.bureau, name="circulation_bureau"),
        path("bureau/addresses.csv", desk.addresses, name="circulation_addresses"),
        path("bureau/<int:key>/", desk.bureau_file, name="circulation_bureau_file"),
        path("bureau/<int:key>/confirm/", desk.bureau_confirm, name="circulation_bureau_confirm"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    class Told(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            return str(log_entry.data.get("what", ""))

    @actions.register_action(CLAIM_CLOSED)
    class ClaimClosed(Told):
        label = "Close a claim"

    @actions.register_action(FILE_TAKEN_IN)
    class FileTakenIn(Told):
        label = "Take in a bureau file"

    @actions.register_action(FILE_DISCARDED)
    class FileDiscarded(Told):
        label = "Discard a bureau file"
