"""The issue's desk in the admin's menu, addresses and lists."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from backnumber.archive.models import Issue
from backnumber.editorial import issue_desk


@hooks.register("register_admin_urls")
def issue_desk_urls() -> list[URLPattern]:
    return [
        path("issue-desk/next/", issue_desk.next_issue, name="next_issue"),
        path("issue-desk/<int:issue>/", issue_desk.issue_desk, name="issue_desk"),
        path("issue-desk/<int:issue>/preview/", issue_desk.issue_preview, name="issue_preview"),
        path("issue-desk/<int:issue>/publish/", issue_desk.issue_together, name="issue_together"),
    ]


@hooks.register("register_snippet_listing_buttons")
def issue_desk_button(snippet: Any, user: Any, _next_url: str | None = None) -> Iterator[Button]:
    """In the list of issues, beside "Edit"."""
    if isinstance(snippet, Issue) and user.has_perm(issue_desk.ARRANGES):
        yield Button("Desk", reverse("issue_desk", args=[snippet.pk]), icon_name="list-ol", priority=5)


class _NextIssueItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(issue_desk.ADDS))


@hooks.register("register_admin_menu_item")
def next_issue_item() -> MenuItem:
    return _NextIssueItem("Next issue", reverse("next_issue"), icon_name="folder-open-1", order=205)
