"""The desk in the admin's menu."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from backnumber.staff import audit_desk


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


@hooks.register("register_reports_menu_item")
def audit_item() -> MenuItem:
    return PermittedItem(
        "Audit log", reverse("staff_audit"), permission=audit_desk.READS, icon_name="history", order=10
    )


@hooks.register("register_admin_urls")
def audit_urls() -> list[URLPattern]:
    return [
        path("audit/", audit_desk.audit_log, name="staff_audit"),
        path("audit/entries.csv", audit_desk.audit_csv, name="staff_audit_csv"),
    ]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label__in=["staff", "audit"])
