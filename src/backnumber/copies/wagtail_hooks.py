"""Printed copies in the admin's menu and log."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.widgets import SnippetListingButton

from backnumber.circulation.models import PrintSubscription
from backnumber.copies import desk, houses
from backnumber.readers.models import Reader

_ACTS = {
    "copies.run_opened": "Open a run",
    "copies.run_closed": "Close a run",
    "copies.run_frozen": "Freeze a run",
    "copies.file_made": "Make a file",
    "copies.file_acknowledged": "Keep a house’s answer",
    "copies.profile_kept": "Change a house’s profile",
    "copies.remedied": "See to a copy",
    "copies.paused": "Pause copies",
    "copies.resumed": "End a pause or an address",
    "copies.elsewhere": "Send copies elsewhere",
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    class Told(LogFormatter):
        def format_message(self, log_entry: Any) -> str:
            return str(log_entry.data.get("what", ""))

    for name, words in _ACTS.items():
        actions.register_action(name)(type("Act", (Told,), {"label": words}))


@hooks.register("before_delete_snippet")
def who_had_copies_stays(request: HttpRequest, instances: Sequence[Model]) -> HttpResponse | None:
    """A print subscription that copies were sent to is not deleted: frozen runs name it. It is cancelled instead."""
    return _kept(request, instances)


@hooks.register("before_bulk_action")
def several_who_had_copies_stay(
    request: HttpRequest, action_type: str, objects: Sequence[Model], _action: object
) -> HttpResponse | None:
    return _kept(request, objects) if action_type == "delete" else None


def _kept(request: HttpRequest, rows: Sequence[Model]) -> HttpResponse | None:
    keys = [row.pk for row in rows if isinstance(row, PrintSubscription)]
    had = PrintSubscription.objects.filter(pk__in=keys, sent__isnull=False).order_by("number").first()
    if had is None:
        return None
    messages.error(
        request,
        f"Copies were sent to {had.number}, and their runs stay. Set its status to cancelled instead.",
    )
    return redirect("wagtailsnippets_circulation_printsubscription:list")


@hooks.register("register_snippet_listing_buttons")
def copies_button(
    snippet: Model,
    user: Reader,
    next_url: str | None = None,  # noqa: ARG001  # the hook's form
) -> Iterator[SnippetListingButton]:
    """Beside a print subscription: what was sent, and what is to change."""
    if isinstance(snippet, PrintSubscription) and user.has_perm(desk.COPIES):
        yield SnippetListingButton(
            "Copies", reverse("copies_of", args=[snippet.pk]), icon_name="mail", priority=20
        )


class _RunsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.RUNS))


@hooks.register("register_admin_menu_item")
def runs_item() -> MenuItem:
    return _RunsItem("Printed copies", reverse("copies_runs"), icon_name="mail", order=222)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("copies/", desk.runs, name="copies_runs"),
        path("copies/runs/<int:key>/", desk.run, name="copies_run"),
        path("copies/runs/<int:key>/freeze/", desk.freeze, name="copies_freeze"),
        path("copies/runs/<int:key>/close/", desk.close, name="copies_close"),
        path("copies/runs/<int:key>/<str:kind>/<int:part>/", desk.make_file, name="copies_make_file"),
        path("copies/files/<int:key>/", desk.fetch_file, name="copies_file"),
        path("copies/files/<int:key>/acknowledged/", desk.acknowledged, name="copies_acknowledged"),
        path("copies/of/<int:key>/", desk.copies_of, name="copies_of"),
        path("copies/houses/", houses.houses, name="copies_houses"),
        path("copies/houses/add/", houses.house, name="copies_add_house"),
        path("copies/houses/<int:key>/", houses.house, name="copies_house"),
        path("copies/houses/<int:key>/changes/", houses.house_changes, name="copies_changes"),
    ]
