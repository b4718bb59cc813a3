"""Institutions in the admin's menu, their permissions in the roles' form, what was changed in the log."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from backnumber.institutions import desk


class _InstitutionsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.CHANGE))


@hooks.register("register_admin_menu_item")
def institutions_item() -> MenuItem:
    return _InstitutionsItem("Institutions", reverse("institutions"), icon_name="group", order=230)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    one = "institutions/<int:institution>/licences"
    return [
        path("institutions/", desk.institutions, name="institutions"),
        path("institutions/add/", desk.institution, name="institutions_add"),
        path("institutions/<int:key>/", desk.institution, name="institutions_institution"),
        path(f"{one}/add/", desk.licence, name="institutions_licence_add"),
        path(f"{one}/<int:key>/", desk.licence, name="institutions_licence"),
        path(f"{one}/<int:key>/revoke/", desk.revoke, name="institutions_revoke"),
    ]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="institutions", codename="change_institution")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    class Told(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            return str(log_entry.data.get("what", ""))

    @actions.register_action("institutions.write")
    class Written(Told):
        label = "Write an institution"

    @actions.register_action("institutions.licence")
    class Licensed(Told):
        label = "Change a licence"
