"""The help desk in the admin's menu, its permissions in the roles' form, its acts in the log."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from backnumber.helpdesk import desk


class _WhyItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.EXPLAIN))


@hooks.register("register_admin_menu_item")
def why_item() -> MenuItem:
    return _WhyItem("Why?", reverse("helpdesk_why"), icon_name="help", order=205)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [path("why/", desk.why, name="helpdesk_why")]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label__in=["helpdesk", "circulation"])


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action("helpdesk.give")
    class Given(LogFormatter):
        label = "Give a right by hand"

        def format_message(self, log_entry: Any) -> str:
            return (
                f"Right given for case {log_entry.data.get('case', '')}: {log_entry.data.get('reason', '')}"
            )

    @actions.register_action("helpdesk.withdraw")
    class Withdrawn(LogFormatter):
        label = "Withdraw a right"

        def format_message(self, log_entry: Any) -> str:
            return f"Right withdrawn: {log_entry.data.get('because', '')}"
