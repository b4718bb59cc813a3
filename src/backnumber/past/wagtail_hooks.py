"""The findings of an article in the admin: a button beside it, their pages, and the log's words for what was said."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.widgets import SnippetListingButton

from backnumber.archive.models import Article
from backnumber.past import desk


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    return [
        path("past/<int:article>/", desk.found_in, name="past_article"),
        path("past/<int:article>/again/", desk.read_again, name="past_read_again"),
        path("past/<int:article>/<int:finding>/", desk.finding, name="past_finding"),
    ]


@hooks.register("register_snippet_listing_buttons")
def found_button(snippet: Any, user: Any, _next_url: str | None = None) -> Iterator[SnippetListingButton]:
    if isinstance(snippet, Article) and user.has_perm(desk.EDITS):
        yield SnippetListingButton(
            "Times, people and places",
            reverse("past_article", args=[snippet.pk]),
            icon_name="date",
            priority=40,
        )


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    @actions.register_action(desk.SAID)
    class Said(LogFormatter):
        label = "Say what a finding means"

        def format_message(self, log_entry: Any) -> str:
            return str(log_entry.data.get("what", ""))
