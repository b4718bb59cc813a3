"""Printed copies in the admin's menu and log."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
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
