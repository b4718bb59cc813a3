"""The desk in the admin's menu."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogFormatter

from backnumber.configuration import is_production
from backnumber.staff import audit_desk, histories, people_desk
from backnumber.staff.acts import Act, every_act
from backnumber.staff.first_steps import first_steps
from backnumber.staff.panels import FindPerson, FirstSteps

__all__ = ["histories"]  # it registers itself when it is imported


DOES_FIRST_STEPS = ("archive.add_title", "products.change_product", "readers.add_reader")


class PermittedItem(MenuItem):
    """Shown to who may open it."""

    def __init__(self, label: str, url: str, *, permission: str, icon_name: str, order: int) -> None:
        super().__init__(label, url, icon_name=icon_name, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("insert_global_admin_css")
def desk_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("staff/desk.css"))


@hooks.register("register_admin_menu_item")
def people_item() -> MenuItem:
    return PermittedItem(
        "People", reverse("staff_people"), permission=people_desk.FINDS, icon_name="search", order=202
    )


@hooks.register("construct_homepage_panels", order=10)
def find_from_the_front_page(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm(people_desk.FINDS):
        panels.append(FindPerson())
    if is_production() and request.user.has_perms(DOES_FIRST_STEPS):
        steps = first_steps()
        if not all(step.is_done for step in steps):
            panels.append(FirstSteps(steps))


@hooks.register("register_reports_menu_item")
def audit_item() -> MenuItem:
    return PermittedItem(
        "Audit log", reverse("staff_audit"), permission=audit_desk.READS, icon_name="history", order=10
    )


@hooks.register("register_admin_urls")
def audit_urls() -> list[URLPattern]:
    return [
        path("audit/", audit_desk.audit_log, name="staff_audit"),
        *people_desk.urls(),
        path("audit/entries.csv", audit_desk.audit_csv, name="staff_audit_csv"),
    ]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label__in=["staff", "audit"])


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for one in every_act():
        actions.register_action(f"staff.{one.slug}")(_told_of(one))


def _told_of(act: Act) -> type[LogFormatter]:
    class Told(LogFormatter):
        label = act.label

        def format_message(self, log_entry: Any) -> str:
            return f"{act.label}: {log_entry.data.get('because', '')}"

    return Told
