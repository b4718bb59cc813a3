"""Pasting and the rights of pictures in the admin's addresses and menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from backnumber.editorial import writing_desk
from backnumber.editorial.roles import EDITS_ARTICLES


@hooks.register("register_admin_urls")
def writing_urls() -> list[URLPattern]:
    return [
        path("paste/<int:article>/", writing_desk.paste, name="paste_text"),
        path("picture-rights/", writing_desk.picture_rights, name="picture_rights"),
    ]


class _PictureRightsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(EDITS_ARTICLES))


@hooks.register("register_admin_menu_item")
def picture_rights_item() -> MenuItem:
    return _PictureRightsItem("Picture rights", reverse("picture_rights"), icon_name="image", order=310)
