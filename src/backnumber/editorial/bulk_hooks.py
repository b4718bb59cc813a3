"""Many articles at once, and merging contributors, in the admin's addresses and menu."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from backnumber.editorial import bulk_desk


@hooks.register("register_admin_urls")
def bulk_urls() -> list[URLPattern]:
    return [
        path("many/", bulk_desk.many, name="many_articles"),
        path("many/articles.csv", bulk_desk.many_csv, name="many_articles_csv"),
        path("many/<int:change>/", bulk_desk.bulk_change, name="bulk_change"),
        path("merge-contributors/", bulk_desk.merge, name="merge_contributors"),
    ]


class _Item(MenuItem):
    permission = bulk_desk.CHANGES

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


class _MergeItem(_Item):
    permission = bulk_desk.MERGES


@hooks.register("register_admin_menu_item")
def many_item() -> MenuItem:
    return _Item("Many articles", reverse("many_articles"), icon_name="copy", order=206)


@hooks.register("register_admin_menu_item")
def merge_item() -> MenuItem:
    return _MergeItem("Merge contributors", reverse("merge_contributors"), icon_name="group", order=207)


@hooks.register("register_permissions")
def permissions() -> "QuerySet[Permission]":
    return Permission.objects.filter(
        content_type__app_label="editorial", codename__in=("add_bulkchange", "delete_several")
    )
