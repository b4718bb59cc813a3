"""Orders as staff see them: to look at, never to edit. Money goes back by a form of its own."""

import re
from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django_filters import BooleanFilter
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy

from backnumber.checkout import comparing_desk, groups_desk, postal, present_desk, refund_desk
from backnumber.checkout.models import Order
from backnumber.circulation.finding import matching
from backnumber.payments import queries as payment_queries

__all__ = ["present_desk"]  # it registers itself when it is imported

_NUMBER = re.compile(r"(?:order\s*)?(?:no\.?\s*|#\s*)?0*([0-9]{1,9})", re.IGNORECASE)


@hooks.register("register_admin_urls")
def refund_urls() -> list[URLPattern]:
    return [
        path("orders/<int:pk>/refund/", refund_desk.refund, name="order_refund"),
        path("orders/<int:pk>/receipt/", refund_desk.receipt_again, name="order_receipt"),
        path("group-subscriptions/", groups_desk.listed, name="staff_groups"),
        path("group-subscriptions/<int:pk>/", groups_desk.inspect, name="staff_group"),
        path("payments-compared/", comparing_desk.differences, name="payments_compared"),
        path("payments-compared/<int:pk>/", comparing_desk.seen_to, name="payments_compared_seen"),
    ]


class _ComparedItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(refund_desk.MAY_REFUND))


class _GroupsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(one) for one in groups_desk.LOOKS)


@hooks.register("register_admin_menu_item")
def groups_item() -> MenuItem:
    return _GroupsItem("Groups", reverse("staff_groups"), icon_name="group", order=311)


@hooks.register("register_admin_menu_item")
def compared_item() -> MenuItem:
    return _ComparedItem("Payments compared", reverse("payments_compared"), icon_name="rotate", order=312)


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="checkout", codename="change_order")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(refund_desk.REFUNDED)
    class Refunded(LogFormatter):
        label = "Refund an order"

        def format_message(self, log_entry: Any) -> str:
            return f"Refunded {log_entry.data.get('amount', '')}: {log_entry.data.get('because', '')}"

    @actions.register_action(refund_desk.RECEIPT_SENT)
    class ReceiptSent(LogFormatter):
        label = "Send a receipt again"

        def format_message(self, log_entry: Any) -> str:
            return f"Receipt sent again to {log_entry.data.get('to', '')}"

    @actions.register_action(comparing_desk.SEEN_TO)
    class SeenTo(LogFormatter):
        label = "See to a difference in payments"

        def format_message(self, log_entry: Any) -> str:
            return f"Seen to: {log_entry.data.get('note', '')} ({log_entry.data.get('what', '')})"


class LookOnly(ModelPermissionPolicy):
    """Whoever has any permission on orders may look; nobody adds, changes or deletes one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and self._may_look(user)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and self._may_look(user)

    def _may_look(self, user: Any) -> bool:
        return any(user.has_perm(self._get_permission_name(action)) for action in ("view", "change"))


class OrderFilters(WagtailFilterSet):
    needs_a_look = BooleanFilter(label="Staff must look at it", method="filter_needs_a_look")

    class Meta:
        model = Order
        fields: ClassVar[list[str]] = ["state", "kind", "product", "region"]

    def filter_needs_a_look(self, orders: "QuerySet[Order]", _name: str, value: bool) -> "QuerySet[Order]":
        keys = payment_queries.orders_with_problems()
        return orders.filter(key__in=keys) if value else orders.exclude(key__in=keys)


class OrderInspect(InspectView):
    """The order with its payments and all that was heard of them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payments = payment_queries.payments_of(self.object.key)
        return {
            **super().get_context_data(**kwargs),
            "payments": payments,
            "events": payment_queries.events_of(payments),
            "postal_lines": postal.lines(postal.from_json(self.object.address))
            if self.object.address
            else [],
        }


class OrderIndex(IndexView):
    def get_base_queryset(self) -> "QuerySet[Order]":
        return Order.objects.select_related("product", "reader")

    def search_queryset(self, queryset: "QuerySet[Order]") -> "QuerySet[Order]":
        """By what a reader says or a letter bears: the order's number, a name, the recipient's or the payer's, a postcode."""
        words = self.search_query or ""
        number = _NUMBER.fullmatch(words.strip())
        if number is not None:
            return queryset.filter(pk=int(number[1]))
        fields = (
            "email",
            "label",
            "reader__email",
            "reader__first_name",
            "reader__last_name",
            "address",
        )
        return matching(queryset, words, fields=fields, squeezed=("address", "key"))


class OrderViewSet(ModelViewSet):
    """No snippet: Wagtail's bulk actions on snippets delete without asking the permission policy."""

    model = Order
    name = "orders"
    index_view_class = OrderIndex
    form_fields: ClassVar[list[str]] = []
    icon = "form"
    menu_label = "Orders"
    menu_order = 310
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = OrderInspect
    inspect_template_name = "checkout/admin/order.html"
    inspect_view_fields: ClassVar[list[str]] = [
        "number",
        "kind",
        "state",
        "reader",
        "email",
        "label",
        "amount",
        "region",
        "article",
        "placed_at",
        "paid_at",
        "refunded_at",
        "key",
    ]
    permission_policy = LookOnly(Order)
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("email", label="Reader"),
        Column("amount", label="Amount"),
        Column("get_state_display", label="State", sort_key="state"),
        DateColumn("placed_at", label="Placed", sort_key="placed_at"),
    ]
    list_per_page = 40
    filterset_class = OrderFilters
    search_fields: ClassVar[list[str]] = ["email", "key", "label"]
    search_backend_name = None


@hooks.register("register_admin_viewset")
def orders_desk() -> OrderViewSet:
    return OrderViewSet()
