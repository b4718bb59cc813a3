"""Every act of the staff stands in the log with who did it. What the view has not written there is written here."""

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from wagtail import hooks
from wagtail.log_actions import LogFormatter, log
from wagtail.models import ModelLogEntry

from backnumber.editorial.scheduled import NOT_PUBLISHED
from backnumber.readers.models import Reader

SENT = "editorial.sent"
SAFE = {"GET", "HEAD", "OPTIONS"}
# Routes, without "admin/": posted to, they answer a question, choose, preview, or say who edits at the same time. What "why" gives
# and takes away it writes into the log itself.
_CHANGES_NOTHING = re.compile(
    "login/|logout/|sprite/|jsi18n/|dismissibles/|editing-sessions/.*|.*preview/.*|.*choose.*|why/|people/|institutions/|tag-autocomplete/.*"
)


def note(request: HttpRequest, route: str, response: HttpResponseBase, began: datetime) -> None:
    """Promise: what a member of the staff has done at this route since `began` has a line of theirs in the log; one query more, of
    posts alone.
    """
    reader = request.user
    if request.method in SAFE or not isinstance(reader, Reader) or reader.pk is None:
        return
    if _CHANGES_NOTHING.fullmatch(route) and not route.endswith("chooser/create/"):
        return
    if not _is_done(response) or ModelLogEntry.objects.filter(user=reader, timestamp__gte=began).exists():
        return
    log(instance=reader, action=SENT, user=reader, data={"what": request.path})


def _is_done(response: HttpResponseBase) -> bool:
    """A form that comes back with a fault was not taken."""
    if response.status_code in {302, 303}:
        return True
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return is_json and isinstance(response, HttpResponse) and b'"success": false' not in response.content


@hooks.register("before_bulk_action")
def several(request: HttpRequest, action: str, things: list[Any], view: Any) -> None:  # noqa: ARG001  # the hook hands it over
    """Wagtail writes no line for what is done to several at once. Before it is done: what is deleted has no number after."""
    is_gone = action == "delete"
    for one in things:
        log(
            instance=one,
            action="wagtail.delete" if is_gone else "wagtail.edit",
            user=request.user,
            data={"what": action},
            deleted=is_gone,
        )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(SENT)
    class Sent(LogFormatter):
        label = "Send a form"

        def format_message(self, log_entry: Any) -> str:
            return f"Sent the form at {log_entry.data.get('what', '')}"

    @actions.register_action(NOT_PUBLISHED)
    class NotPublished(LogFormatter):
        label = "Not published at its time"

        def format_message(self, log_entry: Any) -> str:
            return f"Could not be published at its time: {log_entry.data.get('why', '')}"
