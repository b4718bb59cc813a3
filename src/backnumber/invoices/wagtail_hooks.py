"""Invoices in the admin, to look at: nobody adds, changes or deletes one. Who sells, in its settings."""

from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy

from backnumber.invoices import desk, service
from backnumber.invoices.models import Invoice


class LookOnly(ModelPermissionPolicy):
    """Whoever may view invoices may look; there is nothing else to do with one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(user.has_perm("invoices.view_invoice"))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self.user_has_permission(user, "view")


class InvoiceIndex(IndexView):
    def search_queryset(self, queryset: "QuerySet[Invoice]") -> "QuerySet[Invoice]":
        """By the number, or a part of it, by the reference, or by the buyer's name or e-mail."""
        words = (self.search_query or "").strip()
        series, _, rest = words.rpartition("-")
        prefix, _, year = series.rpartition("-")
        if prefix and year.isdecimal() and rest.isdecimal() and len(year + rest) < 14:
            return queryset.filter(series__iexact=prefix, year=int(year), sequence=int(rest))
        return queryset.filter(
            Q(reference__icontains=words)
            | Q(facts__buyer__name__icontains=words)
            | Q(facts__buyer__email__iexact=words)
        )


class InvoiceViewSet(ModelViewSet):
    model = Invoice
    name = "invoices"
    index_view_class = InvoiceIndex
    form_fields: ClassVar[list[str]] = []
    icon = "doc-full"
    menu_label = "Invoices"
    menu_order = 315
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_template_name = "invoices/admin/invoice.html"
    inspect_view_fields: ClassVar[list[str]] = ["number", "reference", "amount", "issued_at", "key"]
    permission_policy = LookOnly(Invoice)
    list_display: ClassVar[list[Any]] = [
        "number",
        Column("said.buyer.name", label="Buyer"),
        Column("amount", label="Amount"),
        DateColumn("issued_at", label="Issued", sort_key="issued_at"),
    ]
    list_per_page = 40
    search_fields: ClassVar[list[str]] = ["reference"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def invoices_desk() -> InvoiceViewSet:
    return InvoiceViewSet()


class _SellerItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.CHANGE))


@hooks.register("register_settings_menu_item")
def seller_item() -> MenuItem:
    return _SellerItem("Seller", reverse("invoices_seller"), icon_name="home", order=905)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [path("seller/", desk.seller, name="invoices_seller")]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    names = ("view_invoice", "change_seller")
    return Permission.objects.filter(content_type__app_label="invoices", codename__in=names)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(service.SELLER_CHANGED)
    class SellerChanged(LogFormatter):
        label = "Change the seller"

        def format_message(self, log_entry: Any) -> str:
            changed = log_entry.data.get("changed", {})
            return "Seller changed: " + (
                "; ".join(f"{name}: {how}" for name, how in changed.items()) or "nothing"
            )
