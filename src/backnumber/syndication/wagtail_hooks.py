"""Crawlers in the admin's settings, their permission in the roles' form, what was changed in the log."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from backnumber.syndication import desk


class _CrawlersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.CHANGE))


@hooks.register("register_settings_menu_item")
def crawlers_item() -> MenuItem:
    return _CrawlersItem("Crawlers", reverse("syndication_crawlers"), icon_name="site", order=900)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [path("crawlers/", desk.crawlers, name="syndication_crawlers")]


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(content_type__app_label="syndication", codename="change_crawlerstance")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action("syndication.crawlers")
    class Told(LogFormatter):
        label = "Change what crawlers are told"

        def format_message(self, log_entry: Any) -> str:
            return str(log_entry.data.get("what", ""))
