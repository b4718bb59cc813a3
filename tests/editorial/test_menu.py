"""The admin's menu: few words, each thing once, and for each role what it may open."""

import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory
from django.urls import reverse
from wagtail.admin.menu import MenuItem, SubmenuMenuItem, admin_menu

from backnumber.editorial.menu import GROUPS
from backnumber.editorial.roles import make_roles
from backnumber.readers.models import Reader
from tests import making

pytestmark = pytest.mark.django_db

TOP = {"archive", "weekly-calendar", "long-read", "reports", "settings", "help"}


def menu_of(reader: Reader) -> dict[str, list[str]]:
    """What stands in the menu, and under each word of it."""
    request = RequestFactory().get(
        reverse("wagtailadmin_home")
    )  # with the addresses, what registers itself is there
    request.user = reader
    items: list[MenuItem] = admin_menu.menu_items_for_request(request)
    return {
        item.name: [one.name for one in sorted(item.menu.menu_items_for_request(request), key=lambda one: one.order)]
        if isinstance(item, SubmenuMenuItem)
        else []
        for item in sorted(items, key=lambda one: one.order)
    }  # fmt: skip


def test_who_may_open_all_finds_everything_under_few_words() -> None:
    menu = menu_of(making.reader("sue", is_staff=True, is_superuser=True))
    groups = {group.label.lower(): list(group.items) for group in GROUPS}
    assert {word: menu[word] for word in groups} == groups, (
        "each name of the table is there, and in its order"
    )
    assert set(menu) == TOP | set(groups), "a new thing has its place in `GROUPS`, or here"


def test_a_role_finds_under_each_word_what_it_may_open() -> None:
    make_roles()
    edith = making.reader("edith", is_staff=True)
    edith.groups.add(Group.objects.get(name="Editors"))
    menu = menu_of(edith)
    assert {"archive", "long-read"} <= set(menu)
    assert not {"selling", "orders", "print-subscriptions"} & set(menu)
    assert all(
        below != [] for word, below in menu.items() if word in {group.label.lower() for group in GROUPS}
    )
