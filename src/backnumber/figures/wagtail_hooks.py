"""Figures in the admin's reports."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from backnumber.figures import views
from backnumber.figures.models import SEES, SEES_MONEY


class _Item(MenuItem):
    def __init__(self, label: str, name: str, permission: str, order: int) -> None:
        super().__init__(label, reverse(name), icon_name="table", order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_reports_menu_item")
def subscribers_item() -> MenuItem:
    return _Item("Subscribers", "figures_subscribers", SEES, 20)


@hooks.register("register_reports_menu_item")
def gate_item() -> MenuItem:
    return _Item("The gate", "figures_gate", SEES, 21)


@hooks.register("register_reports_menu_item")
def money_item() -> MenuItem:
    return _Item("Revenue", "figures_money", SEES_MONEY, 22)


@hooks.register("register_admin_urls")
def figures_urls() -> list[URLPattern]:
    return [
        path("figures/subscribers/", views.subscribers, name="figures_subscribers"),
        path("figures/gate/", views.gate, name="figures_gate"),
        path("figures/money/", views.money, name="figures_money"),
    ]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="figures")
