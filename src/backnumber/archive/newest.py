"""An issue and its pieces as their newest drafts say, for an editor who previews the issue or writes into a draft."""

from typing import Any

from django.db.models import Prefetch

from backnumber.archive.blocks import Stream, from_stream, words_in
from backnumber.archive.models import Article, Authorship, Issue

_OF_A_LIST = (
    "headline",
    "slug",
    "standfirst",
    "byline",
    "first_page",
    "last_page",
    "policy",
    "paid_after_weeks",
    "free_after_years",
)
_OF_AN_ISSUE = ("cover_date", "number", "cover_lines", "first_page", "last_page")


def newest_pieces(issue: Issue) -> list[Article]:
    """Promise: every piece that is published or may be with the issue, in running order, with what a list shows of its newest draft; three
    queries. Withdrawn pieces are left out.
    """
    found = (
        Article.objects.filter(issue=issue)
        .exclude(live=False, first_published_at__isnull=False)
        .exclude(live=False, expired=True)
        .select_related("issue__title", "issue__volume", "section", "appearance", "latest_revision")
        .prefetch_related(Prefetch("authorships", Authorship.objects.select_related("contributor")))
        .defer("body")
        .order_by("position", "id")
    )
    pieces = list(found)
    for piece in pieces:
        _overlay(piece, piece.latest_revision, _OF_A_LIST)
    return pieces


def newest_issue(issue: Issue) -> Issue:
    """Promise: the issue as it stands in the database, with the words of its newest draft; one query."""
    found = Issue.objects.select_related("title", "volume", "cover", "latest_revision").get(pk=issue.pk)
    _overlay(found, found.latest_revision, _OF_AN_ISSUE)
    return found


def _overlay(thing: Any, revision: Any, names: tuple[str, ...]) -> None:
    if revision is None:
        return
    for name in names:
        if name in revision.content:
            setattr(thing, name, revision.content[name])


def stream_of(draft: Article) -> Stream:
    """Promise: the body's blocks as they are stored, for what an editor writes into; nothing of it is shown."""
    return [dict(child) for child in draft.body.raw_data]


def keep_body(draft: Article) -> None:
    """Promise: the row of an article that is not published has the body of its draft, and its count of words."""
    words = words_in(from_stream(draft.body.raw_data))
    Article.objects.filter(pk=draft.pk).update(body=draft.body, words=words)
