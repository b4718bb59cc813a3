"""Outgoing mail as staff see it: what waits, what went, what was refused and why. To look at, and to send again."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from backnumber.mail import service
from backnumber.mail.models import Mail
from backnumber.mail.tasks import deliver_mail

MAY_SEND_AGAIN = "mail.change_mail"


class OnlyLooks(ModelPermissionPolicy):
    """Whoever may see mail may look; nobody adds, changes or deletes any."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(user.has_perm("mail.view_mail"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")


class MailFilters(WagtailFilterSet):
    class Meta:
        model = Mail
        fields: ClassVar[list[str]] = ["state", "fault", "kind"]


class MailIndex(IndexView):
    def get_base_queryset(self) -> "QuerySet[Mail]":
        return Mail.objects.defer("text", "html", "headers")


class MailInspect(InspectView):
    """The mail, without the text of one that opens an account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "may_send_again": self.object.may_be_sent_again and self.request.user.has_perm(MAY_SEND_AGAIN),
        }


class MailViewSet(ModelViewSet):
    model = Mail
    name = "outgoing-mail"
    index_view_class = MailIndex
    form_fields: ClassVar[list[str]] = []
    icon = "mail"
    menu_label = "Mail"
    menu_order = 320
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = MailInspect
    inspect_template_name = "mail/admin/mail.html"
    inspect_view_fields: ClassVar[list[str]] = [
        "recipient",
        "kind",
        "reference",
        "state",
        "fault",
        "last_error",
        "attempts",
        "created_at",
        "tried_at",
        "due_at",
        "settled_at",
    ]
    permission_policy = OnlyLooks(Mail)
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("recipient", label="To"),
        Column("kind", label="Kind", sort_key="kind"),
        Column("get_state_display", label="State", sort_key="state"),
        Column("last_error", label="The mail server said"),
        DateColumn("created_at", label="Queued", sort_key="created_at"),
    ]
    list_per_page = 40
    filterset_class = MailFilters
    search_fields: ClassVar[list[str]] = ["recipient", "reference"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def mail_desk() -> MailViewSet:
    return MailViewSet()


@hooks.register("register_admin_urls")
def send_again_urls() -> list[URLPattern]:
    return [path("outgoing-mail/<int:mail>/again/", send_again, name="mail_send_again")]


@require_POST
def send_again(request: HttpRequest, mail: int) -> HttpResponse:
    if not request.user.has_perm(MAY_SEND_AGAIN):
        raise PermissionDenied
    if again := service.send_again(mail, timezone.now()):
        deliver_mail.defer(mail=again.pk)
        messages.success(request, f"It waits to be sent to {again.recipient} again.")
    else:
        messages.error(request, "It cannot be sent again: it is not refused, or its text is no longer kept.")
    return redirect(reverse("outgoing-mail:index"))
