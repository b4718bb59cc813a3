"""Who may open which address of the admin: a table, closed by default.

Wagtail's own views ask for admin access first and for a permission later, some of them never. Here every address is asked for
its permission before its view runs; an address that stands in no line is not there.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from wagtail.images.permissions import permission_policy as pictures

from backnumber.audit.service import acting
from backnumber.editorial import acts
from backnumber.editorial.keeping import kept_for_others
from backnumber.editorial.roles import EDITS_ARTICLES
from backnumber.readers import second_factor
from backnumber.readers.models import Reader

STAFF = "wagtailadmin.access_admin"
ADMIN = "admin/"


@dataclass(frozen=True, slots=True)
class Opens:
    """Routes that match `route`, whole, open for who has one of `permissions`; groups of `route` and arguments of the
    address fill their place holders. No permission named: open to anybody, signed in or not.
    """

    route: str
    permissions: tuple[str, ...]

    def needs(self, route: str, arguments: dict[str, Any]) -> tuple[str, ...] | None:
        """Promise: the permissions of which one is needed; None when this line is not about that route."""
        found = re.fullmatch(self.route, route)
        if found is None:
            return None
        values = {**arguments, **found.groupdict()}
        return tuple(one.format(**values) for one in self.permissions)


def _of_model(*actions: str) -> tuple[str, ...]:
    return tuple(f"{{app}}.{action}_{{model}}" for action in actions)


_ANY = _of_model("view", "add", "change", "delete")
_ARTICLES = ("archive.add_article", EDITS_ARTICLES)
_PICTURES = ("pictures.add", "pictures.change")
_USERS = ("readers.add_reader", "readers.change_reader", "readers.delete_reader")
_GROUPS = ("auth.add_group", "auth.change_group", "auth.delete_group")
_WORKFLOWS = ("wagtailcore.add_workflow", "wagtailcore.change_workflow")
_LOOKED_AT = "(?:results/|inspect/<int:pk>/)?"
_TASKS = ("wagtailcore.add_task", "wagtailcore.change_task", *_WORKFLOWS)
# The models that have lists and forms of Wagtail's making, and those that are chosen in the forms of others.
_LISTED = (
    "(?P<app>archive)/(?P<model>article|issue|title|volume|section|contributor)",
    "(?P<app>circulation)/(?P<model>printsubscription)",
    "(?P<app>information)/(?P<model>informationpage)",
    "(?P<app>longread)/(?P<model>longread|recipient)",
    "(?P<app>products)/(?P<model>product|voucher)",
    "(?P<app>tax)/(?P<model>taxrate)",
)


def _listed(rest: str, *permissions: str) -> Iterable[Opens]:
    return (Opens(f"snippets/{model}/{rest}", permissions) for model in _LISTED)


def _chosen(model: str, *besides: str) -> Opens:
    app, _, name = model.partition(".")
    return Opens(
        f"snippets/choose/{app}/{name}/(?:results/|chosen/<str:pk>/|chosen-multiple/)?",
        (f"{app}.add_{name}", f"{app}.change_{name}", *besides),
    )


TABLE: tuple[Opens, ...] = (
    # Of everybody: the way in and out, icons, the words of scripts.
    Opens("login/|logout/|sprite/|jsi18n/", ()),
    # Of all staff: their own first page and account. The log shows each what their permissions let them see.
    Opens("|account/|dismissibles/|reports/site-history/(?:results/)?", (STAFF,)),
    Opens("editing-sessions/release/<int:session_id>/", (STAFF,)),
    Opens(
        "editing-sessions/ping/.*",
        ("{app_label}.change_{model_name}",),
    ),
    # Lists and forms.
    *_listed("(?:results/)?", *_ANY),
    *_listed("add/", *_of_model("add")),
    *_listed("edit/<int:pk>/", *_of_model("change")),
    *_listed("delete/<int:pk>/", *_of_model("delete")),
    *_listed("(?:usage|history|history-results)/<int:pk>/", *_of_model("change", "delete")),
    *_listed("preview/", *_of_model("add")),
    *_listed("preview/<int:pk>/", *_of_model("change")),
    *_listed("history/.*/unschedule/", *_of_model("publish")),
    *_listed("history/.*/revisions/.*", *_of_model("change")),
    *_listed("unpublish/<int:pk>/", *_of_model("publish")),
    *_listed("lock/<int:pk>/", *_of_model("lock")),
    *_listed("unlock/<int:pk>/", *_of_model("unlock", "lock")),
    *_listed("(?:workflow|workflow_history)/.*", *_of_model("change")),
    # What one form chooses from another's list.
    _chosen("archive.article", "longread.add_longread", "longread.change_longread"),
    _chosen("archive.issue", *_ARTICLES),
    _chosen("archive.contributor", *_ARTICLES),
    _chosen("archive.section", *_ARTICLES),
    _chosen("archive.volume", "archive.add_issue", "archive.change_issue"),
    _chosen(
        "archive.title",
        "archive.add_issue",
        "archive.change_issue",
        "archive.add_volume",
        "archive.change_volume",
        "products.add_product",
        "products.change_product",
    ),
    Opens("block-preview/", _ARTICLES),
    Opens("choose-(?:own|external|email|anchor)-link/", (EDITS_ARTICLES,)),
    # Several at once. Pictures have their permissions by collection.
    Opens("bulk/.*", ("bulk.{app_label}.{model_name}.{action}",)),
    # Pictures.
    Opens("images/(?:results/)?", _PICTURES),
    Opens("images/(?:add|multiple/add)/", ("pictures.add",)),
    Opens(
        "images/multiple/(?:create_from_uploaded_image|delete_upload)/<int:uploaded_file_id>/",
        ("pictures.add",),
    ),
    Opens("images/(?:usage/|multiple/)?<int:image_id>/(?:delete/)?", ("pictures.change",)),
    Opens("images/chooser/(?:results/|chosen/<str:pk>/|chosen-multiple/)?", ("pictures.choose",)),
    Opens("images/chooser/create/", ("pictures.add",)),
    Opens("tag-autocomplete/(?:<slug:app_name>/<slug:model_name>/)?", _PICTURES),
    # Rooms' own pages.
    Opens("who-may-read/.*", (EDITS_ARTICLES,)),
    Opens("past/.*", (EDITS_ARTICLES,)),
    Opens("many/.*", ("editorial.add_bulkchange",)),
    Opens("merge-contributors/", ("archive.delete_contributor",)),
    Opens("paste/<int:article>/|picture-rights/", (EDITS_ARTICLES,)),
    Opens("issue-desk/next/", ("archive.add_issue",)),
    Opens("issue-desk/<int:issue>/publish/", ("archive.publish_issue",)),
    Opens("issue-desk/<int:issue>/(?:preview/)?", ("archive.change_issue",)),
    Opens("figures/(?:subscribers|gate)/", ("figures.view_figures",)),
    Opens("figures/money/", ("figures.view_money",)),
    Opens("why/", ("helpdesk.explain_access",)),
    Opens("claims/.*", ("circulation.change_claim",)),
    Opens("bureau/addresses.csv", ("circulation.view_printsubscription",)),
    Opens("bureau/.*", ("circulation.add_bureaufile",)),
    Opens("copies/houses/.*", ("copies.change_profile",)),
    Opens("copies/of/<int:key>/", ("copies.add_remedy",)),
    Opens("copies/(?:runs/.*|files/.*)?", ("copies.change_run",)),
    Opens("institutions/.*", ("institutions.change_institution",)),
    Opens("people/", ("staff.find_people",)),
    Opens("people/<int:pk>/", ("staff.find_people",)),
    Opens("people/<int:pk>/note/", ("staff.write_note",)),
    Opens("people/<int:pk>/(?:grant|extend)/", ("helpdesk.give_access",)),
    Opens("people/<int:pk>/address/", ("circulation.change_printsubscription",)),
    Opens("people/<int:pk>/email/", ("staff.change_email",)),
    Opens("people/<int:pk>/mail/", ("mail.change_mail",)),
    Opens("people/<int:pk>/post-order/", ("staff.take_post_order",)),
    Opens("people/<int:pk>/(?:merge|part)/", ("staff.merge_readers",)),
    Opens("people/<int:pk>/(?:deceased|alive)/", ("staff.mark_deceased",)),
    Opens("audit/(?:entries.csv)?", ("audit.view_entry",)),
    Opens("long-read/.*", ("longread.change_longread",)),
    Opens("crawlers/", ("syndication.change_crawlerstance",)),
    Opens("seller/", ("invoices.change_seller",)),
    Opens(f"invoices/{_LOOKED_AT}", ("invoices.view_invoice",)),
    Opens(f"orders/{_LOOKED_AT}", ("checkout.view_order", "checkout.change_order")),
    Opens("orders/<int:pk>/(?:refund|receipt)/", ("checkout.change_order",)),
    Opens("group-subscriptions/(?:<int:pk>/)?", ("checkout.view_order", "checkout.change_order")),
    Opens("payments-compared/(?:<int:pk>/)?", ("checkout.change_order",)),
    Opens(f"bought-gifts/{_LOOKED_AT}", ("checkout.view_order", "checkout.change_order")),
    Opens("bought-gifts/<int:pk>/(?:send|cancel)/", ("checkout.change_order",)),
    Opens(f"outgoing-mail/{_LOOKED_AT}", ("mail.view_mail",)),
    Opens("outgoing-mail/<int:mail>/again/", ("mail.change_mail",)),
    Opens("payments-on-invoice/.*", ("invoice.change_awaitedpayment",)),
    Opens(f"gift-links/{_LOOKED_AT}", ("gifts.change_giftlink",)),
    # Administering.
    Opens("users/(?:results/)?", _USERS),
    Opens("users/new/", ("readers.add_reader",)),
    Opens("users/delete/<int:pk>/", ("readers.delete_reader",)),
    Opens("users/(?:edit|usage|history|history-results)/<int:pk>/", ("readers.change_reader",)),
    Opens("groups/(?:results/)?", _GROUPS),
    Opens("groups/new/", ("auth.add_group",)),
    Opens("groups/delete/<int:pk>/", ("auth.delete_group",)),
    Opens("groups/(?:edit|usage|history|history-results)/<int:pk>/", ("auth.change_group",)),
    Opens("workflows/(?:list|add|edit|enable|disable|usage)/.*", _WORKFLOWS),
    Opens("workflows/(?:tasks|task_chooser)/.*", _TASKS),
)

# What may be done to several at once.
BULK: dict[str, tuple[str, ...]] = {
    "readers.reader.delete": ("readers.delete_reader",),
    "readers.reader.assign_role": ("readers.change_reader",),
    "readers.reader.set_active_state": ("readers.change_reader",),
    "archive.picture.delete": ("pictures.change",),
    "archive.picture.add_tags": ("pictures.change",),
    **{
        f"archive.{model}.delete": ("editorial.delete_several",)
        for model in ("article", "issue", "title", "volume", "section", "contributor")
    },
    **{
        f"{app}.{model}.delete": (f"{app}.delete_{model}",)
        for app, models in {
            "information": ("informationpage",),
            "longread": ("longread", "recipient"),
            "circulation": ("printsubscription",),
            "products": ("product", "voucher"),
            "tax": ("taxrate",),
        }.items()
        for model in models
    },
}


def needed(route: str, arguments: dict[str, Any]) -> tuple[str, ...] | None:
    """Promise: of which permissions one opens this route of the admin; empty: it is open to anybody; None: it is closed.

    `route` is the URL pattern as Django writes it, without "admin/".
    """
    for line in TABLE:
        found = line.needs(route, arguments)
        if found is None:
            continue
        if found and found[0].startswith("bulk."):
            return BULK.get(found[0].removeprefix("bulk."))
        return found
    return None


def has(reader: Reader, permission: str) -> bool:
    if permission.startswith("pictures."):
        return bool(pictures.user_has_permission(reader, permission.removeprefix("pictures.")))
    return reader.has_perm(permission)


class AdminMiddleware:
    """Stands before every view of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = timezone.now()
        with _written_down(request):
            response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else ""
        if route.startswith(ADMIN):
            acts.note(request, route.removeprefix(ADMIN), response, began)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, arguments: dict[str, Any]
    ) -> HttpResponse | None:
        route = request.resolver_match.route if request.resolver_match else ""
        if not route.startswith(ADMIN):
            return None
        permissions = needed(route.removeprefix(ADMIN), arguments)
        if permissions == ():
            return None
        reader = request.user
        if not isinstance(reader, Reader):
            return None  # Wagtail sends who is not signed in to sign in, and comes back here
        if not reader.has_perm(STAFF):
            return refused(request)
        if second_factor.is_missing(request):
            return redirect(second_factor.where_to_give(request, reader))
        if permissions is None:
            raise Http404
        if not any(has(reader, one) for one in permissions):
            return refused(request)
        return kept_for_others(request, arguments)


def _written_down(request: HttpRequest) -> AbstractContextManager[None]:
    """What a member of the staff sends to the admin is theirs in the audit log. What only looks costs nothing."""
    if request.method in acts.SAFE or not request.path_info.startswith(reverse("wagtailadmin_home")):
        return nullcontext()
    reader = request.user
    return acting(reader) if isinstance(reader, Reader) and reader.pk else nullcontext()


def refused(request: HttpRequest) -> HttpResponse:
    """In plain words, and nothing of what was asked for."""
    return render(request, "editorial/refused.html", {"is_staff": request.user.has_perm(STAFF)}, status=403)
