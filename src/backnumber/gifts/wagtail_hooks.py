"""Gift links as staff see them: to look at, and to end one. Nobody makes, changes or deletes a link here."""

from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy

from backnumber.access import is_over
from backnumber.gifts.models import GiftLink
from backnumber.gifts.queries import OPEN, statuses
from backnumber.gifts.service import GIFT_ENDED, REVOKES_ANY


class LookOnly(ModelPermissionPolicy):
    """Who may end any link may look at them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(user.has_perm(REVOKES_ANY))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and bool(user.has_perm(REVOKES_ANY))


class GiftIndex(IndexView):
    def get_base_queryset(self) -> "QuerySet[GiftLink]":
        return GiftLink.objects.select_related("reader", "article__issue__title").defer("article__body")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Each link of the page says what it opens."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        links = list(context["object_list"])
        found = statuses(links, timezone.now())
        for link in links:
            link.status = found[link.pk]
        return context


class GiftInspect(InspectView):
    """One link, with the button that ends it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link, now = self.object, timezone.now()
        known = {"status": statuses([link], now)[link.pk], "is_over": is_over(link, now)}
        return {**super().get_context_data(**kwargs), **known}


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
    inspect_template_name = "gifts/admin/gift.html"
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
        StatusTagColumn("status", label="Status", primary=lambda link: link.status == OPEN),
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
    return Permission.objects.filter(content_type__app_label="gifts", codename="change_giftlink")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(GIFT_ENDED)
    class GiftEnded(LogFormatter):
        label = "End a gift link"

        def format_message(self, log_entry: Any) -> str:
            return f"Ended: {log_entry.data.get('what', '')}"
