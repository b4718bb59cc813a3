"""Gifts that were bought, in the admin: to look at, to send again, to cancel with a reason. Whoever may look at orders may look here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter, log
from wagtail.permission_policies import ModelPermissionPolicy

from backnumber.characters import OneLine
from backnumber.checkout import presenting
from backnumber.checkout.models import Order
from backnumber.checkout.presenting import NotNow
from backnumber.circulation.finding import matching
from backnumber.presents.models import Present
from backnumber.presents.rules import may_be_sent_again
from backnumber.readers.models import Reader

CHANGES = "checkout.change_order"
SEES = "checkout.view_order"
SENT_AGAIN, CANCELLED = "checkout.gift_sent", "checkout.gift_cancelled"


class LikeOrders(ModelPermissionPolicy):
    """Who may look at orders may look at gifts; nobody adds, changes or deletes one here."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(user.has_perm(SEES) or user.has_perm(CHANGES))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")


class PresentFilters(WagtailFilterSet):
    class Meta:
        model = Present
        fields: ClassVar[list[str]] = ["state", "by", "product"]


class PresentIndex(IndexView):
    def get_base_queryset(self) -> "QuerySet[Present]":
        return Present.objects.select_related("donor", "redeemed_by")

    def search_queryset(self, queryset: "QuerySet[Present]") -> "QuerySet[Present]":
        """By who gave it, who got it, and where it went."""
        fields = (
            "donor_name",
            "recipient_name",
            "sent_to",
            "donor__email",
            "redeemed_by__email",
            "label",
        )
        return matching(queryset, self.search_query or "", fields=fields, squeezed=("order_key",))


class PresentInspect(InspectView):
    """The gift with what can be done about it. Its code is shown to nobody here."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: Present = self.object
        return {
            **super().get_context_data(**kwargs),
            "order": Order.objects.filter(key=found.order_key).first(),
            "given": Order.objects.filter(present=found).select_related("reader").first(),
            "may_be_sent_again": may_be_sent_again(found),
            "may_be_cancelled": found.state in {"waiting", "sent", "redeemed"},
        }


class PresentViewSet(ModelViewSet):
    """No snippet: Wagtail's bulk actions on snippets delete without asking the permission policy."""

    model = Present
    name = "bought-gifts"
    index_view_class = PresentIndex
    form_fields: ClassVar[list[str]] = []
    icon = "mail"
    menu_label = "Gifts"
    menu_order = 311
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = PresentInspect
    inspect_template_name = "checkout/admin/present.html"
    inspect_view_fields: ClassVar[list[str]] = [
        "label",
        "state",
        "donor",
        "donor_name",
        "recipient_name",
        "message",
        "by",
        "sent_to",
        "arrives_on",
        "ordered_at",
        "sent_at",
        "bounced_at",
        "redeemed_at",
        "redeemed_by",
        "ended_at",
        "ended_because",
    ]
    permission_policy = LikeOrders(Present)
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("get_state_display", label="State", sort_key="state"),
        Column("donor", label="Bought by"),
        Column("sent_to", label="Goes to"),
        DateColumn("arrives_on", label="Day", sort_key="arrives_on"),
    ]
    list_per_page = 40
    filterset_class = PresentFilters
    search_fields: ClassVar[list[str]] = ["donor_name", "recipient_name", "sent_to"]
    search_backend_name = None


class CancelForm(forms.Form):
    """Why it is cancelled."""

    because = OneLine(
        label="Reason",
        max_length=160,
        help_text="It stands in the log, and its donor reads it on the page of the gift.",
    )


def _staff(request: HttpRequest) -> Reader:
    """Errors: PermissionDenied."""
    if not isinstance(request.user, Reader) or not request.user.has_perm(CHANGES):
        raise PermissionDenied
    return request.user


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail with the gift once more, to the address that stands."""
    staff, found = _staff(request), get_object_or_404(Present, pk=pk)
    try:
        presenting.send_again(found.key, timezone.now())
    except NotNow as why:
        messages.error(request, str(why))
    else:
        log(instance=found, action=SENT_AGAIN, user=staff, data={"to": found.sent_to})
        messages.success(request, f"It is on its way to {found.sent_to} once more.")
    return redirect(reverse("bought-gifts:inspect", args=[pk]))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The gift ends; the money is given back on the order's own page."""
    staff, found = _staff(request), get_object_or_404(Present, pk=pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            presenting.cancel(found.key, because, timezone.now())
        except NotNow as why:
            messages.error(request, str(why))
        else:
            log(instance=found, action=CANCELLED, user=staff, data={"because": because})
            messages.success(request, "The gift is cancelled. No money went back by that.")
        return redirect(reverse("bought-gifts:inspect", args=[pk]))
    shown = {"present": found, "form": form, "page_title": "Cancel a gift"}
    return render(request, "checkout/admin/cancel_present.html", shown, status=422 if form.errors else 200)


@hooks.register("register_admin_viewset")
def presents_desk() -> PresentViewSet:
    return PresentViewSet()


@hooks.register("register_admin_urls")
def present_urls() -> list[URLPattern]:
    return [
        path("bought-gifts/<int:pk>/send/", send_again, name="present_send"),
        path("bought-gifts/<int:pk>/cancel/", cancel, name="present_cancel"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(SENT_AGAIN)
    class SentAgain(LogFormatter):
        label = "Send a gift again"

        def format_message(self, log_entry: Any) -> str:
            return f"Gift sent again to {log_entry.data.get('to', '')}"

    @actions.register_action(CANCELLED)
    class Cancelled(LogFormatter):
        label = "Cancel a gift"

        def format_message(self, log_entry: Any) -> str:
            return f"Gift cancelled: {log_entry.data.get('because', '')}"
