"""The admin's menu: what belongs together stands under one word. A role that sees one page of a group sees the page itself."""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem


@dataclass(frozen=True, slots=True)
class Group:
    """A word of the menu; `items` are the names of what stands under it, in this order."""

    label: str
    icon_name: str
    order: int
    items: tuple[str, ...]


GROUPS = (
    Group("Editing", "edit", 202, ("next-issue", "many-articles", "merge-contributors", "picture-rights")),
    Group("Readers", "user", 206, ("people", "why", "claims", "gift-links", "institutions")),
    Group(
        "Selling", "tag", 208,
        ("orders", "payments-on-invoice", "payments-compared", "invoices", "for-sale", "vouchers", "gifts", "groups"),
    ),
    Group("Print", "mail", 209, ("printed-copies", "print-subscriptions", "bureau-file")),
    Group("Site", "site", 240, ("information", "images", "mail")),
)  # fmt: skip


@hooks.register("construct_main_menu", order=100)
def in_groups(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Runs after every item was added and what is of no use was put away."""
    for group in GROUPS:
        named = {item.name: item for item in items if item.name in group.items}
        below = [named[name] for name in group.items if name in named]
        if len(below) < 2:
            continue
        for at, item in enumerate(below):
            item.order = at
        items[:] = [item for item in items if item not in below]
        items.append(
            SubmenuMenuItem(group.label, Menu(items=below), icon_name=group.icon_name, order=group.order)
        )
