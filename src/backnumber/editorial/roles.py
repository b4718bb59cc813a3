"""The roles of the admin. `backnumber setup` makes them; what a publisher adds to one stays."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission

EDITS = (
    "title",
    "volume",
    "section",
    "contributor",
    "issue",
    "article",
    "correction",
    "authorship",
    "anniversary",
    "oldaddress",
)
EDITS_ARTICLES = "archive.change_article"
# Rooms whose every permission is the owners'.
OWNED = (
    "audit",
    "circulation",
    "copies",
    "editorial",
    "figures",
    "gifts",
    "grants",
    "helpdesk",
    "information",
    "institutions",
    "invoices",
    "longread",
    "presents",
    "products",
    "staff",
    "syndication",
    "tax",
)
DESK = ("find_people", "write_note")
PICTURES = ("add_image", "change_image", "choose_image")

ROLES: dict[str, Q] = {
    "Editors": Q(content_type__app_label="archive", content_type__model__in=EDITS)
    | Q(content_type__app_label="information", content_type__model="informationpage")
    | Q(content_type__app_label="longread", content_type__model="longread")
    | Q(content_type__app_label="editorial", codename="add_bulkchange")
    | Q(content_type__app_label="figures", codename="view_figures")
    | Q(codename="access_admin"),
    "Help desk": Q(content_type__app_label="helpdesk")
    | Q(content_type__app_label="circulation")
    | Q(content_type__app_label="copies", codename="add_remedy")
    | Q(content_type__app_label="institutions")
    | Q(content_type__app_label="grants")
    | Q(content_type__app_label="checkout", codename__in=("view_order", "change_order"))
    | Q(content_type__app_label="presents", codename="view_present")
    | Q(content_type__app_label="invoice", codename="change_awaitedpayment")
    | Q(content_type__app_label="invoices", codename="view_invoice")
    | Q(content_type__app_label="mail", codename__in=("view_mail", "change_mail"))
    | Q(
        content_type__app_label="staff",
        codename__in=(*DESK, "change_email", "merge_readers", "mark_deceased"),
    )
    | Q(codename="access_admin"),
    "Circulation": Q(content_type__app_label__in=("circulation", "copies"))
    | Q(content_type__app_label="staff", codename__in=(*DESK, "mark_deceased"))
    | Q(content_type__app_label="figures", codename="view_figures")
    | Q(codename="access_admin"),
    "Finance": Q(content_type__app_label="staff", codename__in=(*DESK, "take_post_order"))
    | Q(content_type__app_label="checkout", codename__in=("view_order", "change_order"))
    | Q(content_type__app_label="presents", codename="view_present")
    | Q(content_type__app_label="invoice", codename="change_awaitedpayment")
    | Q(content_type__app_label="invoices", codename__in=("view_invoice", "change_seller"))
    | Q(content_type__app_label__in=("products", "tax", "figures"))
    | Q(codename="access_admin"),
    "Owners": Q(content_type__app_label__in=OWNED)
    | Q(content_type__app_label="archive", content_type__model__in=EDITS)
    | Q(content_type__app_label="auth", content_type__model="group")
    | Q(content_type__app_label="readers", content_type__model="reader")
    | Q(content_type__app_label="checkout", codename__in=("view_order", "change_order"))
    | Q(content_type__app_label="invoice", codename="change_awaitedpayment")
    | Q(content_type__app_label="mail", codename__in=("view_mail", "change_mail"))
    | Q(codename="access_admin"),
}


def make_roles() -> list[str]:
    """Promise: each role exists with at least its permissions; their names."""
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(wanted))
    _let_tend_pictures("Editors", "Owners")
    return list(ROLES)


def _let_tend_pictures(*roles: str) -> None:
    """Wagtail keeps the permissions of pictures by collection, under the name of its own image model."""
    for group in Group.objects.filter(name__in=roles):
        for permission in Permission.objects.filter(
            content_type__app_label="wagtailimages", codename__in=PICTURES
        ):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )
