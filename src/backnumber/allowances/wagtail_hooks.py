"""Gift links as staff see them: to look at, and to end one. Nobody makes, changes or deletes a link here."""

from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from backnumber.access import is_over
from backnumber.allowances.models import GiftLink
from backnumber.allowances.service import REVOKES_ANY


class LookOnly(ModelPermissionPolicy):
    """Who may end any link may look at them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(user.has_perm(REVOKES_ANY))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and bool(user.has_perm(REVOKES_ANY))


class GiftIndex(IndexView):
    def get_base_queryset(self) -> "QuerySet[GiftLink]":
        return GiftLink.objects.select_related("reader", "article").defer("article__body")


class GiftInspect(InspectView):
    """One link, with the button that ends it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = self.object
        is_open = not is_over(link, timezone.now())
        return {**super().get_context_data(**kwargs), "is_open": is_open}


class GiftLinkViewSet(ModelViewSet):
    """No snippet: Wagtail's bulk actions on snippets delete without asking the permission policy."""

    model = GiftLink
    name = "gift-links"
    index_view_class = GiftIndex
    form_fields: ClassVar[list[str]] = []
    icon = "link"
    menu_label = "Gift links"
    menu_order = 230
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = GiftInspect
    inspect_template_name = "allowances/admin/gift.html"
    inspect_view_fields: ClassVar[list[str]] = [
        "reader",
        "article",
        "made_at",
        "until",
        "revoked_at",
        "opened",
    ]
    permission_policy = LookOnly(GiftLink)
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("reader", label="Made by"),
        Column("article", label="Article"),
        DateColumn("made_at", label="Made", sort_key="made_at"),
        DateColumn("until", label="Until", sort_key="until"),
        DateColumn("revoked_at", label="Ended early"),
        Column("opened", label="Opened", sort_key="opened"),
    ]
    list_per_page = 40
    search_fields: ClassVar[list[str]] = ["reader__email", "article__headline"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def gifts_desk() -> GiftLinkViewSet:
    return GiftLinkViewSet()


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="allowances", codename="change_giftlink")
